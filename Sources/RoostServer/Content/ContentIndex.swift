import RoostModel
import Synchronization

/// The names of the chunks of contents that were asked for lately, so that each question need not read a list of files.
final class ContentIndex: Sendable {
    private struct State {
        var sets: [[ContentChunk]: Set<ChunkID>] = [:]
        var order: [[ContentChunk]] = []
    }

    private let state = Mutex(State())
    private let limit = 32

    /// The chunks of a content, those of its list of files among them.
    func chunks(
        of content: ContentReference,
        _ read: () async throws -> ContentManifest
    ) async throws -> Set<ChunkID> {
        if let known = state.withLock({ $0.sets[content.manifest] }) { return known }
        let manifest = try await read()
        let chunks = Set(manifest.chunks.map(\.id) + content.manifest.map(\.id))
        state.withLock { state in
            if state.sets.updateValue(chunks, forKey: content.manifest) == nil { state.order.append(content.manifest) }
            if state.order.count > limit { state.sets[state.order.removeFirst()] = nil }
        }
        return chunks
    }
}
