import Logging
import Synchronization

/// Keeps one worker ready, and a template to make more of, so that a job does not wait for a program to load.
final class WorkerStock: Sendable {
    private struct State {
        var spare: WorkerProcess?
        var template: WorkerTemplate?
        var environment: [String: String]
        var isClosed = false

        mutating func takeAll() -> (spare: WorkerProcess?, template: WorkerTemplate?) {
            (spare.take(), template.take())
        }
    }

    private let program: AgentProgram
    private let root: AgentRoot
    private let configuration: WorkerConfiguration
    private let logger: Logger
    private let state: Mutex<State>
    private let wishes: AsyncStream<Void>
    private let newWishes: AsyncStream<Void>.Continuation

    /// A worker that nobody has taken after this is told to prepare; when jobs follow each other faster it would only take time from them.
    private static let quiet = Duration.milliseconds(30)

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
        (wishes, newWishes) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    }

    private var hasWalls: Bool { configuration.isolation?.isOn == true }

    /// Says that a worker should be ready soon; returns at once.
    func wish() { newWishes.yield() }

    /// Starts workers ahead as they are wished for, until the task is cancelled.
    func run() async {
        for await _ in wishes {
            guard let worker = fill() else { continue }
            guard (try? await Task.sleep(for: Self.quiet)) != nil else { return }
            guard state.withLock({ $0.spare === worker }) else { continue }
            // One that has just been taken is told of its job in any case.
            try? await worker.send(.prepare(configuration))
        }
    }

    /// A worker for a job: the one that waits, or a new one.
    ///
    /// - Throws: ``ProcessFailure`` when none can be started.
    func take() throws(ProcessFailure) -> WorkerProcess {
        let (spare, template, environment) = state.withLock { state in
            (state.spare.take(), state.template, state.environment)
        }
        if let spare, spare.isAlive { return spare }
        return try make(template, environment)
    }

    private func make(
        _ template: WorkerTemplate?,
        _ environment: [String: String]
    ) throws(ProcessFailure) -> WorkerProcess {
        if let template, template.isUsable {
            do throws(ProcessFailure) { return try WorkerProcess(copying: template) } catch {
                logger.warning("the template makes no workers any more", metadata: ["reason": "\(error)"])
            }
        }
        return try WorkerProcess(program: program, root: root, environment: environment, hasWalls: hasWalls)
    }

    /// Starts the template and the next worker, unless they are there already; gives the new one.
    private func fill() -> WorkerProcess? {
        guard let environment = state.withLock({ $0.isClosed ? nil : $0.environment }) else { return nil }
        do {
            let template = try fillTemplate(environment)
            guard state.withLock({ !$0.isClosed && $0.spare?.isAlive != true }) else { return nil }
            let worker = try make(template, environment)
            let isKept = state.withLock { state in
                guard !state.isClosed, state.spare?.isAlive != true, state.environment == environment else {
                    return false
                }
                state.spare = worker
                return true
            }
            if isKept { return worker }
            worker.dismiss()
        } catch {
            // The job that needs one will say so; until then there is only less speed.
            logger.warning("no worker could be started ahead", metadata: ["reason": "\(error)"])
        }
        return nil
    }

    private func fillTemplate(_ environment: [String: String]) throws(ProcessFailure) -> WorkerTemplate {
        if let template = state.withLock({ $0.template }), template.isUsable { return template }
        let made = try WorkerTemplate(program: program, root: root, environment: environment, hasWalls: hasWalls)
        let (kept, other) = state.withLock { state -> (WorkerTemplate, WorkerTemplate?) in
            if state.isClosed || state.environment != environment { return (made, nil) }
            if let template = state.template, template.isUsable { return (template, made) }
            state.template = made
            return (made, nil)
        }
        other?.end()
        return kept
    }

    /// Workers that are started from now on have this environment; what waits is replaced.
    func change(environment: [String: String]) async {
        let old = state.withLock { state -> (spare: WorkerProcess?, template: WorkerTemplate?)? in
            guard state.environment != environment else { return nil }
            state.environment = environment
            return state.takeAll()
        }
        guard let old else { return }
        old.template?.end()
        await old.spare?.sendHome()
        wish()
    }

    /// Sends the waiting worker home and waits until it is gone; none is started after.
    func close() async {
        let old = state.withLock { state in
            state.isClosed = true
            return state.takeAll()
        }
        old.template?.end()
        await old.spare?.sendHome()
    }
}
