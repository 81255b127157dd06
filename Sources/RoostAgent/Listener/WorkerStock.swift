import Logging
import Synchronization

/// Keeps one worker ready, so that a job does not wait for a process to start.
final class WorkerStock: Sendable {
    private struct State {
        var spare: WorkerProcess?
        var environment: [String: String]
        var isClosed = false
    }

    private let program: AgentProgram
    private let root: AgentRoot
    private let configuration: WorkerConfiguration
    private let logger: Logger
    private let state: Mutex<State>

    init(
        program: AgentProgram,
        root: AgentRoot,
        configuration: WorkerConfiguration,
        environment: [String: String],
        logger: Logger
    ) {
        self.program = program
        self.root = root
        self.configuration = configuration
        self.logger = logger
        state = Mutex(State(environment: environment))
    }

    /// A worker for a job: the one that waits, or a new one.
    ///
    /// - Throws: ``ProcessFailure`` when none can be started.
    func take() throws(ProcessFailure) -> WorkerProcess {
        let (spare, environment) = state.withLock { state in
            defer { state.spare = nil }
            return (state.spare, state.environment)
        }
        if let spare, spare.isAlive { return spare }
        return try WorkerProcess(program: program, root: root, environment: environment)
    }

    /// Starts the next worker, unless one waits already.
    func fill() async {
        let environment = state.withLock { state -> [String: String]? in
            if state.isClosed || state.spare?.isAlive == true { return nil }
            return state.environment
        }
        guard let environment else { return }
        do {
            let worker = try WorkerProcess(program: program, root: root, environment: environment)
            let isKept = state.withLock { state in
                guard !state.isClosed, state.spare?.isAlive != true, state.environment == environment else {
                    return false
                }
                state.spare = worker
                return true
            }
            if isKept { try await worker.send(.prepare(configuration)) } else { worker.dismiss() }
        } catch {
            // The job that needs one will say so; until then there is only less speed.
            logger.warning("no worker could be started ahead", metadata: ["reason": "\(error)"])
        }
    }

    /// Workers that are started from now on have this environment; the one that waits is replaced.
    func change(environment: [String: String]) async {
        let old = state.withLock { state -> WorkerProcess? in
            guard state.environment != environment else { return nil }
            state.environment = environment
            defer { state.spare = nil }
            return state.spare
        }
        guard let old else { return }
        old.dismiss()
        await fill()
    }

    /// Sends the waiting worker home; none is started after.
    func close() {
        let spare = state.withLock { state -> WorkerProcess? in
            state.isClosed = true
            defer { state.spare = nil }
            return state.spare
        }
        spare?.dismiss()
    }
}
