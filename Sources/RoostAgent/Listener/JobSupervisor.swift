import FoundationEssentials
import Glibc
import Logging
import RoostClient
import RoostControlGroups
import RoostModel
import Synchronization

/// Looks after one job from the start of its worker to its end: lease, cancel, crash.
final class JobSupervisor: Sendable {
    /// How a job ended for this agent.
    enum End: Hashable, Sendable {
        case finished(TaskResult)
        /// The worker ended without a result; the report says how.
        case crashed(String)
        /// The lease was lost before the worker told a result.
        case lost(String)
        /// It never began.
        case dropped(String)
    }

    private enum Event: Sendable {
        case workerEnded(WorkerProcess.End)
        /// The server has confirmed it.
        case leaseHeld
        case leaseLost(String)
        case cancel(Duration)
        case shutDown(String)
        /// The server has ended the job, and the worker is still there.
        case overdue
        case metadata([UInt8])
        case flushDue
        case killDue
    }

    /// What a job needs of its listener.
    struct Parts: Sendable {
        var client: RoostClient
        var settings: AgentSettings
        var root: AgentRoot
        var configuration: WorkerConfiguration
        var stock: WorkerStock
        /// Nil when jobs have no limits.
        var groups: JobGroups?
        var logger: Logger
        /// The lease is renewed before the worker gets the job, as Azure DevOps expects it.
        var renewsFirst: Bool
        var runsOnce: Bool
    }

    /// After a job has begun the next worker is started this late, so that it does not take the processor from the job's first step.
    private static let spareDelay = Duration.milliseconds(100)

    let ticket: JobTicket
    private let parts: Parts
    private let events: AsyncStream<Event>
    private let news: AsyncStream<Event>.Continuation
    /// Of the worker that has the job.
    private let fence = Mutex<JobFence?>(nil)

    init(_ ticket: JobTicket, _ parts: Parts) {
        self.ticket = ticket
        self.parts = parts
        (events, news) = AsyncStream.makeStream(of: Event.self)
    }

    // MARK: From outside

    /// Cancels the job; steps that run after a cancel may take so long.
    func cancel(timeout: Duration) { news.yield(.cancel(timeout)) }

    /// Ends the job because the agent goes.
    func shutDown(_ reason: String) { news.yield(.shutDown(reason)) }

    /// Ends a worker that stays although the server knows the job's end.
    func endOverdue() { news.yield(.overdue) }

    /// Passes on how often lines are wanted.
    func pass(metadata: [UInt8]) { news.yield(.metadata(metadata)) }

    // MARK: The job

    /// Runs the job; called once.
    ///
    /// - Parameter handedOver: called when the worker has the job, or when it will never have it.
    /// - Returns: how it ended.
    func run(handedOver: @Sendable () -> Void) async -> End {
        let keeper = LeaseKeeper(client: parts.client, pool: parts.settings.poolId, request: ticket.request)
        if parts.renewsFirst, await !keeper.begin() {
            handedOver()
            return .dropped("the server did not confirm the lease")
        }
        if parts.renewsFirst { news.yield(.leaseHeld) }
        let end = await supervise(keeper, handedOver)
        await clean()
        return end
    }

    /// A worker that has the job.
    ///
    /// The one that waited may have died just now without anybody knowing yet; then a new one takes its place.
    private func startWorker() async throws -> WorkerProcess {
        let worker = try parts.stock.take()
        journal(worker)
        do {
            try await worker.send(order(worker))
            return worker
        } catch PipeFault.closed {
            parts.logger.warning(
                "a worker that waited is gone; another one takes the job",
                metadata: ["job": "\(ticket.job)"]
            )
        }
        let other = try parts.stock.take()
        journal(other)
        try await other.send(order(other))
        return other
    }

    /// What a worker is told, which is in the groups of its job by then.
    private func order(_ worker: WorkerProcess) throws -> WorkerFrame {
        var configuration = parts.configuration
        do throws(ControlGroupFailure) {
            let made = try parts.groups?.enclose(ticket.job, worker: worker.pid)
            configuration.fence = made
            fence.withLock { $0 = made }
        } catch {
            // One that is gone joins nothing, and takes no job either.
            if error.error != ESRCH {
                worker.kill()
                throw ConfigurationFailure.limitsNotKept("\(error)")
            }
        }
        return WorkerFrame.newJob(configuration, message: parts.runsOnce ? try ticket.runningOnce() : ticket.message)
    }

    private func journal(_ worker: WorkerProcess) {
        let journal = JobJournal(
            job: ticket.job.description,
            request: ticket.request,
            displayName: ticket.displayName,
            workerPID: worker.pid,
            workerStartTicks: worker.startTicks,
            listenerPID: getpid()
        )
        journal.write(parts.root)
    }

    private func failToStart(_ error: any Error) async -> End {
        parts.logger.error(
            "a worker could not be given its job",
            metadata: ["job": "\(ticket.job)", "reason": "\(error)"]
        )
        await report("could not be started", output: "\(error)", as: .abandoned)
        JobJournal.remove(job: ticket.job.description, parts.root)
        return .crashed("\(error)")
    }

