import Dispatch
import Foundation
import RoostAgent
import RoostModel
import RoostPipeline
import RoostWire
import Synchronization

/// Carries a run forward with the server's planner, and its jobs out with the agent's worker, in one process.
final class LocalRunDriver: Sendable {
    private let source: LocalSource
    /// Folders that stand for repositories as they are, by folded alias; the working tree among them.
    private let inPlace: [String: String]
    private let folder: String
    private let snapshot: Mutex<RunSnapshot>
    private let current = Mutex<JobRunner?>(nil)
    private let screen = LocalScreen()
    private let content: LocalContent
    private let local: LocalLibrary

    /// Prepares a run.
    ///
    /// - Parameters:
    ///   - plan: with only what is to run.
    ///   - source: the working tree.
    ///   - variables: of this run.
    ///   - sources: the other repositories, at exact commits.
    ///   - folders: by alias, those that are used as they are.
    ///   - requests: stages to leave out and to start.
    ///   - local: tasks and secure files.
    init(
        plan: RunPlan,
        source: LocalSource,
        variables: [String: String],
        sources: RunSources,
        folders: [String: String],
        requests: [StageRequest],
        local: LocalLibrary
    ) {
        self.local = local
        self.source = source
        inPlace = Dictionary(folders.map { ($0.key.lowercased(), $0.value) }) { $1 }
            .merging(["self": source.root]) { $1 }
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("roost-run-\(UUID().uuidString)").path
        content = LocalContent(folder: folder)
        let now = Date()
        var run = Run(
            id: RunID(1),
            pipeline: PipelineID(1),
            pipelineName: source.repository.name,
            project: ProjectID(UUID()),
            planID: PlanID(UUID()),
            timelineID: UUID(),
            number: "local",
            state: .running,
            sourceBranch: source.branch,
            sourceVersion: source.commit,
            repository: source.repository,
            requestedBy: NSUserName(),
            variables: variables.mapValues { PipelineVariable(value: $0) },
            plan: plan,
            queuedAt: now,
            startedAt: now
        )
        run.stageRequests = requests
        run.sources = sources
        do throws(InvalidRunNumber) {
            run.number = try Self.number(of: run)
        } catch {
            run.number = "local"
            run.issues = [error.issue(named: run.number)]
        }
        var predefined = source.predefined
        predefined["Build.BuildId"] = "1"
        predefined["Build.BuildNumber"] = run.number
        snapshot = Mutex(RunSnapshot(run: run, predefined: predefined))
    }

    /// The plan with only the jobs asked for, which then wait for nothing.
    ///
    /// - Throws: ``LocalRunError/noJob(_:known:)``.
    static func only(_ jobs: [String], _ plan: RunPlan) throws(LocalRunError) -> RunPlan {
        guard !jobs.isEmpty else { return plan }
        let known = plan.stages.flatMap(\.jobs).map(\.name)
        for job in jobs where !known.contains(where: { $0.lowercased() == job.lowercased() }) {
            throw .noJob(job, known: known)
        }
        let wanted = Set(jobs.map { $0.lowercased() })
        var plan = plan
        plan.stages = plan.stages.compactMap { stage in
            var stage = stage
            stage.jobs = stage.jobs.filter { wanted.contains($0.name.lowercased()) }
            for index in stage.jobs.indices { stage.jobs[index].dependsOn = [] }
            stage.dependsOn = []
            return stage.jobs.isEmpty ? nil : stage
        }
        return plan
    }

    private static func number(of run: Run) throws(InvalidRunNumber) -> String {
        let facts = RunNumberFacts(
            pipelineName: run.pipelineName,
            runID: 1,
            sourceBranchName: String(run.sourceBranch.split(separator: "/").last ?? ""),
            projectName: "local",
            queuedAt: run.queuedAt
        )
        return try formatRunNumber(run.plan.numberFormat, facts) { _, _ in 1 }
    }

    /// Runs to the end, and leaves nothing behind but what the steps made in the working tree.
    func run() async -> TaskResult {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        ProcessTree.becomeSubreaper()
        let interrupts = watchInterrupts()
        defer { for source in interrupts { source.cancel() } }
        let start = Date()
        screen.runStarted(snapshot.withLock { $0.run })
        while true {
            plan()
            let (run, next) = snapshot.withLock { ($0.run, $0.jobs.first { $0.state == .queued }) }
            if let result = run.state.result {
                screen.runFinished(result, seconds: Date().timeIntervalSince(start))
                return result
            }
            guard let next else {
                screen.note("Nothing is left that could run.")
                return .failed
            }
            await carryOut(next, of: run)
        }
    }

