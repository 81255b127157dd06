import Synchronization

/// A promise that submitted changes are durable.
public final class Commit: Sendable {
    private enum State: Sendable {
        case pending([CheckedContinuation<Void, any Error>])
        case done(StoreError?)
    }
    private let state = Mutex(State.pending([]))

    public init() {}

    /// A commit of nothing.
    public static func nothing() -> Commit {
        let commit = Commit()
        commit.finish(nil)
        return commit
    }

    /// Returns once the changes would survive a power cut.
    ///
    /// - Throws: why they could not be written; then none of them was.
    public func durable() async throws(StoreError) {
        do {
            try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
                let outcome: StoreError?? = state.withLock { state in
                    switch state {
                    case .pending(let waiting):
                        state = .pending(waiting + [continuation])
                        return .none
                    case .done(let error):
                        return .some(error)
                    }
                }
                guard let outcome else { return }
                Self.resume(continuation, outcome)
            }
        } catch let error as StoreError {
            throw error
        } catch {
            throw .failed(path: "", reason: String(describing: error))
        }
    }

    /// Called once by the store.
    public func finish(_ error: StoreError?) {
        let waiting: [CheckedContinuation<Void, any Error>] = state.withLock { state in
            guard case .pending(let waiting) = state else { return [] }
            state = .done(error)
            return waiting
        }
        for continuation in waiting { Self.resume(continuation, error) }
    }

    private static func resume(_ continuation: CheckedContinuation<Void, any Error>, _ error: StoreError?) {
        if let error { continuation.resume(throwing: error) } else { continuation.resume() }
    }
}