    private func supervise(_ keeper: LeaseKeeper, _ handedOver: @Sendable () -> Void) async -> End {
        await withTaskGroup(of: Void.self) { group in
            // The first step waits for the lease: it is asked for while the worker takes the job.
            group.addTask { [news] in
                if let reason = await keeper.run(held: { news.yield(.leaseHeld) }) { news.yield(.leaseLost(reason)) }
            }
            let worker: WorkerProcess
            do { worker = try await startWorker() } catch {
                handedOver()
                group.cancelAll()
                return await failToStart(error)
            }
            handedOver()
            group.addTask { [news] in news.yield(.workerEnded(await worker.end)) }
            group.addTask { [parts] in
                // After the one job of its life the agent needs no further worker.
                guard !parts.runsOnce else { return }
                // Not beside the job's own start; a job that ends earlier ends the wait, for the next one may be near.
                try? await Task.sleep(for: Self.spareDelay)
                parts.stock.wish()
            }
            let end = await follow(worker, &group)
            group.cancelAll()
            return end
        }
    }

    /// Acts on events until the worker has ended.
    private func follow(_ worker: WorkerProcess, _ group: inout TaskGroup<Void>) async -> End {
        var lost: String?
        var asked = TaskResult.abandoned
        for await event in events {
            switch event {
            case .workerEnded(.finished(let result)): return .finished(result)
            case .workerEnded(.crashed(let how, let output)):
                // Its steps go on without it; they must not, and must write nothing more.
                await endProcesses()
                if let lost { return .lost(lost) }
                return await reportCrash(how, output, as: asked)
            case .leaseHeld: await tell(worker, .leaseHeld)
            case .leaseLost(let reason):
                lost = reason
                parts.logger.warning(
                    "the lease of a job is lost",
                    metadata: ["job": "\(ticket.job)", "reason": "\(reason)"]
                )
                await tell(worker, .cancel(timeout: .zero))
                start(.immediate, &group)
            case .cancel(let timeout):
                asked = .canceled
                await tell(worker, .cancel(timeout: max(timeout, .seconds(60))))
                start(CancelClock(timeout: timeout), &group)
            case .shutDown(let reason):
                asked = .canceled
                await tell(worker, .agentShutdown(reason))
                start(CancelClock(timeout: .seconds(60)), &group)
            case .overdue:
                await tell(worker, .cancel(timeout: .zero))
                start(.overdue, &group)
            case .metadata(let body): await tell(worker, .jobMetadata(body))
            case .flushDue: await tell(worker, .flushLogs)
            case .killDue:
                parts.logger.error("a worker does not end and is killed", metadata: ["job": "\(ticket.job)"])
                worker.kill()
            }
        }
        return .dropped("its events ended")
    }

    private func start(_ clock: CancelClock, _ group: inout TaskGroup<Void>) {
        for (delay, event) in [(clock.flush, Event.flushDue), (clock.kill, .killDue)] {
            group.addTask { [news] in
                guard (try? await Task.sleep(for: delay)) != nil else { return }
                news.yield(event)
            }
        }
    }

    /// A worker that is just leaving takes nothing any more, which is no fault.
    private func tell(_ worker: WorkerProcess, _ frame: WorkerFrame) async { try? await worker.send(frame) }

    // MARK: The end

    /// The lease is kept up while the report is on its way, but the report is given up with the lease.
    private func reportCrash(_ how: ProcessOutcome.End, _ output: String, as result: TaskResult) async -> End {
        let words = Self.words(how) + (overrun.map { ". \($0)" } ?? "")
        parts.logger.error("a worker ended before its job", metadata: ["job": "\(ticket.job)", "how": "\(words)"])
        await withTaskGroup(of: Void.self) { reporting in
            reporting.addTask { await self.report(words, output: output, as: result) }
            reporting.addTask {
                for await event in self.events { if case .leaseLost = event { return } }
            }
            await reporting.next()
            reporting.cancelAll()
        }
        return .crashed(words)
    }

    /// What the kernel says of the job's memory.
    private var overrun: String? {
        guard let fence = fence.withLock({ $0 }) else { return nil }
        return fence.news(since: GroupOverruns(), GroupOverruns(of: fence.folders)).killed
    }

    private func report(_ words: String, output: String, as result: TaskResult) async {
        let report = CrashReport(ticket: ticket, configuration: parts.configuration, logger: parts.logger)
        await report.send(result, reason: words, output: output)
    }

    private static func words(_ end: ProcessOutcome.End) -> String {
        switch end {
        case .exited(let code): "ended with exit code \(code)"
        case .signaled(let signal): "was ended by signal \(signal)"
        case .unknown: "ended in an unknown way"
        }
    }

    private func clean() async {
        await endProcesses()
        let configuration = parts.configuration
        let told = await ContainerJournal(configuration.folders, configuration.environment).sweep()
        if let told { parts.logger.notice("\(told)", metadata: ["job": "\(ticket.job)"]) }
        await parts.groups?.remove(ticket.job, parts.logger)
        // A worker that was killed could not do it, and the next job may never come.
        FileTree.empty(parts.configuration.folders.temp)
        JobJournal.remove(job: ticket.job.description, parts.root)
    }

    /// Ends what the job has left behind: what lost its parent came to this process, which is their subreaper.
    private func endProcesses() async {
        let tree = ProcessTree(mark: "vsts_\(ticket.job)", takesAllAdopted: true)
        guard tree.mayHaveMembers() else { return }
        _ = try? await OwnThread.run { deliver in deliver(tree.end(grace: .zero)) }
    }
}
