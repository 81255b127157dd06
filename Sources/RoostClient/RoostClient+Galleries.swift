public import RoostContent
public import RoostModel
public import RoostWire

/// Calls about galleries of images.
extension RoostClient {
    private static func path(_ gallery: String, _ image: String? = nil, _ version: String? = nil) -> String {
        "_apis/galleries/\(escape(gallery))" + (image.map { "/images/\(escape($0))" } ?? "")
            + (version.map { "/versions/\(escape($0))" } ?? "")
    }

    public func imageRegions() async throws(ClientError) -> [ImageRegionWire] {
        try await call(Call(method: "GET", path: "_apis/roost/imageregions"), as: WireList<ImageRegionWire>.self).value
    }

    public func galleries() async throws(ClientError) -> [GalleryWire] {
        try await call(Call(method: "GET", path: "_apis/galleries"), as: WireList<GalleryWire>.self).value
    }

    public func gallery(_ name: String) async throws(ClientError) -> GalleryWire {
        try await call(Call(method: "GET", path: Self.path(name)))
    }

    /// Makes a gallery, or changes the one there is; a change of one that is not there is refused when it must be.
    public func putGallery(
        _ name: String,
        _ draft: GalleryWire,
        mustExist: Bool = false
    ) async throws(ClientError) -> GalleryWire {
        let method = mustExist ? "PATCH" : "PUT"
        return try await call(Call(method: method, path: Self.path(name), body: try Self.body(draft)))
    }

    public func deleteGallery(_ name: String) async throws(ClientError) {
        try await callForNothing(Call(method: "DELETE", path: Self.path(name)))
    }

    // MARK: Definitions

    public func imageDefinitions(gallery: String) async throws(ClientError) -> [ImageDefinitionWire] {
        try await call(
            Call(method: "GET", path: "\(Self.path(gallery))/images"),
            as: WireList<ImageDefinitionWire>.self
        ).value
    }

    public func imageDefinition(_ name: String, gallery: String) async throws(ClientError) -> ImageDefinitionWire {
        try await call(Call(method: "GET", path: Self.path(gallery, name)))
    }

    /// Makes a definition, or changes the one there is.
    public func putImageDefinition(
        _ name: String,
        gallery: String,
        _ draft: ImageDefinitionWire,
        mustExist: Bool = false
    ) async throws(ClientError) -> ImageDefinitionWire {
        let method = mustExist ? "PATCH" : "PUT"
        return try await call(
            Call(method: method, path: Self.path(gallery, name), body: try Self.body(draft))
        )
    }

    public func deleteImageDefinition(_ name: String, gallery: String) async throws(ClientError) {
        try await callForNothing(Call(method: "DELETE", path: Self.path(gallery, name)))
    }

    /// Points a channel at a version.
    public func promoteImage(
        _ version: String,
        to channel: String,
        gallery: String,
        definition: String
    ) async throws(ClientError) -> ImageDefinitionWire {
        try await call(
            Call(
                method: "PUT",
                path: "\(Self.path(gallery, definition))/channels/\(Self.escape(channel))",
                body: try Self.body(ImageChannelWire(version: version))
            )
        )
    }

    /// Takes a channel away; its version stays.
    public func deleteImageChannel(
        _ channel: String,
        gallery: String,
        definition: String
    ) async throws(ClientError) {
        try await callForNothing(
            Call(method: "DELETE", path: "\(Self.path(gallery, definition))/channels/\(Self.escape(channel))")
        )
    }

    // MARK: Versions

    public func imageVersions(gallery: String, definition: String) async throws(ClientError) -> [ImageVersionWire] {
        try await call(
            Call(
                method: "GET",
                path: "\(Self.path(gallery, definition))/versions",
                query: [("$expand", "ReplicationStatus")]
            ),
            as: WireList<ImageVersionWire>.self
        ).value
    }

    /// A version with the state of its copies.
    public func imageVersion(
        _ version: String,
        gallery: String,
        definition: String
    ) async throws(ClientError) -> ImageVersionWire {
        try await call(
            Call(
                method: "GET",
                path: Self.path(gallery, definition, version),
                query: [("$expand", "ReplicationStatus")]
            )
        )
    }

    /// Makes a version, or changes where the one there is is published.
    public func putImageVersion(
        _ version: String,
        gallery: String,
        definition: String,
        _ draft: ImageVersionWire,
        mustExist: Bool = false
    ) async throws(ClientError) -> ImageVersionWire {
        let method = mustExist ? "PATCH" : "PUT"
        return try await call(
            Call(
                method: method,
                path: Self.path(gallery, definition, version),
                body: try Self.body(draft)
            )
        )
    }

    public func deleteImageVersion(
        _ version: String,
        gallery: String,
        definition: String
    ) async throws(ClientError) {
        try await callForNothing(Call(method: "DELETE", path: Self.path(gallery, definition, version)))
    }

    /// Revokes a version; without a reason takes that back.
    public func revokeImage(
        _ version: String,
        gallery: String,
        definition: String,
        reason: String?
    ) async throws(ClientError) -> ImageVersionWire {
        let path = "\(Self.path(gallery, definition, version))/revocation"
        guard let reason else { return try await call(Call(method: "DELETE", path: path)) }
        return try await call(Call(method: "PUT", path: path, body: try Self.body(ImageReasonWire(reason: reason))))
    }

