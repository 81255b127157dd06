import FoundationEssentials
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import RoostContent
import RoostModel
import RoostStore
import RoostWire

/// Artifacts in the shapes of Azure DevOps: lists, archives, single files, file containers.
func addArtifactRoutes(to table: RouteTable) {
    let artifacts = "build/builds/{buildId}/artifacts"
    let read = RouteAccess.scope(.build).or(.job(.ownRun))

    table.get(artifacts, .service(.optional), access: read) { call in
        let run = try await call.run().run
        guard let name = call.query["artifactName"] else {
            return try call.list(await call.plane.artifacts(of: run.id).map { call.view($0, run) })
        }
        let artifact = try await call.plane.artifact(name, of: run)
        switch call.artifactFormat {
        case .description: return try call.answer(call.view(artifact, run))
        case .archive: return try await call.answers.archive(artifact, run, subPath: call.query["subPath"])
        case .file:
            let path = call.query["subPath"] ?? call.query["fileName"] ?? call.query["fileId"] ?? ""
            return try await call.answers.file(path, artifact, run)
        }
    }
    // What `##vso[artifact.associate]` of Microsoft's agent sends.
    table.post(artifacts, .service(.optional), access: .scope(.buildExecute).or(.job(.ownRun))) { call in
        let run = try await call.run().run
        let draft = try await call.decode(BuildArtifactWire.self)
        let artifact = try await call.plane.associateArtifact(
            run: run,
            name: draft.name ?? "",
            type: draft.resource?.type ?? "filepath",
            data: draft.resource?.data ?? "",
            properties: draft.resource?.properties ?? [:],
            by: call.caller
        )
        return try call.answer(call.view(artifact, run))
    }
    table.get("pipelines/{pipelineId}/runs/{runId}/artifacts", .service(.required), access: .scope(.build)) { call in
        let run = try await call.run("runId").run
        guard let name = call.query["artifactName"] else {
            throw ControlError.invalid(what: "The request", problem: "it has no 'artifactName'", advice: nil)
        }
        let artifact = try await call.plane.artifact(name, of: run)
        let view = call.view(artifact, run)
        let content = PipelineArtifactWire.SignedContent(url: view.resource?.downloadUrl)
        return try call.answer(
            PipelineArtifactWire(
                name: artifact.name,
                url: view.resource?.url,
                signedContent: call.query["$expand"] == nil ? nil : content
            )
        )
    }
    // The container of a run has the run's number; the first part of a path is the artifact.
    for path in ["resources/containers/{buildId}", "resources/containers/{buildId}/**"] {
        table.get(path, access: read) { call in try await call.container() }
    }
}

/// What is asked of an artifact.
private enum ArtifactFormat {
    case description, archive, file
}

extension Call {
    fileprivate var answers: ArtifactAnswers { ArtifactAnswers(plane: plane) }

    fileprivate var artifactFormat: ArtifactFormat {
        let asked = (query["$format"] ?? query["format"])?.lowercased()
        if query["fileId"] != nil || asked == "file" { return .file }
        return asked == "zip" || negotiation.prefers("application/zip") ? .archive : .description
    }

    func view(_ artifact: Artifact, _ run: Run) -> BuildArtifactWire {
        let address =
            "\(buildAddress(run.id, run.project))/artifacts?artifactName=\(PercentCoding.encode(artifact.name))"
        let data =
            switch artifact.kind {
            case .pipeline: artifact.content?.manifest.first?.id.description
            case .container: "#/\(run.id)/\(artifact.name)"
            case .place(_, let data): data
            }
        var properties = artifact.properties
        if let content = artifact.content { properties["artifactsize"] = String(content.size) }
        return BuildArtifactWire(
            id: artifact.id.rawValue,
            name: artifact.name,
            source: artifact.source?.uuidString.lowercased(),
            resource: BuildArtifactWire.Resource(
                type: artifact.kind.name,
                data: data,
                properties: properties,
                url: "\(address)&api-version=7.1",
                downloadUrl: artifact.content == nil ? data : "\(address)&api-version=7.1&%24format=zip"
            )
        )
    }

    // MARK: File containers

    /// Lists what is below a path of a run's container, or gives a file of it.
    fileprivate func container() async throws -> Response {
        let run = try await self.run().run
        let rest = context.parameters.getCatchAll().map { PercentCoding.decode($0) }.joined(separator: "/")
        let path = (query["itemPath"] ?? rest).split(separator: "/").map(String.init)
        let inner = path.dropFirst().joined(separator: "/")
        let all = try await plane.artifacts(of: run.id).filter { $0.content != nil }
        let chosen = all.filter { path.isEmpty || $0.name.lowercased() == path[0].lowercased() }
        let wantsBytes =
            negotiation.prefers("application/octet-stream") || query["$format"]?.lowercased() == "octetstream"
        if wantsBytes || query["$format"]?.lowercased() == "zip" || negotiation.prefers("application/zip") {
            guard let artifact = chosen.first, !path.isEmpty else {
                throw ContentError.artifactNotFound(name: path.first ?? "", run: run.number, known: all.map(\.name))
            }
            return wantsBytes
                ? try await answers.file(inner, artifact, run)
                : try await answers.archive(artifact, run, subPath: inner)
        }
        var items: [FileContainerItemWire] = []
        for artifact in chosen {
            let entries = try await plane.files(of: artifact, run: run).filter { entry in
                inner.isEmpty || entry.path == inner || entry.path.hasPrefix("\(inner)/")
            }
            if inner.isEmpty { items.append(item(artifact.name, nil, run)) }
            items += entries.map { item("\(artifact.name)/\($0.path)", $0, run) }
        }
        return try list(items)
    }

    private func item(_ path: String, _ entry: ContentManifest.Entry?, _ run: Run) -> FileContainerItemWire {
        let address = "\(services.address)_apis/resources/Containers/\(run.id)?itemPath=\(PercentCoding.encode(path))"
        let isFile = entry?.isFile ?? false
        return FileContainerItemWire(
            containerId: run.id.rawValue,
            path: path,
            itemType: isFile ? "file" : "folder",
            status: "created",
            fileLength: isFile ? entry?.size : nil,
            dateLastModified: entry.map { Date(timeIntervalSince1970: Double($0.modified) * 1e-9) },
            contentLocation: isFile ? "\(address)&%24format=OctetStream" : nil,
            itemLocation: address
        )
    }
}
