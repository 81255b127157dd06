import Synchronization

/// The moment a server begins to listen, for those who wait for it.
final class Startup: Sendable {
    private enum State: Sendable {
        case pending([CheckedContinuation<Void, any Error>])
        case listening
        case failed(any Error)
    }
    private let state = Mutex(State.pending([]))

    func wait() async throws {
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
            let outcome: Result<Void, any Error>? = state.withLock { state in
                switch state {
                case .pending(let waiting):
                    state = .pending(waiting + [continuation])
                    return nil
                case .listening: return .success(())
                case .failed(let error): return .failure(error)
                }
            }
            if let outcome { continuation.resume(with: outcome) }
        }
    }

    func succeed() { finish(.listening, with: .success(())) }
    /// Has no effect on a server that listens already.
    func fail(_ error: any Error) { finish(.failed(error), with: .failure(error)) }

    private func finish(_ new: State, with outcome: Result<Void, any Error>) {
        let waiting: [CheckedContinuation<Void, any Error>] = state.withLock { state in
            guard case .pending(let waiting) = state else { return [] }
            state = new
            return waiting
        }
        for continuation in waiting { continuation.resume(with: outcome) }
    }
}
