import FoundationEssentials
import Logging
import RoostClient
import RoostModel
import RoostWire
import Synchronization

/// The listener at work: everything that happens comes into one stream and is judged by ``ListenerState``, one event at a time.
final class ListenerLoop: Sendable {
    /// What happens, with all that belongs to it.
    enum Event: Sendable {
        case message(TaskAgentMessageWire)
        /// A job's worker has its job.
        case handedOver(message: Int)
        case jobEnded(JobID, JobSupervisor.End)
        case stopRequested
        /// The server wants another version.
        case refresh(AgentRelease)
        case updateReady(PreparedUpdate)
        case updateFailed(AgentRelease)
        /// The server wants it no more.
        case updateWithdrawn(AgentRelease)
        case handOver
        case graceOver
        case opened(isRoost: Bool)
        case sessionEnded(ListenerExit, String)
        case capabilitiesChanged
        /// The service manager wants a sign of life.
        case pulse
    }

    let listener: AgentListener
    let settings: AgentSettings
    let client: RoostClient
    let session: ListenerSession
    let stock: WorkerStock
    let configuration: WorkerConfiguration
    /// Nil when jobs have no limits.
    let groups: JobGroups?
    let upkeep: Upkeep
    let logger: Logger
    let news: AsyncStream<Event>.Continuation
    private let events: AsyncStream<Event>
    /// The capabilities the server knows.
    let told = Mutex<Capabilities?>(nil)
    /// The server is a Roost one, which can be told more than Azure DevOps.
    let serverIsRoost = Mutex(false)
    let pulse = ListenerPulse()
    /// Known with the first session: whether the server is a Roost one.
    let opened = Promise<Bool>()
    let maintenance = MaintenanceWishes()

    init(
        _ listener: AgentListener,
        _ settings: AgentSettings,
        _ client: RoostClient,
        _ key: AgentKey,
        _ configuration: WorkerConfiguration,
        _ groups: JobGroups?,
        _ upkeep: Upkeep,
        _ logger: Logger
    ) {
        self.upkeep = upkeep
        self.listener = listener
        self.settings = settings
        self.client = client
        self.configuration = configuration
        self.groups = groups
        self.logger = logger
        session = ListenerSession(client: client, settings: settings, key: key)
        stock = WorkerStock(
            program: listener.program,
            root: listener.root,
            configuration: configuration,
            environment: listener.jobEnvironment.values,
            logger: logger
        )
        (events, news) = AsyncStream.makeStream(of: Event.self)
    }

    /// Listens until it is to end.
    func run(stops: AsyncStream<ShutdownRequests.Request>) async -> ListenerExit {
        stock.wish()
        let (exit, farewell) = await withDiscardingTaskGroup { group in
            group.addTask { await self.poll() }
            group.addTask { await self.watchCapabilities() }
            group.addTask { await self.stock.run() }
            group.addTask { await self.showLife() }
            group.addTask {
                for await request in stops { self.news.yield(request == .stop ? .stopRequested : .handOver) }
            }
            group.addTask { _ = await self.upkeep.run(.start) }
            group.addTask { await self.maintain() }
            let exit = await self.handleEvents(&group)
            let farewell = Task { await self.sayFarewell() }
            self.opened.keep(false)
            group.cancelAll()
            return (exit, farewell)
        }
        defer { farewell.cancel() }
        await stock.close()
        if exit == .updating, !(await maySwitch()) { dropUpdate() }
        await session.close()
        return exit
    }

    func say(_ text: String) {
        listener.console.say("\(DiagnosticLog.moment(Date())): \(text)")
        listener.service?.tell("STATUS=\(text.split(whereSeparator: \.isNewline).first ?? "")")
    }

    /// Shows the service manager that this process is alive: its events are handled, and its polling gets on.
    private func showLife() async {
        let pause = listener.options.isGuarded ? GuardRule.beat : listener.service?.patience.map { $0 / 3 }
        guard let pause else { return }
        while (try? await Task.sleep(for: pause)) != nil {
            if pulse.isAlive(at: .now) { news.yield(.pulse) }
        }
    }

    /// Shows life from the last event to the end, which may take some answers of the server; not for ever.
    private func sayFarewell() async {
        tellGuard("leaving")
        guard let service = listener.service, let patience = service.patience else { return }
        let end = ContinuousClock.now + GuardRule.farewell
        while .now < end {
            service.tell("WATCHDOG=1")
            guard (try? await Task.sleep(for: patience / 3)) != nil else { return }
        }
    }

