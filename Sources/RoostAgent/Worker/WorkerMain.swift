import FoundationEssentials
import Glibc
import RoostClient
import RoostModel
import RoostWire

/// The entry of a worker process: one job, told through standard input, and then the end.
public enum WorkerMain {
    /// The word on the command line.
    public static let verb = "worker"
    /// A second word: the worker has walls for its job.
    static let walls = "walls"

    /// Runs until the job is over and reported.
    ///
    /// The message holds all secrets of the job; it comes through a pipe, so that none is on a command line or in an environment. When the pipe
    /// closes before the job is over its listener is gone, and the lease with it: everything is stopped and the job reported as abandoned.
    ///
    /// - Parameters:
    ///   - input: the descriptor to read frames from.
    ///   - walls: what it has to isolate the job, or why it has nothing; nil when that was not asked for.
    /// - Returns: the exit code, see ``WorkerExit``.
    static func run(input: Int32 = 0, walls: Result<JobWalls, WallFailure>?) async -> Int32 {
        hideMemory()
        ProcessTree.becomeSubreaper()
        // A listener that goes away must not take its worker with it before the job is reported.
        Glibc.signal(SIGPIPE, SIG_IGN)
        for signal in [SIGINT, SIGTERM, SIGHUP] { Glibc.signal(signal, SIG_IGN) }
        let frames = FrameReader.frames(from: input)
        return await withTaskGroup(of: Int32?.self) { group in
            await serve(frames, walls, &group)
        }
    }

    /// Raises walls when the command line of a worker asks for them; this process has one thread yet.
    static func raiseWalls(_ words: [String]) -> Result<JobWalls, WallFailure>? {
        guard words.first == verb, words.contains(walls) else { return nil }
        do throws(WallFailure) { return .success(try JobWalls.raise()) } catch { return .failure(error) }
    }

    /// How long a worker without listener tries to report its job.
    private static let farewell = Duration.seconds(60)

    /// Takes frames until the job has ended; a task of the group runs it.
    private static func serve(
        _ frames: AsyncStream<Result<WorkerFrame, WorkerChannelFault>>,
        _ walls: Result<JobWalls, WallFailure>?,
        _ group: inout TaskGroup<Int32?>
    ) async -> Int32 {
        let job = RunningJob(walls)
        group.addTask {
            for await frame in frames {
                switch frame {
                case .success(let frame): await job.take(frame)
                case .failure(let fault):
                    if let code = await job.fail(fault) { return code }
                }
            }
            await job.channelClosed()
            // A server that is away at the same time must not keep the worker for ever; the lease runs out by itself.
            try? await Task.sleep(for: farewell)
            return WorkerExit.code(of: .abandoned)
        }
        group.addTask { await job.run() }
        while let code = await group.next() {
            guard let code else { continue }
            group.cancelAll()
            return code
        }
        return WorkerExit.noJob
    }
}

/// The one job of a worker process.
private actor RunningJob {
    private var runner: JobRunner?
    private let lease = LeaseGate()
    private let orders: AsyncStream<(WorkerConfiguration, [UInt8])>
    private let newOrders: AsyncStream<(WorkerConfiguration, [UInt8])>.Continuation
    /// A cancel that came before the job could begin.
    private var earlyFrames: [WorkerFrame] = []
    private var isListenerGone = false

    private let walls: Result<JobWalls, WallFailure>?

    init(_ walls: Result<JobWalls, WallFailure>?) {
        self.walls = walls
        (orders, newOrders) = AsyncStream.makeStream()
    }

    /// Takes a word of the listener.
    func take(_ frame: WorkerFrame) async {
        switch frame {
        case .prepare(let configuration): await WorkerWarmUp.run(configuration)
        case .newJob(let configuration, let message):
            newOrders.yield((configuration, message))
            newOrders.finish()
        case .leaseHeld: lease.open()
        case .cancel, .agentShutdown, .flushLogs, .jobMetadata:
            if let runner { act(frame, runner) } else { earlyFrames.append(frame) }
        }
    }

    private func act(_ frame: WorkerFrame, _ runner: JobRunner) {
        switch frame {
        case .cancel(let timeout): runner.cancel(.requested, timeout: timeout)
        case .agentShutdown(let reason): runner.cancel(.agentShutdown(reason), timeout: .zero)
        case .flushLogs: runner.endNow()
        // Lines go out as fast as they are wanted in any case.
        case .jobMetadata, .prepare, .newJob, .leaseHeld: break
        }
    }

    /// The listener is gone.
    func channelClosed() {
        isListenerGone = true
        newOrders.finish()
        runner?.cancel(.listenerLost, timeout: .zero)
    }

    /// The bytes make no sense; without a job there is nothing to report.
    func fail(_ fault: WorkerChannelFault) -> Int32? {
        complain(fault.description)
        guard runner != nil else { return WorkerExit.badChannel }
        channelClosed()
        return nil
    }

    private func complain(_ text: String) {
        let line = Array("\(text)\n".utf8)
        _ = write(2, line, line.count)
    }

    /// Waits for the job and carries it out; gives the exit code.
    func run() async -> Int32 {
        guard let (configuration, bytes) = await orders.first(where: { _ in true }) else { return WorkerExit.noJob }
        let message: PipelineAgentJobRequestWire
        do { message = try WireJSON.decode(PipelineAgentJobRequestWire.self, from: Data(bytes)) } catch {
            complain("The job's message cannot be read: \(error)")
            return WorkerExit.code(of: .failed)
        }
        do {
            let order = ServerAddresses.rewriting(try JobOrder(message), to: configuration.serverURL)
            return WorkerExit.code(of: try await carryOut(order, configuration))
        } catch {
            complain("\(error)")
            return WorkerExit.code(of: .failed)
        }
    }

    private func carryOut(_ order: JobOrder, _ configuration: WorkerConfiguration) async throws -> TaskResult {
        let client = try ServerConnection.client(order, configuration)
        let reporter = ServerConnection.reporter(order, client)
        var settings = WorkerSettings(
            folders: configuration.folders,
            agentName: configuration.agentName,
            agentID: configuration.agentID,
            agentVersion: configuration.agentVersion,
            environment: configuration.environment ?? ProcessEnvironment.own(),
            ownsAllOrphans: true
        )
        settings.isolation = configuration.isolation
        settings.fence = configuration.fence
        settings.network = configuration.network
        switch walls {
        case .success(let walls): settings.walls = walls
        case .failure(let failure): settings.wallFailure = failure
        case nil: break
        }
        let logs = try PagedLogs(folder: configuration.pagesFolder(job: order.job), reporter: reporter)
        let content = ServerConnection.content(order, client)
        let log = DiagnosticLog.logger(.worker, root: AgentRoot(configuration.rootFolder))
        let runner = JobRunner(
            order: order,
            settings: settings,
            reporter: reporter,
            logs: logs,
            content: content,
            lease: lease,
            host: ServerTaskHost(
                client: client,
                project: order.scope.uuidString.lowercased(),
                plan: PlanAddress(
                    scope: order.scope,
                    plan: order.plan.rawValue,
                    timeline: order.timeline
                )
            ),
            log: WorkerLog(log)
        )
        self.runner = runner
        for frame in earlyFrames { act(frame, runner) }
        if isListenerGone { runner.cancel(.listenerLost, timeout: .zero) }
        let outcome = await runner.run()
        await client.close()
        return outcome.result
    }
}
