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
    /// Through which the step's present process is stopped.
    let control = StopControl()
    private let given = Mutex<StopReason?>(nil)
    private let stopped: AsyncStream<Never>
    private let stopping: AsyncStream<Never>.Continuation

    init() { (stopped, stopping) = AsyncStream.makeStream(of: Never.self) }

    var reason: StopReason? { given.withLock { $0 } }

    func stop(_ reason: StopReason, grace: StopGrace) {
        given.withLock { $0 = $0 ?? reason }
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
