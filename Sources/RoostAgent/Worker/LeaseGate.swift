import Synchronization

/// Holds back the first step of a job until the server has confirmed that the job has begun here.
///
/// Until then the server may give the job to another agent when this machine is lost, because nothing of it has run; so nothing of it may run.
public final class LeaseGate: Sendable {
    private enum State {
        case waiting(CheckedContinuation<Bool, Never>?)
        case decided(Bool)
    }
    private let state: Mutex<State>

    /// - Parameter isOpen: the lease is held already, or there is none.
    public init(isOpen: Bool = false) { state = Mutex(isOpen ? .decided(true) : .waiting(nil)) }

    /// The lease is held.
    public func open() { decide(true) }

    /// The job ends before its lease was confirmed; nothing once it was.
    public func shut() { decide(false) }

    /// Waits for the one or the other; called once.
    ///
    /// - Returns: whether steps may run.
    func wait() async -> Bool {
        await withCheckedContinuation { continuation in
            let known: Bool? = state.withLock { state in
                if case .decided(let isOpen) = state { return isOpen }
                state = .waiting(continuation)
                return nil
            }
            if let known { continuation.resume(returning: known) }
        }
    }

    private func decide(_ isOpen: Bool) {
        let waiting: CheckedContinuation<Bool, Never>? = state.withLock { state in
            guard case .waiting(let continuation) = state else { return nil }
            state = .decided(isOpen)
            return continuation
        }
        waiting?.resume(returning: isOpen)
    }
}
