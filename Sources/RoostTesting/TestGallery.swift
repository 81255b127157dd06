import Foundation
public import RoostClient
import RoostContent
public import RoostModel
import RoostWire

/// A gallery of a test's server with one image, of which versions are published.
public struct TestGallery: Sendable {
    private let client: RoostClient
    private let folder: String

    /// As pools name it.
    public let image = ElasticImage(name: "main", gallery: "agents", definition: "debian")

    /// Makes the gallery and the image; there is no version yet.
    ///
    /// - Throws: what the server answers.
    public init(_ cluster: TestCluster) async throws {
        try await self.init(cluster.client, folder: "\(cluster.folder.path)/published")
    }

    /// The same with a client of one's own.
    ///
    /// - Parameters:
    ///   - client: of an administrator.
    ///   - folder: where files are kept before they are published.
    /// - Throws: what the server answers.
    public init(_ client: RoostClient, folder: String) async throws {
        (self.client, self.folder) = (client, folder)
        _ = try await client.putGallery(image.gallery, GalleryWire())
        var properties = ImageDefinitionWire.Properties()
        properties.identifier = .init(publisher: "contoso", offer: "agents", sku: "debian")
        properties.osType = "Linux"
        properties.osState = "Generalized"
        let draft = ImageDefinitionWire(properties: properties)
        _ = try await client.putImageDefinition(image.definition, gallery: image.gallery, draft)
    }

    /// Sends a version; its copies are verified after this returns.
    ///
    /// - Parameters:
    ///   - version: its number.
    ///   - fill: writes its files into an empty folder.
    /// - Throws: what it throws, or what the server answers.
    public func publish(_ version: String, _ fill: (_ folder: String) throws -> Void) async throws {
        let place = "\(folder)/\(version)"
        try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
        try fill(place)
        var scan = FolderScan()
        try scan.add(place)
        let sent = try await ContentUpload(
            to: GalleryChunkSink(client: client, gallery: image.gallery, region: nil)
        ).run(scan)
        var draft = ImageVersionWire()
        draft.properties?.storageProfile = .init(
            content: ContentWire(manifest: sent.manifest, files: sent.files, size: sent.size)
        )
        _ = try await client.putImageVersion(version, gallery: image.gallery, definition: image.definition, draft)
    }

    /// Sends a version of one small file, for machines that only look at its name.
    ///
    /// - Throws: what the server answers.
    public func publish(_ version: String) async throws {
        try await publish(version) { folder in
            try Data("version \(version)\n".utf8).write(to: URL(filePath: "\(folder)/image"))
        }
    }
}