    /// Plans until nothing is left to decide; counters begin anew with each local run.
    private func plan() {
        snapshot.withLock { snapshot in
            while true {
                let decisions = planProgress(snapshot, at: Date())
                guard !decisions.isEmpty else { return }
                for decision in decisions {
                    switch decision {
                    case .reserveCounter(let use): snapshot.counters[use.prefix] = use.seed
                    case .skip(let draft, let reason): screen.jobSkipped(draft.displayName, reason.sentence)
                    case .fail(let draft, let issue): screen.jobFailed(draft.displayName, issue.message)
                    default: break
                    }
                }
                snapshot.apply(decisions, at: Date()) { JobID(UUID()) }
            }
        }
    }

    private func carryOut(_ job: Job, of run: Run) async {
        let planned = run.plan.stages.first { $0.name == job.stage }?.jobs.first { $0.name == job.name }?
            .carryingOut(job.hook)
        screen.jobStarted(job)
        var finished = job
        finished.startedAt = Date()
        if let planned, let outcome = await execute(job, planned, run) {
            finished.state = .finished(outcome.result)
            finished.outputs = outcome.outputs
        } else {
            finished.state = .finished(.failed)
        }
        finished.finishedAt = Date()
        screen.jobFinished(finished)
        snapshot.withLock { snapshot in
            guard let place = snapshot.jobs.firstIndex(where: { $0.id == finished.id }) else { return }
            snapshot.jobs[place] = finished
        }
    }

    private func execute(_ job: Job, _ planned: PlannedJob, _ run: Run) async -> JobOutcome? {
        guard job.server == nil else {
            screen.note("The job '\(job.displayName)' has no agent ('pool: server'); only a server carries it out.")
            return nil
        }
        let planned = Self.inWorkingTree(planned)
        let message = JobMessage.make(run: run, job: job, plannedJob: planned, context: context(run))
        do {
            let order = try JobOrder(message, needsConnection: false)
            let settings = WorkerSettings(
                folders: AgentFolders(root: folder),
                agentName: "local",
                agentVersion: AgentVersion.level,
                environment: ProcessInfo.processInfo.environment,
                sourcesInPlace: inPlace
            )
            let reporter = LocalReporter(screen: screen, job: job.id.rawValue)
            let runner = JobRunner(
                order: order,
                settings: settings,
                reporter: reporter,
                logs: reporter,
                content: content,
                host: local.host
            )
            current.withLock { $0 = runner }
            defer { current.withLock { $0 = nil } }
            if snapshot.withLock({ $0.isCanceling }) { runner.cancel(.requested, timeout: .seconds(60)) }
            return await runner.run()
        } catch {
            screen.note("\(error)")
            return nil
        }
    }

    /// The job without the checkout of the working tree, which is what is run, unless others are checked out beside it.
    private static func inWorkingTree(_ planned: PlannedJob) -> PlannedJob {
        var planned = planned
        let checkouts = planned.steps.filter { $0.task.id == TaskReference.checkout.id }
        let isOwn = checkouts.allSatisfy { ["self", "none"].contains($0.inputs["repository"]?.lowercased() ?? "self") }
        if isOwn { planned.steps.removeAll { $0.task.id == TaskReference.checkout.id } }
        planned.workspaceCleaning = nil
        return planned
    }

    private func context(_ run: Run) -> JobMessageContext {
        let now = Date()
        return JobMessageContext(
            serverURL: "http://localhost/",
            instanceID: UUID(),
            organization: "local",
            project: Project(id: run.project, name: "local", createdAt: now),
            pipeline: Pipeline(
                id: run.pipeline,
                project: run.project,
                name: run.pipelineName,
                repository: run.repository,
                yamlPath: source.path,
                createdAt: now,
                createdBy: run.requestedBy
            ),
            pool: AgentPool(id: PoolID(1), name: "local", createdAt: now, createdBy: run.requestedBy),
            agent: Agent(
                id: AgentID(1),
                pool: PoolID(1),
                name: "local",
                version: AgentVersion.level,
                osDescription: "",
                clientID: ClientID(UUID()),
                publicKey: AgentPublicKey(exponent: Data(), modulus: Data()),
                createdAt: now,
                createdBy: run.requestedBy
            ),
            token: Secret(""),
            secureFiles: local.secureFiles
        )
    }

    // MARK: Interrupts

    /// The first Ctrl-C cancels as the server would; the second ends everything at once.
    private func watchInterrupts() -> [any DispatchSourceSignal] {
        let counter = SignalCounter()
        return [SIGINT, SIGTERM].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { [self] in interrupt(counter.next()) }
            source.resume()
            return source
        }
    }

    private func interrupt(_ count: Int) {
        snapshot.withLock { snapshot in
            guard case .running = snapshot.run.state else { return }
            snapshot.run.state = .canceling
            snapshot.run.canceledAt = Date()
        }
        let runner = current.withLock { $0 }
        if count == 1 {
            screen.note("Canceling; once more ends it at once.")
            runner?.cancel(.requested, timeout: .seconds(300))
        } else {
            runner?.endNow()
        }
    }
}

/// Counts signals from the queue they come on.
private final class SignalCounter: Sendable {
    private let count = Mutex(0)

    func next() -> Int {
        count.withLock { count in
            count += 1
            return count
        }
    }
}
