public import RoostModel

/// The chunks of a manifest's text.
public enum ManifestPages {
    public struct Page: Sendable {
        public var chunk: ContentChunk
        public var stored: [UInt8]
    }

    /// In order, in their stored form.
    public static func split(_ manifest: ContentManifest) -> [Page] {
        var chunker = Chunker()
        return (manifest.text.withUnsafeBytes { chunker.add($0) } + chunker.end()).map { bytes in
            Page(
                chunk: ContentChunk(id: ChunkCodec.id(of: bytes), size: bytes.count),
                stored: ChunkCodec.encode(bytes)
            )
        }
    }
}