    /// The version that a selector stands for in a region.
    public func resolveImage(
        _ selector: String,
        gallery: String,
        definition: String,
        region: String? = nil,
        excluding: [String] = []
    ) async throws(ClientError) -> ImageResolutionWire {
        try await call(
            Call(
                method: "GET",
                path: "\(Self.path(gallery, definition))/resolve",
                query: [
                    ("version", selector), ("region", region),
                    ("exclude", excluding.isEmpty ? nil : excluding.joined(separator: ",")),
                ]
            )
        )
    }

    /// Deletes old versions, or only says which it would delete.
    public func retainImages(
        gallery: String,
        definition: String,
        keep: Int,
        isTrial: Bool
    ) async throws(ClientError) -> [ImageRetentionWire] {
        try await call(
            Call(
                method: "POST",
                path: "\(Self.path(gallery, definition))/retention",
                query: [("keep", "\(keep)"), ("dryRun", isTrial ? "true" : nil)]
            ),
            as: WireList<ImageRetentionWire>.self
        ).value
    }

    // MARK: What is in them

    /// The packages and capabilities of a version.
    public func imageInventory(
        _ version: String,
        gallery: String,
        definition: String
    ) async throws(ClientError) -> ImageInventory {
        try await call(Call(method: "GET", path: "\(Self.path(gallery, definition, version))/inventory"))
    }

    /// Jobs that ran on versions of images.
    public func imageUses(
        image: String? = nil,
        package: String? = nil,
        below: String? = nil,
        days: Int = 30
    ) async throws(ClientError) -> ImageUsesWire {
        try await call(
            Call(
                method: "GET",
                path: "_apis/roost/imageuses",
                query: [("image", image), ("package", package), ("below", below), ("days", "\(days)")]
            )
        )
    }

    // MARK: Content

    fileprivate func missingImageChunks(
        _ chunks: [ChunkID],
        gallery: String,
        region: String?
    ) async throws(ClientError) -> [ChunkID] {
        guard !chunks.isEmpty else { return [] }
        return try await call(
            Call(
                method: "POST",
                path: "\(Self.path(gallery))/content/missing",
                query: [("region", region)],
                body: try Self.body(ChunkListWire(chunks))
            ),
            as: ChunkListWire.self
        ).chunks
    }

    fileprivate func putImageChunk(
        _ chunk: ChunkID,
        _ stored: [UInt8],
        gallery: String,
        region: String?
    ) async throws(ClientError) {
        try await callForNothing(
            Call(
                method: "PUT",
                path: "\(Self.path(gallery))/content/\(chunk)",
                query: [("region", region)],
                body: .init(stored),
                contentType: "application/octet-stream"
            )
        )
    }

    fileprivate func imageChunk(
        _ chunk: ChunkID,
        _ version: ImageChunkSource,
        isSuspect: Bool
    ) async throws(ClientError) -> [UInt8] {
        let path = Self.path(version.gallery, version.definition, version.version)
        let call = Call(
            method: "GET",
            path: "\(path)/content/\(chunk)",
            query: [("region", version.region), ("suspect", isSuspect ? "true" : nil)],
            accept: "application/octet-stream"
        )
        return Array(try await send(call).body)
    }
}

/// A gallery as the far side of an upload.
public struct GalleryChunkSink: ChunkSink {
    private let client: RoostClient
    private let gallery: String
    private let region: String?

    /// - Parameters:
    ///   - client: of the server.
    ///   - gallery: its name.
    ///   - region: where the content arrives; nil is the gallery's own.
    public init(client: RoostClient, gallery: String, region: String?) {
        self.client = client
        self.gallery = gallery
        self.region = region
    }

    public func missing(_ chunks: [ChunkID]) async throws -> Set<ChunkID> {
        Set(try await client.missingImageChunks(chunks, gallery: gallery, region: region))
    }

    public func send(_ chunk: ChunkID, _ stored: [UInt8]) async throws {
        try await client.putImageChunk(chunk, stored, gallery: gallery, region: region)
    }
}

/// A version as the far side of a download.
public struct ImageChunkSource: ChunkSource {
    let client: RoostClient
    let gallery: String
    let definition: String
    let version: String
    let region: String?

    /// - Parameters:
    ///   - client: of the server.
    ///   - gallery: its name.
    ///   - definition: its name.
    ///   - version: its number.
    ///   - region: where to look first; nil is the version's own.
    public init(client: RoostClient, gallery: String, definition: String, version: String, region: String?) {
        self.client = client
        self.gallery = gallery
        self.definition = definition
        self.version = version
        self.region = region
    }

    public func fetch(_ chunk: ChunkID, isSuspect: Bool) async throws -> [UInt8] {
        do throws(ClientError) { return try await client.imageChunk(chunk, self, isSuspect: isSuspect) } catch {
            switch error.code {
            case "content.damaged": throw ChunkFault.damaged(chunk, reason: "the server's copy has another SHA-256")
            case "content.missing": throw ChunkFault.missing(chunk)
            default: throw error
            }
        }
    }
}
