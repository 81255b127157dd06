import Synchronization

/// Lets one call about a machine be under way at a time.
final class VMTurns: Sendable {
    private let waiting = Mutex<[String: [CheckedContinuation<Void, Never>]]>([:])

    /// Whether a call is under way.
    func isBusy(_ key: String) -> Bool { waiting.withLock { $0[key] != nil } }

    /// Waits for the turn, does the work, and gives the turn to the next.
    func take<Value, Failure>(
        _ key: String,
        _ body: () async throws(Failure) -> Value
    ) async throws(Failure) -> Value {
        await withCheckedContinuation { continuation in
            let isFree = waiting.withLock { waiting in
                guard waiting[key] != nil else {
                    waiting[key] = []
                    return true
                }
                waiting[key]?.append(continuation)
                return false
            }
            if isFree { continuation.resume() }
        }
        defer { next(key)?.resume() }
        return try await body()
    }

    private func next(_ key: String) -> CheckedContinuation<Void, Never>? {
        waiting.withLock { waiting in
            guard var line = waiting[key], !line.isEmpty else {
                waiting[key] = nil
                return nil
            }
            let first = line.removeFirst()
            waiting[key] = line
            return first
        }
    }
}
