import FoundationEssentials
import Synchronization

/// The one timer of the control plane: sleeps until the nearest deadline, or until somebody says that a nearer one exists.
final class DeadlineTimer: Sendable {
    private struct State {
        var armedFor: Date?
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

    /// Wakes the loop if it would sleep past a moment.
    func arm(for moment: Date) {
        let mustWake = state.withLock { state in
            guard let armed = state.armedFor else { return state.waiting != nil }
            return moment < armed
        }
        if mustWake { signal() }
    }

    /// Waits until a moment, a signal, or the end of the task.
    func wait(until moment: Date?, now: Date) async {
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
                    if state.signaled || Task.isCancelled {
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
