import RoostLanguage
import RoostModel
import Synchronization

/// Where a job stands: its result so far, the step that runs, and whether it was canceled.
///
/// The runner and whoever cancels it meet here.
final class JobProgress: Sendable {
    /// What a cancel wants of the steps that are still to come.
    enum Cancel: Sendable {
        /// Those whose condition holds after a cancel still run.
        case orderly(CancelReason)
        /// None runs any more.
        case hard(CancelReason)

        var reason: CancelReason {
            switch self {
            case .orderly(let reason), .hard(let reason): reason
            }
        }
    }

    private struct State {
        var result = TaskResult.succeeded
        var cancel: Cancel?
        var current: (step: JobStep, stop: StepStop)?
        var issues: [Issue] = []
    }

    private let state = Mutex(State())

    /// The status conditions see.
    var status: JobStatusSoFar { state.withLock { Self.status($0) } }

    /// The result the job would have if it ended now.
    var result: TaskResult {
        state.withLock { state in
            switch state.cancel?.reason {
            case .listenerLost: .abandoned
            case .requested, .agentShutdown: .canceled
            case nil: state.result
            }
        }
    }

    var cancel: Cancel? { state.withLock { $0.cancel } }

    /// Issues of the job itself.
    var issues: [Issue] { state.withLock { $0.issues } }

    func add(_ issue: Issue) { state.withLock { $0.issues.append(issue) } }

    /// Begins a step; nil when no step may begin any more.
    func begin(_ step: JobStep, _ stop: StepStop) -> JobStatusSoFar? {
        state.withLock { state in
            if case .hard = state.cancel { return nil }
            state.current = (step, stop)
            return Self.status(state)
        }
    }

    /// Ends the step that runs and takes its result into the job's.
    func end(_ result: TaskResult) {
        state.withLock { state in
            state.current = nil
            if result == .failed || result == .succeededWithIssues { state.result = state.result.merged(with: result) }
            // A step that says of itself that it was canceled, without a cancel of the job, has not done its work.
            if result == .canceled || result == .abandoned { state.result = state.result.merged(with: .failed) }
        }
    }

    /// Something outside of steps failed.
    func fail() { state.withLock { $0.result = $0.result.merged(with: .failed) } }

    /// Notes a cancel and gives the step that runs; a hard one replaces an orderly one, never the other way round.
    func note(_ cancel: Cancel) -> (step: JobStep, stop: StepStop)? {
        state.withLock { state in
            switch (state.cancel, cancel) {
            case (.hard, _), (.orderly, .orderly): break
            case (.orderly(let reason), .hard(.requested)): state.cancel = .hard(reason)
            default: state.cancel = cancel
            }
            return state.current
        }
    }

    private static func status(_ state: State) -> JobStatusSoFar {
        if state.cancel != nil { return .canceled }
        switch state.result {
        case .failed: return .failed
        case .succeededWithIssues: return .succeededWithIssues
        case .succeeded, .skipped, .canceled, .abandoned: return .succeeded
        }
    }
}
