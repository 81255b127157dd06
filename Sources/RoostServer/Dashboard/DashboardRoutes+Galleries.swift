import Foundation
import Hummingbird
import RoostModel

/// Galleries, what is in their versions, and what ran on them.
extension DashboardRoutes {
    func addGalleryPages<Context: RequestContext>(to router: some RouterMethods<Context>) {
        page(router, "/galleries") { request, _ in try galleriesPage(request) }
        page(router, "/galleries/:gallery/:image") { request, parameters in
            try imagePage(request, definition(request, parameters))
        }
        page(router, "/galleries/:gallery/:image/:version") { request, parameters in
            let definition = try definition(request, parameters)
            let version = try plane.imageVersion(try parameters.require("version"), of: definition)
            return try await versionPage(request, definition, version)
        }
    }

    private struct DefinitionRow {
        var gallery: String
        var name: String
        var path: String
        var description: String
        var location: String
        var identifier: String
        var versions: Int
        var latest: String?
        var channels: String
    }

    private struct RegionRow {
        var name: String
        var state: String
        var text: String
    }

    private struct VersionRow {
        var number: String
        var path: String
        var isLatest: Bool
        var state: String
        var stateText: String
        var notes: String
        var regions: [RegionRow]
        var published: String
        var age: String
        var source: String
    }

    private struct Pair {
        var name: String
        var value: String
    }

    private struct UseRow {
        var run: Int
        var title: String
        var agent: String
        var time: String
        var age: String
    }

    private func definition(_ request: DashboardRequest, _ parameters: Parameters) throws -> ImageDefinition {
        let gallery = try parameters.require("gallery")
        guard sees(.organization, request) else { throw ControlError.gallery(.notFound(.gallery, gallery, near: nil)) }
        return try plane.imageDefinition(try parameters.require("image"), in: gallery)
    }

    /// Names hold nothing that has a meaning in an address.
    private static func path(_ parts: String...) -> String { "/galleries/" + parts.joined(separator: "/") }

    // MARK: All

    private func galleriesPage(_ request: DashboardRequest) throws -> Page {
        let t = request.phrases
        var rows: [DefinitionRow] = []
        for gallery in sees(.organization, request) ? plane.galleries() : [] {
            for definition in try plane.imageDefinitions(in: gallery.name) {
                rows.append(
                    DefinitionRow(
                        gallery: gallery.name,
                        name: definition.name,
                        path: Self.path(gallery.name, definition.name),
                        description: definition.settings.description ?? "",
                        location: definition.location,
                        identifier: definition.identifierText,
                        versions: plane.imageVersions(of: definition).count,
                        latest: latest(of: definition)?.description,
                        channels: definition.channels.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
                            .joined(separator: ", ")
                    )
                )
            }
        }
        let content = render("galleries", ["t": t.table, "definitions": rows] as [String: Any])
        return Page(title: t["galleries"], section: "galleries", content: content, stream: "/changes")
    }

    private func latest(of definition: ImageDefinition) -> ImageVersionNumber? {
        let query = ImageQuery(.latest, region: definition.location)
        return (try? plane.resolve(query, of: definition))?.version.number
    }

    // MARK: One definition

    private func imagePage(_ request: DashboardRequest, _ definition: ImageDefinition) throws -> Page {
        let t = request.phrases
        let latest = latest(of: definition)
        let rows = plane.imageVersions(of: definition).reversed().map { version in
            row(version, of: definition, isLatest: version.number == latest, t)
        }
        let values: [String: Any] = [
            "t": t.table, "name": definition.name, "gallery": definition.gallery,
            "description": definition.settings.description ?? "", "identifier": definition.identifierText,
            "location": definition.location,
            "channels": definition.channels.sorted { $0.key < $1.key }.map {
                Pair(name: $0.key, value: $0.value.description)
            },
            "versions": rows,
        ]
        return Page(
            title: definition.name,
            section: "galleries",
            content: render("image", values),
            stream: "/changes"
        )
    }

    private func row(
        _ version: ImageVersion,
        of definition: ImageDefinition,
        isLatest: Bool,
        _ t: Phrases
    ) -> VersionRow {
        VersionRow(
            number: version.number.description,
            path: Self.path(definition.gallery, definition.name, version.number.description),
            isLatest: isLatest,
            state: version.lamp,
            stateText: t["version.\(version.state.name)"],
            notes: notes(version, t),
            regions: regions(version, t),
            published: version.publishedAt?.ISO8601Format() ?? "",
            age: version.publishedAt.map { t.age($0, now: Date()) } ?? "",
            source: version.provenance.source ?? version.copiedFrom?.description ?? ""
        )
    }

