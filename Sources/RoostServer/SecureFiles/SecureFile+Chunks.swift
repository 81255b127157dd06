import FoundationEssentials
import RoostContent
import RoostModel
import RoostStore

extension SecureFile {
    /// Puts sealed bytes into a store in pieces.
    static func keep(_ sealed: Data, in store: any ChunkStore) async throws -> [ContentChunk] {
        var chunks: [ContentChunk] = []
        var rest = [UInt8](sealed)[...]
        while !rest.isEmpty {
            let piece = Array(rest.prefix(ContentChunk.limit))
            rest = rest.dropFirst(piece.count)
            let chunk = ContentChunk(id: ChunkCodec.id(of: piece), size: piece.count)
            try await store.put(chunk.id, ChunkCodec.encode(piece), in: space)
            chunks.append(chunk)
        }
        return chunks
    }

    /// All that was sealed.
    func sealedBytes(_ store: any ChunkStore) async throws -> Data {
        var sealed = Data()
        for chunk in chunks {
            sealed += try await ContentReader.chunk(chunk.id, in: Self.space, of: "secure file '\(name)'", store)
        }
        return sealed
    }
}
