import RoostContent
import RoostModel
import Synchronization

/// Chunks in memory, which count what travels and can be told to misbehave.
final class ChunkShelf: ChunkSink, ChunkSource {
    struct Gone: Error {}

    private struct State {
        var chunks: [ChunkID: [UInt8]] = [:]
        var sent = 0
        var fetched: [ChunkID] = []
        var fetchesUntilCut = Int.max
        var sendsUntilCut = Int.max
    }

    private let state = Mutex(State())

    var chunks: [ChunkID: [UInt8]] { state.withLock { $0.chunks } }
    var sent: Int { state.withLock { $0.sent } }
    var fetched: [ChunkID] { state.withLock { $0.fetched } }

    func cut(afterFetches fetches: Int = .max, afterSends sends: Int = .max) {
        state.withLock { ($0.fetchesUntilCut, $0.sendsUntilCut) = (fetches, sends) }
    }

    func forgetCounts() { state.withLock { ($0.sent, $0.fetched) = (0, []) } }

    func replace(_ chunk: ChunkID, by stored: [UInt8]) { state.withLock { $0.chunks[chunk] = stored } }

    func missing(_ chunks: [ChunkID]) async throws -> Set<ChunkID> {
        state.withLock { state in Set(chunks.filter { state.chunks[$0] == nil }) }
    }

    func send(_ chunk: ChunkID, _ stored: [UInt8]) async throws {
        try state.withLock { state in
            guard state.sendsUntilCut > 0 else { throw Gone() }
            state.sendsUntilCut -= 1
            state.chunks[chunk] = stored
            state.sent += 1
        }
    }

    func fetch(_ chunk: ChunkID, isSuspect: Bool) async throws -> [UInt8] {
        try state.withLock { state in
            guard state.fetchesUntilCut > 0 else { throw Gone() }
            state.fetchesUntilCut -= 1
            state.fetched.append(chunk)
            guard let stored = state.chunks[chunk] else { throw ChunkFault.missing(chunk) }
            return stored
        }
    }
}
