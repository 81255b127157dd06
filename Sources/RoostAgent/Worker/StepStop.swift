import Synchronization

/// Why a running step is stopped.
public enum StopReason: Hashable, Sendable {
    /// It took longer than it may.
    case timedOut(Duration)
    /// The job was canceled.
    case canceled
    /// The agent is going down.
    case agentShutdown(String)
    /// The time after a cancel is over.
    case cancelTimeOver
}

/// The end of one step before its time; the first reason counts.
final class StepStop: Sendable {
    private struct State {
        var reason: StopReason?
        var control = StopControl()
    }

    private let state = Mutex(State())
    private let stopped: AsyncStream<Never>
    private let stopping: AsyncStream<Never>.Continuation

    init() { (stopped, stopping) = AsyncStream.makeStream(of: Never.self) }

    var reason: StopReason? { state.withLock { $0.reason } }

    /// Through which the step's present process is stopped.
    var control: StopControl { state.withLock { $0.control } }

    /// The process was ended because its task had said that it is done; nobody stopped the step.
    var endedOnlyProcess: Bool { state.withLock { $0.reason == nil && $0.control.grace != nil } }

    /// Lets the processes of the next try run, unless the step is stopped.
    func beginNextTry() {
        state.withLock { state in
            if state.reason == nil { state.control = StopControl() }
        }
    }

    func stop(_ reason: StopReason, grace: StopGrace) {
        let control = state.withLock { state in
            state.reason = state.reason ?? reason
            return state.control
        }
        control.stop(grace)
        stopping.finish()
    }

    /// Waits, but not beyond a stop.
    func wait(_ duration: Duration, _ clock: any Clock<Duration>) async {
        await withTaskGroup { group in
            group.addTask { try? await clock.sleep(for: duration) }
            group.addTask { for await _ in self.stopped {} }
            await group.next()
            group.cancelAll()
        }
    }
}
