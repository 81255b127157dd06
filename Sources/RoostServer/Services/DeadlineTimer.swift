import FoundationEssentials
import Synchronization

/// The one timer of the control plane: sleeps until the nearest deadline, or until somebody says that a nearer one exists.
final class DeadlineTimer: Sendable {
    private struct State {
        var armedFor: Date?
        /// The nearest moment that was named while the loop worked.
        var named: Date?
        var signaled = false
        var waiting: CheckedContinuation<Void, Never>?
    }
    private let state = Mutex(State())

    /// Wakes the loop now.
    func signal() {
        let waiting = state.withLock { state in
            state.signaled = true
            defer { state.waiting = nil }
            return state.waiting
        }
        waiting?.resume()
    }

    /// Wakes the loop if it would sleep past a moment; one that works now will not sleep past it.
    func arm(for moment: Date) {
        let mustWake = state.withLock { state in
            guard state.waiting != nil else {
                // The loop may have looked already at what the moment belongs to.
                state.named = min(state.named ?? moment, moment)
                return false
            }
            return state.armedFor.map { moment < $0 } ?? true
        }
        if mustWake { signal() }
    }

    /// Waits until a moment, a signal, or the end of the task.
    func wait(until known: Date?, now: Date) async {
        let moment = state.withLock { state in
            defer { state.named = nil }
            return [known, state.named].compactMap { $0 }.min()
        }
        let sleeper = moment.map { moment in
            Task {
                let seconds = max(0, moment.timeIntervalSince(now))
                try await Task.sleep(for: .milliseconds(Int64(min(seconds, 86_400) * 1000) + 1))
                self.signal()
            }
        }
        defer { sleeper?.cancel() }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isDue = state.withLock { state in
                    state.armedFor = moment
                    if state.signaled || state.named != nil || Task.isCancelled {
                        state.signaled = false
                        return true
                    }
                    state.waiting = continuation
                    return false
                }
                if isDue { continuation.resume() }
            }
            state.withLock { $0.signaled = false }
        } onCancel: {
            signal()
        }
    }
}
