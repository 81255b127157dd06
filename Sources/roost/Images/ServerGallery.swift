import Foundation
import RoostClient
import RoostContent
import RoostImages
import RoostLanguage
import RoostModel
import RoostTemplate
import RoostWire

/// The galleries of a server, for builds.
struct ServerGallery: ImageGallery {
    let server: Connection

    func find(_ version: GalleryImageVersion) async throws -> GalleryImage {
        let found = try await server.client.resolveImage(
            version.version,
            gallery: version.image.gallery,
            definition: version.image.image
        )
        guard let image = Self.image(found.version, of: version.image) else {
            throw CommandFailure.incompleteAnswer(what: "version with its hash")
        }
        return image
    }

    func fetch(_ image: GalleryImage, into folder: String) async throws {
        let key = (gallery: image.gallery, definition: image.definition, version: image.version)
        _ = try await server.fetchImage(key, into: folder, journal: "\(folder)/.roost-download")
    }

    func number(for publication: GalleryPublication, source: GalleryImage?) async throws -> String {
        let (gallery, definition) = (publication.image.gallery, publication.image.image)
        _ = try await server.client.imageDefinition(definition, gallery: gallery)
        try await check(publication.regions)
        let versions = try await server.client.imageVersions(gallery: gallery, definition: definition)
        let numbers = versions.compactMap { $0.name.flatMap { ImageVersionNumber($0) } }
        let number: ImageVersionNumber?
        switch publication.version {
        case .exact(let text):
            number = ImageVersionNumber(text)
            if let number, numbers.contains(number) {
                throw GalleryFailure.numberTaken(id: Self.id(publication, "\(number)"))
            }
        case .next(let major):
            number = GalleryVersioning.next(major: major.map { UInt32(clamping: $0) }).number(after: numbers)
        case .generated: number = GalleryVersioning.next(major: nil).number(after: numbers)
        case .ofSource:
            guard let own = source.flatMap({ ImageVersionNumber($0.version) }) else {
                throw GalleryFailure.noSourceVersion(definition: definition)
            }
            number = GalleryVersioning.source(own).number(after: numbers)
        }
        guard let number else {
            throw GalleryFailure.notPublished(id: Self.id(publication, "?"), reason: "no number is left for it")
        }
        return number.description
    }

    private func check(_ regions: [GalleryRegion]) async throws {
        guard !regions.isEmpty else { return }
        let known = try await server.client.imageRegions().map(\.name)
        for region in regions where !known.contains(where: { $0.lowercased() == region.name.lowercased() }) {
            throw CommandFailure.notFound(
                kind: "region",
                name: region.name,
                near: nearName(region.name, among: known),
                list: "roost gallery regions"
            )
        }
    }

    func publish(
        _ files: FolderScan,
        as publication: GalleryPublication,
        number: String,
        _ facts: GalleryFacts,
        say: @escaping @Sendable (BuildMessage) -> Void
    ) async throws -> GalleryImage {
        let (gallery, definition) = (publication.image.gallery, publication.image.image)
        var draft = ImageVersionWire(tags: facts.tags.isEmpty ? nil : facts.tags)
        draft.location = try await home(publication)
        draft.properties = properties(publication, facts)
        draft.properties?.storageProfile = .init(content: try await upload(files, publication, draft.location, number))
        try await put(draft, publication, number)
        let made = try await server.published(gallery: gallery, definition: definition, version: number) { text in
            say(.detail(text))
        }
        guard !made.isFailed, let image = Self.image(made, of: publication.image) else {
            throw GalleryFailure.notPublished(
                id: Self.id(publication, number),
                reason: made.properties?.provisioningError ?? "the server did not say why"
            )
        }
        return image
    }

    private func put(_ draft: ImageVersionWire, _ publication: GalleryPublication, _ number: String) async throws {
        let (gallery, definition) = (publication.image.gallery, publication.image.image)
        do {
            _ = try await server.client.putImageVersion(number, gallery: gallery, definition: definition, draft)
        } catch {
            throw error.code == Self.taken ? GalleryFailure.numberTaken(id: Self.id(publication, number)) : error
        }
    }

    /// What the server says when a number came to have another content since it was asked for.
    private static let taken = "image-version.exists"

    /// The gallery's own region when it is wanted, else the first that is.
    private func home(_ publication: GalleryPublication) async throws -> String? {
        let own = try await server.client.gallery(publication.image.gallery).location
        let wanted = publication.regions.map(\.name)
        guard let first = wanted.first else { return nil }
        return wanted.contains { $0.lowercased() == own?.lowercased() } ? own : first
    }

    private func upload(
        _ files: FolderScan,
        _ publication: GalleryPublication,
        _ region: String?,
        _ number: String
    ) async throws -> ContentWire {
        let bar = ProgressLine("\(publication.image.image) \(number)")
        defer { bar.end() }
        let sink = GalleryChunkSink(client: server.client, gallery: publication.image.gallery, region: region)
        let sent = try await ContentUpload(to: sink, told: bar.show).run(files)
        return ContentWire(manifest: sent.manifest, files: sent.files, size: sent.size)
    }

    private func properties(_ publication: GalleryPublication, _ facts: GalleryFacts) -> ImageVersionWire.Properties {
        var publishing = ImageVersionWire.Publishing()
        if !publication.regions.isEmpty {
            publishing.targetRegions = publication.regions.map {
                .init(name: $0.name, regionalReplicaCount: $0.replicas, storageAccountType: $0.storageAccountType)
            }
        }
        publishing.excludeFromLatest = publication.isExcludedFromLatest
        publishing.endOfLifeDate = publication.endOfLife.flatMap { try? Date($0, strategy: .iso8601) }
        var properties = ImageVersionWire.Properties()
        properties.publishingProfile = publishing
        properties.capabilities = facts.capabilities
        properties.provenance = ImageProvenance(
            templateHash: facts.origin.hash,
            source: facts.source,
            builder: facts.origin.builder,
            run: facts.origin.run,
            templateCommit: facts.origin.commit,
            layers: facts.layers.map { ImageLayer(title: $0.title, key: $0.key) },
            artifact: facts.artifact
        )
        return properties
    }

    private static func id(_ publication: GalleryPublication, _ number: String) -> String {
        "/galleries/\(publication.image.gallery)/images/\(publication.image.image)/versions/\(number)"
    }

    private static func image(_ version: ImageVersionWire, of name: GalleryImageName) -> GalleryImage? {
        guard let number = version.name, let hash = version.properties?.contentHash else { return nil }
        return GalleryImage(gallery: name.gallery, definition: name.image, version: number, contentHash: hash)
    }
}