    // MARK: Events

    /// What the loop keeps beside the state: jobs with their messages.
    struct Desk {
        var tickets: [JobID: JobTicket] = [:]
        var cancels: [Int: Duration] = [:]
        var metadata: [Int: [UInt8]] = [:]
        var current: JobSupervisor?
        /// What is being prepared, or is ready.
        var update: AgentRelease?
        var preparation: Task<Void, Never>?
    }

    private func handleEvents(_ group: inout DiscardingTaskGroup) async -> ListenerExit {
        var state = ListenerState(takesOne: listener.options.runsOnce)
        var desk = Desk()
        for await event in events {
            guard let known = translate(event, &state, &desk, &group) else { continue }
            for action in state.apply(known) {
                if case .exit(let exit) = action { return exit }
                perform(action, &desk, &group)
            }
            // A message holds secrets: it is kept no longer than its job needs it.
            desk.tickets = desk.tickets.filter { state.holds($0.key) }
        }
        return .retryable
    }

    /// The part of an event that the state judges; nil when there is nothing to judge.
    private func translate(
        _ event: Event,
        _ state: inout ListenerState,
        _ desk: inout Desk,
        _ group: inout DiscardingTaskGroup
    ) -> ListenerState.Event? {
        switch event {
        case .message(let message): return read(message, &desk)
        case .handedOver(let message):
            group.addTask { await self.session.acknowledge(message) }
            return nil
        case .jobEnded(let job, let end):
            tell(end, desk.tickets.removeValue(forKey: job))
            desk.current = nil
            if hasOtherDisk { news.yield(.capabilitiesChanged) }
            return .jobEnded(job)
        case .stopRequested:
            logger.notice("a stop is requested")
            return .stopRequested
        case .graceOver: return .graceOver
        case .refresh(let release): return beginUpdate(to: release, &desk, &group)
        case .updateReady(let update):
            // Another may have been ordered while this one's news was on its way.
            guard desk.update == update.release, ExecutableSearch.isExecutable(update.program) else { return nil }
            return updateReady(update, hasJob: state.current != nil, &group)
        case .updateFailed(let release):
            if desk.update == release { desk.update = nil }
            return nil
        case .updateWithdrawn(let release):
            guard desk.update == release else { return nil }
            return forgetUpdate(&desk)
        case .handOver: return .updateReady
        case .opened(let isRoost):
            state.tellsCapabilitiesAnyTime = isRoost && !listener.options.isBoot
            return nil
        case .sessionEnded(let exit, let reason):
            logger.notice("no session can be had", metadata: ["reason": "\(reason)", "code": "\(exit.rawValue)"])
            if exit == .success {
                say("The agent is no longer registered: \(reason)")
            } else {
                listener.console.complain(reason)
            }
            return .sessionEnded(exit)
        case .capabilitiesChanged: return .capabilitiesChanged
        case .pulse:
            listener.service?.tell("WATCHDOG=1")
            tellGuard("alive")
            return nil
        }
    }

    private func read(_ message: TaskAgentMessageWire, _ desk: inout Desk) -> ListenerState.Event? {
        guard let number = message.messageId else { return nil }
        let body: [UInt8]
        do { body = try session.body(of: message) } catch {
            // It stays with the server, which gives it to a session that can read it.
            logger.error("a message cannot be decrypted", metadata: ["message": "\(number)"])
            return nil
        }
        switch message.messageType?.lowercased() {
        case "pipelineagentjobrequest":
            guard let ticket = try? JobTicket(body) else { return unreadable(number, message.messageType) }
            if desk.tickets[ticket.job] == nil { desk.tickets[ticket.job] = ticket }
            return .job(ticket.job, message: number)
        case "jobcancellation":
            guard let wire = try? WireJSON.decode(JobCancellationWire.self, from: Data(body)), let job = wire.jobId
            else {
                return unreadable(number, message.messageType)
            }
            desk.cancels[number] = wire.timeout.flatMap(WireDuration.duration) ?? .seconds(300)
            return .cancel(JobID(job), message: number)
        case "jobmetadataupdate":
            guard let wire = try? WireJSON.decode(JobMetadataWire.self, from: Data(body)), let job = wire.jobId else {
                return unreadable(number, message.messageType)
            }
            desk.metadata[number] = body
            return .metadata(JobID(job), message: number)
        case "agentrefresh":
            // Packages of another server are another program's.
            guard serverIsRoost.withLock({ $0 }),
                let wire = try? WireJSON.decode(AgentRefreshWire.self, from: Data(body)),
                let release = wire.targetVersion.flatMap({ AgentRelease($0) })
            else { return .other(message: number) }
            news.yield(.refresh(release))
            return .other(message: number)
        case "roostmaintenance":
            maintenance.wish()
            return .other(message: number)
        default:
            logger.notice("a message is passed over", metadata: ["type": "\(message.messageType ?? "none")"])
            return .other(message: number)
        }
    }

