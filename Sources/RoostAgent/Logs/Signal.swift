import Synchronization

/// Wakes one waiting task; a signal that comes while nobody waits is kept.
final class Signal: Sendable {
    private enum State {
        case quiet
        case signaled
        case waiting(CheckedContinuation<Void, Never>)
    }

    private let state = Mutex(State.quiet)

    /// Wakes the one who waits, or the next who will.
    func send() {
        let waiting = state.withLock { state -> CheckedContinuation<Void, Never>? in
            if case .waiting(let continuation) = state {
                state = .quiet
                return continuation
            }
            state = .signaled
            return nil
        }
        waiting?.resume()
    }

    /// Returns when a signal has come since the last wait.
    ///
    /// One task may wait at a time. Cancelling it does not end the wait: who cancels sends a signal too.
    func wait() async {
        await withCheckedContinuation { continuation in
            let isReady = state.withLock { state in
                if case .signaled = state {
                    state = .quiet
                    return true
                }
                state = .waiting(continuation)
                return false
            }
            if isReady { continuation.resume() }
        }
    }

    /// As ``wait()``, but not longer than a time.
    func wait(atMost limit: Duration) async {
        let timer = Task {
            try await Task.sleep(for: limit)
            send()
        }
        await wait()
        timer.cancel()
    }
}