    private func regions(_ version: ImageVersion, _ t: Phrases) -> [RegionRow] {
        replicationSummary(of: version, done: plane.imageProgress.done(version.key)).map { region in
            RegionRow(
                name: region.region,
                state: region.state == .completed ? "succeeded" : region.state == .failed ? "failed" : "running",
                text: region.state == .completed ? region.details : "\(region.progress) % \(region.details)"
            )
        }
    }

    private func notes(_ version: ImageVersion, _ t: Phrases) -> String {
        var notes: [String] = []
        if let revoked = plane.revocation(reaching: version.key) {
            notes.append("\(t["image.revoked"]): \(revoked.reason)")
        }
        if case .failed(let reason) = version.state { notes.append(reason) }
        if version.publishing.isExcludedFromLatest { notes.append(t["image.excluded"]) }
        if let end = version.publishing.endOfLife {
            notes.append("\(t["image.endOfLife"]) \(end.formatted(.iso8601.year().month().day()))")
        }
        return notes.joined(separator: " · ")
    }

    // MARK: One version

    private func versionPage(
        _ request: DashboardRequest,
        _ definition: ImageDefinition,
        _ version: ImageVersion
    ) async throws -> Page {
        let t = request.phrases
        let id = "/galleries/\(definition.gallery)/images/\(definition.name)/versions/\(version.number)"
        // What a version has that cannot be read now must not take the page with it.
        let inventory = version.isPublished ? (try? await plane.imageInventory(of: version)) ?? nil : nil
        let found = try await plane.imageUses(of: id, package: nil, since: Date() - 30 * 86_400, limit: 50)
        var uses: [UseRow] = []
        for use in found.uses.map(\.use) {
            let run = try? await plane.run(use.run).run
            uses.append(
                UseRow(
                    run: use.run.rawValue,
                    title: run.map { "\($0.pipelineName) \($0.number)" } ?? "\(use.run)",
                    agent: use.agent,
                    time: use.at.ISO8601Format(),
                    age: t.age(use.at, now: Date())
                )
            )
        }
        let parent = version.provenance.parent
        let values: [String: Any] = [
            "t": t.table, "id": id, "number": version.number.description, "name": definition.name,
            "definitionPath": Self.path(definition.gallery, definition.name), "state": version.lamp,
            "stateText": t["version.\(version.state.name)"], "notes": notes(version, t), "regions": regions(version, t),
            "facts": facts(version, t),
            "base": parent == nil ? version.provenance.source ?? version.copiedFrom?.description ?? "" : "",
            "bases": [parent].compactMap(\.self).map {
                Pair(
                    name: version.provenance.source ?? "",
                    value: Self.path($0.definition.gallery, $0.definition.definition, $0.number.description)
                )
            },
            "layers": (version.provenance.layers ?? []).map { Pair(name: $0.title, value: String($0.key.prefix(12))) },
            "capabilities": version.capabilities.sorted { $0.key < $1.key }.map { Pair(name: $0.key, value: $0.value) },
            "packages": inventory?.packages ?? [], "packageCount": inventory?.packages.count ?? 0, "uses": uses,
        ]
        return Page(
            title: "\(definition.name) \(version.number)",
            section: "galleries",
            content: render("imageversion", values),
            stream: "/changes"
        )
    }

    private func facts(_ version: ImageVersion, _ t: Phrases) -> [Pair] {
        let provenance = version.provenance
        let facts: [(String, String?)] = [
            ("SHA-256", version.contentHash), (t["image.template"], provenance.templateHash),
            (t["image.commit"], provenance.templateCommit), (t["image.builder"], provenance.builder),
            (t["image.published"], version.publishedAt?.ISO8601Format()), (t["by"], version.createdBy),
        ]
        let artifact = provenance.artifact.map { artifact in
            [(t["image.artifact"], artifact.id.isEmpty ? artifact.builderId : artifact.id)]
                + artifact.values.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
        }
        return (facts + (artifact ?? [])).compactMap { name, value in value.map { Pair(name: name, value: $0) } }
    }
}

extension ImageVersion {
    /// The class of its state in pages.
    fileprivate var lamp: String {
        switch state {
        case .creating, .updating: "running"
        case .succeeded: "succeeded"
        case .failed: "failed"
        }
    }
}

extension ImageDefinition {
    fileprivate var identifierText: String { "\(identifier.publisher) / \(identifier.offer) / \(identifier.sku)" }
}