    private func unreadable(_ number: Int, _ type: String?) -> ListenerState.Event {
        logger.error("a message makes no sense", metadata: ["message": "\(number)", "type": "\(type ?? "none")"])
        return .other(message: number)
    }

    private func tell(_ end: JobSupervisor.End, _ ticket: JobTicket?) {
        let name = ticket?.displayName ?? "Job"
        switch end {
        case .finished(let result):
            say(
                "Job \(name) completed with result: \(result.rawValue.prefix(1).uppercased())\(result.rawValue.dropFirst())"
            )
        case .crashed(let how): say("Job \(name) completed with result: Abandoned (its worker \(how))")
        case .lost(let reason): say("Job \(name) was given up: \(reason)")
        case .dropped(let reason): say("Job \(name) was not begun: \(reason)")
        }
        logger.notice("a job has ended", metadata: ["job": "\(ticket.map { "\($0.job)" } ?? "")", "end": "\(end)"])
    }

    // MARK: Actions

    private func perform(_ action: ListenerState.Action, _ desk: inout Desk, _ group: inout DiscardingTaskGroup) {
        switch action {
        case .start(let job, let message): start(job, message, &desk, &group)
        case .acknowledge(let message):
            desk.cancels[message] = nil
            desk.metadata[message] = nil
            group.addTask { await self.session.acknowledge(message) }
        case .cancelCurrent(let message):
            logger.notice("the running job is canceled")
            desk.current?.cancel(timeout: desk.cancels[message] ?? .seconds(300))
        case .tellCurrent(let message):
            if let body = desk.metadata[message] { desk.current?.pass(metadata: body) }
        case .askForCurrent: askForCurrent(desk.current, &group)
        case .startGrace:
            let grace = listener.options.grace
            say("Finishing the running job, at most \(grace.components.seconds) seconds. Stop again to cancel it.")
            group.addTask {
                guard (try? await Task.sleep(for: grace)) != nil else { return }
                self.news.yield(.graceOver)
            }
        case .shutDownCurrent: desk.current?.shutDown("it was asked to stop")
        case .rescan: group.addTask { await self.rescan() }
        // The poll finds it closed, and opens another.
        case .reopen: group.addTask { await self.session.close() }
        case .exit: break
        }
    }

    private func start(_ job: JobID, _ message: Int, _ desk: inout Desk, _ group: inout DiscardingTaskGroup) {
        guard let ticket = desk.tickets[job] else { return }
        let parts = JobSupervisor.Parts(
            client: client,
            settings: settings,
            root: listener.root,
            configuration: configuration,
            stock: stock,
            groups: groups,
            logger: logger,
            renewsFirst: !serverIsRoost.withLock { $0 },
            runsOnce: listener.options.runsOnce
        )
        let supervisor = JobSupervisor(ticket, parts)
        desk.current = supervisor
        group.addTask {
            await self.upkeep.during {
                let end = await supervisor.run { self.news.yield(.handedOver(message: message)) }
                self.news.yield(.jobEnded(job, end))
            }
            await self.tidyUp()
        }
        say("Running job: \(ticket.displayName)")
        logger.notice("a job begins", metadata: ["job": "\(job)", "request": "\(ticket.request)"])
    }

    /// Looks after a job that stands in the way of a second one.
    ///
    /// Usually the worker of the first is about to leave; one that stays after its job's end is sent away.
    private func askForCurrent(_ supervisor: JobSupervisor?, _ group: inout DiscardingTaskGroup) {
        guard let supervisor else { return }
        group.addTask {
            guard (try? await Task.sleep(for: Self.leavingTime)) != nil,
                let request = try? await self.client.request(pool: self.settings.poolId, id: supervisor.ticket.request),
                request.result != nil || request.finishTime != nil
            else { return }
            supervisor.endOverdue()
        }
    }

    /// How long a worker may take to leave after the server knows the job's end, before it is looked after.
    private static let leavingTime = Duration.seconds(5)
}
