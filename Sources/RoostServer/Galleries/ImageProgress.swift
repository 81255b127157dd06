import RoostModel
import Synchronization

/// Versions that are worked on, and how many bytes of each copy are there; known to memory only.
final class ImageProgress: Sendable {
    private let state = Mutex<[ImageVersionKey: [ReplicaKey: Int]]>([:])

    /// Takes versions nobody works on, so that no more than a number of them are worked on.
    func claim(_ open: [ImageVersionKey], upTo width: Int) -> [ImageVersionKey] {
        state.withLock { state in
            let free = open.filter { state[$0] == nil }.prefix(max(0, width - state.count))
            for key in free { state[key] = [:] }
            return Array(free)
        }
    }

    func release(_ version: ImageVersionKey) { state.withLock { $0[version] = nil } }

    func begin(_ replica: ReplicaKey, of version: ImageVersionKey) { state.withLock { $0[version]?[replica] = 0 } }

    func add(_ bytes: Int, to replica: ReplicaKey, of version: ImageVersionKey) {
        state.withLock { $0[version]?[replica, default: 0] += bytes }
    }

    func done(_ version: ImageVersionKey) -> [ReplicaKey: Int] { state.withLock { $0[version] ?? [:] } }
}

/// Keeps a transfer at so many bytes a second.
final class TransferPace: Sendable {
    private let rate: Int
    private let start = ContinuousClock.now
    private let sent = Mutex(0)

    /// - Parameter rate: 0 is no limit.
    init(_ rate: Int) { self.rate = rate }

    /// Waits until so many more bytes may have passed.
    func passed(_ bytes: Int) async throws {
        guard rate > 0 else { return }
        let total = sent.withLock { sent in
            sent += bytes
            return sent
        }
        let due = start + .seconds(Double(total) / Double(rate))
        try await Task.sleep(until: due, clock: .continuous)
    }
}
