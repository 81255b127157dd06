import FoundationEssentials
import RoostLanguage
import RoostModel
import RoostWire

/// Carries out one job: prepares its folders, runs its steps one after the other, cleans up, and reports all of it.
///
/// Records and log lines travel beside the steps. One thing of the server is waited for before the first step: that the job has begun here, for otherwise
/// another agent may be given it.
public final class JobRunner: Sendable {
    private let parts: JobParts
    private let lease: LeaseGate
    private let progress = JobProgress()
    private let deadlines: AsyncStream<Duration>
    private let newDeadlines: AsyncStream<Duration>.Continuation
    private var initializeRecord: UUID { JobRecords.OwnRecord.initialize.id(in: parts.order.job.rawValue) }
    private var finalizeRecord: UUID { JobRecords.OwnRecord.finalize.id(in: parts.order.job.rawValue) }

    /// - Parameters:
    ///   - order: what to do.
    ///   - settings: what the agent brings.
    ///   - reporter: takes records and the end of the job.
    ///   - logs: takes the lines of steps.
    ///   - content: where artifacts and the cache are; nil for a run that has neither.
    ///   - lease: holds back the steps until the server has confirmed the job.
    ///   - host: where tasks that are not built in and secure files come from; nil for a run that has neither.
    ///   - log: what the worker writes down for itself.
    ///   - clock: measures time limits and pauses between tries.
    init(
        order: JobOrder,
        settings: WorkerSettings,
        reporter: any JobReporter,
        logs: any StepLogs,
        content: (any ContentHost)? = nil,
        lease: LeaseGate = LeaseGate(isOpen: true),
        host: (any TaskHost)? = nil,
        log: WorkerLog,
        clock: any Clock<Duration> = ContinuousClock()
    ) {
        self.lease = lease
        let masker = SecretMasker()
        let uses = UseLocks(settings.folders)
        parts = JobParts(
            order: order,
            settings: settings,
            variables: JobVariables(order.variables, readOnly: order.readOnlyVariables),
            masker: masker,
            paths: PrependedPaths(tools: settings.folders.tools),
            records: JobRecords(job: order.job.rawValue, workerName: settings.agentName, masker: masker),
            reporter: reporter,
            logs: logs,
            handlers: TaskHandlers(folders: TaskFolders()),
            checkouts: CheckoutPlan(order.steps),
            content: content,
            host: host,
            endpoints: JobEndpoints(order.endpoints),
            containers: JobContainers(order, settings, uses),
            fence: settings.fence.map(FenceWatch.init),
            uses: uses,
            mark: "vsts_\(order.job)",
            clock: clock,
            log: log
        )
        for (name, value, isSecret) in settings.network.variables {
            parts.variables.set(name, value, isSecret: isSecret, isReadOnly: true)
        }
        if let token = PredefinedVariables.accessToken(order) {
            parts.variables.set("System.AccessToken", token, isSecret: true)
        }
        (deadlines, newDeadlines) = AsyncStream.makeStream(of: Duration.self)
    }

    /// The same for a worker that writes nothing down for itself.
    ///
    /// - Parameters:
    ///   - order: what to do.
    ///   - settings: what the agent brings.
    ///   - reporter: takes records and the end of the job.
    ///   - logs: takes the lines of steps.
    ///   - content: where artifacts and the cache are; nil for a run that has neither.
    ///   - lease: holds back the steps until the server has confirmed the job.
    ///   - host: where tasks that are not built in and secure files come from; nil for a run that has neither.
    ///   - clock: measures time limits and pauses between tries.
    public convenience init(
        order: JobOrder,
        settings: WorkerSettings,
        reporter: any JobReporter,
        logs: any StepLogs,
        content: (any ContentHost)? = nil,
        lease: LeaseGate = LeaseGate(isOpen: true),
        host: (any TaskHost)? = nil,
        clock: any Clock<Duration> = ContinuousClock()
    ) {
        self.init(
            order: order,
            settings: settings,
            reporter: reporter,
            logs: logs,
            content: content,
            lease: lease,
            host: host,
            log: .none,
            clock: clock
        )
    }

    /// Runs the job to its end; called once.
    public func run() async -> JobOutcome {
        // Cancelled and waited for when this function returns.
        async let _: Void = parts.reporter.run()
        async let uploading: Void = parts.logs.run()
        async let watching: Void = watchDeadlines()
        parts.log.begin(parts.order, parts.settings)
        let diagnostics = JobDiagnostics(parts)
        announce()
        var outputs: [String: OutputVariable] = [:]
        let swept = await ContainerJournal(parts.settings).sweep()
        if let folders = await initialize(telling: swept), await lease.wait() { outputs = await runSteps(folders) }
        await finalize()
        newDeadlines.finish()
        parts.logs.finish()
        await uploading
        await watching
        if let diagnostics { await attach(diagnostics) }
        return await complete(outputs)
    }

    /// Does what comes before the first step, twice, since a second job finds what the first has left; starts nothing and tells nobody.
    ///
    /// - Returns: whether the first step could begin.
    func rehearse() async -> Bool {
        parts.log.begin(parts.order, parts.settings)
        announce()
        let swept = await ContainerJournal(parts.settings).sweep()
        for _ in 0..<2 {
            guard await initialize(telling: swept) != nil else { return false }
        }
        return await lease.wait()
    }

    /// Ends the job before its time; may be called from anywhere, more than once.
    ///
    /// - Parameters:
    ///   - reason: why.
    ///   - timeout: how long steps that run after a cancel may take in all.
    public func cancel(_ reason: CancelReason, timeout: Duration) {
        // Once the cancel is noted: what waits for the lease goes on with it.
        defer { lease.shut() }
        switch reason {
        case .requested: cancelOrderly(timeout)
        case .agentShutdown(let text):
            progress.add(Issue(.error, "The agent went down while the job ran: \(text)"))
            let current = progress.note(.hard(reason))
            current?.stop.stop(.agentShutdown(text), grace: parts.grace)
        case .listenerLost:
            progress.add(Issue(.error, "The agent's listener ended while the job ran; the job was given up."))
            let current = progress.note(.hard(reason))
            current?.stop.stop(.agentShutdown("its listener has ended"), grace: .none)
        }
    }

    private func cancelOrderly(_ timeout: Duration) {
        guard let current = progress.note(.orderly(.requested)) else {
            newDeadlines.yield(timeout)
            return
        }
        newDeadlines.yield(timeout)
        // A step that would begin after a cancel may also go on after one.
        let verdict = StepCondition.evaluate(current.step.condition, status: .canceled, variables: parts.variables)
        if verdict != .run { current.stop.stop(.canceled, grace: parts.grace) }
    }

    /// Ends what still runs when the time after a cancel is over.
    private func watchDeadlines() async {
        guard let timeout = await deadlines.first(where: { _ in true }) else { return }
        await withTaskGroup { group in
            group.addTask {
                guard (try? await self.parts.clock.sleep(for: timeout)) != nil else { return }
                self.endNow()
            }
            // The stream ends when the steps have.
            group.addTask { for await _ in self.deadlines {} }
            await group.next()
            group.cancelAll()
        }
    }

    /// Stops the present step with SIGKILL and lets no other begin; lines are still delivered.
    public func endNow() {
        defer { lease.shut() }
        progress.note(.hard(.requested))?.stop.stop(.cancelTimeOver, grace: .none)
    }

    /// Puts the job's bundle beside its record; the job does not depend on it.
    private func attach(_ diagnostics: JobDiagnostics) async {
        do {
            try await parts.reporter.attach(
                await diagnostics.archive(parts.log.steps),
                to: parts.order.job.rawValue,
                kind: JobDiagnostics.attachmentType,
                name: diagnostics.attachmentName
            )
        } catch {
            let reason = (error as? any UserFacingError)?.summary ?? "\(type(of: error))"
            parts.log.note("the bundle for diagnosis could not be uploaded", ["reason": reason])
            progress.add(Issue(.warning, "The bundle for diagnosis could not be uploaded: \(reason)"))
        }
    }

    // MARK: Begin

    /// Steps of tasks that must be fetched before it is known which parts they have.
    private var foreignSteps: [JobStep] { parts.order.steps.filter { !parts.handlers.isBuiltIn($0.task) } }

    /// Tells of the job's begin, and of all that is to come as soon as that is known.
    private func announce() {
        let now = Date()
        let records = parts.records
        var news = [
            records.jobStarted(refName: parts.order.name, agentVersion: parts.settings.agentVersion, at: now),
            records.initialization,
        ]
        hideSecrets()
        news[1].state = RecordState.inProgress.rawValue
        news[1].startTime = now
        parts.reporter.updateRecords(foreignSteps.isEmpty ? news + pendingRecords : news)
    }

    /// Everything that waits for its turn, in its order.
    private var pendingRecords: [TimelineRecordWire] {
        func alone(_ step: JobStep) -> (JobStep, UUID, String, String) {
            (step, step.id, step.displayName, step.name)
        }
        let containers = containerSteps
        let before = preSteps.map { ($0.step, $0.record, StepRunner.preName($0.step), "\($0.step.name)_Pre") }
        let main = parts.order.steps.map { ($0, $0.id, $0.displayName, $0.name) }
        let after = postSteps.map { ($0.step, $0.record, StepRunner.postName($0.step), "\($0.step.name)_Post") }
        var news: [TimelineRecordWire] = []
        let first = containers.map { [alone($0.first)] } ?? []
        let last = containers.map { [alone($0.last)] } ?? []
        for (step, record, name, refName) in first + before + main + after + last {
            news.append(
                parts.records.pending(
                    record,
                    name: parts.variables.expand(name),
                    refName: refName,
                    order: news.count + 2,
                    task: containers?.first.id == record || containers?.last.id == record ? nil : step.task
                )
            )
        }
        let end = parts.records.pending(
            finalizeRecord,
            name: "Finalize Job",
            refName: "JobExtension_Final",
            order: news.count + 2,
            task: nil
        )
        return news + [end]
    }

    /// Everything secret in the order; what is refused is told in the log of the first record.
    private func hideSecrets() {
        let network = parts.settings.network.secrets(in: parts.settings.environment)
        for (name, value) in JobSecrets.list(parts.order) + network {
            guard let refusal = parts.masker.add(value, name: name) else { continue }
            progress.add(Issue(.warning, [refusal.summary, refusal.advice].compactMap { $0 }.joined(separator: " ")))
        }
    }

    /// Prepares folders and variables; nil when the job cannot go on.
    private func initialize(telling swept: String?) async -> JobFolders? {
        let output = StepOutput(masker: parts.masker, sink: parts.logs.open(record: initializeRecord)) { _, _ in .show }
        let warnings = progress.issues
        defer { output.finish() }
        output.writeLine(
            """
            ##[section]Starting: Initialize job
            Agent name: '\(parts.settings.agentName)'
            Agent machine name: '\(MachineFacts.hostName)'
            Current agent version: '\(parts.settings.agentVersion)'
            """
        )
        if let swept { output.writeLine(swept) }
        if let fence = parts.settings.fence { output.writeLine("This job may use \(fence.limits.sentence).") }
        for warning in warnings { output.writeLine("##[warning]\(warning.message)") }
        var step = StepProgress.Snapshot()
        do {
            let folders = try await prepareFolders(output)
            parts.variables.set(PredefinedVariables.list(parts, folders))
            output.writeLine("Working folder: \(folders.build)\n##[section]Finishing: Initialize job")
            parts.reporter.updateRecords([parts.records.finished(initializeRecord, .succeeded, step, at: Date())])
            return folders
        } catch {
            if !foreignSteps.isEmpty { parts.reporter.updateRecords(pendingRecords) }
            let text = (error as? any UserFacingError)?.description ?? "\(error)"
            let issue = Issue(.error, parts.masker.mask(text))
            output.writeLine("##[error]\(issue.message)")
            (step.issues, step.errorCount) = ([issue], 1)
            progress.add(issue)
            progress.fail()
            parts.reporter.updateRecords([parts.records.finished(initializeRecord, .failed, step, at: Date())])
            return nil
        }
    }

    private func prepareFolders(_ output: StepOutput) async throws -> JobFolders {
        let workspace = Workspace(
            folders: parts.settings.folders,
            order: parts.order,
            variables: parts.variables,
            uses: parts.uses
        )
        let folders = try workspace.locate()
        // Tasks are fetched before, because no job may change them.
        try await fetchTasks(output)
        if let told = try IsolatedJob(settings: parts.settings, order: parts.order).begin(in: folders) {
            output.writeLine(told)
        }
        try workspace.prepare(folders)
        guard let alias = parts.checkouts.soleRepository, let inPlace = parts.settings.sourcesInPlace[alias] else {
            return folders
        }
        return JobFolders(build: folders.build, sources: inPlace)
    }

    /// Fetches the tasks that are not built in, and tells of what is to come with their parts in it.
    private func fetchTasks(_ output: StepOutput) async throws {
        guard !foreignSteps.isEmpty else { return }
        for step in foreignSteps where parts.handlers.folders[step.task] == nil {
            try parts.uses.hold(UpkeepItem.ID(.task, ServerTaskHost.place(of: step.task)))
            let folder = try await parts.host?.folder(of: step.task, tasks: parts.settings.folders.tasks) { line in
                output.writeLine(line)
            }
            // A step whose task nobody has fails in its turn, with a message of its own.
            guard let folder else { continue }
            parts.handlers.folders.put(try TaskFolder(path: folder, name: step.task.name), for: step.task)
        }
        parts.reporter.updateRecords(pendingRecords)
    }

    // MARK: Steps

    private func runSteps(_ folders: JobFolders) async -> [String: OutputVariable] {
        var outputs: [String: OutputVariable] = [:]
        if let first = containerSteps?.first { await runSteps([first], folders, &outputs) }
        outputs.merge(await runParts(preSteps, .before, folders)) { $1 }
        await runSteps(parts.order.steps, folders, &outputs)
        outputs.merge(await runParts(postSteps, .after, folders)) { $1 }
        if let last = containerSteps?.last { await stopContainers(last, folders) }
        return outputs
    }

    private func runSteps(
        _ steps: [JobStep],
        _ folders: JobFolders,
        _ outputs: inout [String: OutputVariable]
    ) async {
        for step in steps {
            let stop = StepStop()
            guard let status = progress.begin(step, stop) else {
                skip(step)
                continue
            }
            parts.variables.set([("Agent.JobStatus", status.rawValue)])
            let runner = StepRunner(parts: parts, folders: folders, step: step, stop: stop, status: status)
            let outcome = await runner.run()
            progress.end(outcome.result)
            for (name, value) in outcome.outputs { outputs["\(step.name).\(name)"] = value }
        }
    }

    /// What starts and ends the job's containers, as steps with records of their own; nil when it has none.
    private var containerSteps: (first: JobStep, last: JobStep)? {
        guard parts.order.needsContainers else { return nil }
        let job = parts.order.job.rawValue
        let first = JobStep(
            id: JobRecords.OwnRecord.initializeContainers.id(in: job),
            name: "JobExtension_InitContainers",
            displayName: "Initialize containers",
            task: InitializeContainersTask.reference,
            target: PlannedTarget.host
        )
        let last = JobStep(
            id: JobRecords.OwnRecord.stopContainers.id(in: job),
            name: "JobExtension_StopContainers",
            displayName: "Stop Containers",
            task: StopContainersTask.reference,
            condition: "always()",
            target: PlannedTarget.host
        )
        return (first, last)
    }

    /// Runs whatever happened to the job: a container outlives the worker otherwise.
    private func stopContainers(_ step: JobStep, _ folders: JobFolders) async {
        let stop = StepStop()
        let status = progress.begin(step, stop)
        let runner = StepRunner(
            parts: parts,
            folders: folders,
            step: step,
            stop: stop,
            status: status ?? progress.status
        )
        let outcome = await runner.run()
        if status != nil { progress.end(outcome.result) }
        _ = try? await parts.containers.stop(StopContainersTask.folders(parts.settings.folders, folders))
    }

    /// Steps whose task has a part after the job, the last first, and the records of those parts.
    private var postSteps: [(step: JobStep, record: UUID)] {
        parts.order.steps.reversed().compactMap { step in
            guard (try? parts.handlers.handler(for: step.task))?.afterJob != nil else { return nil }
            return (step, JobRecords.postRecord(of: step.id))
        }
    }

    /// Steps whose task has a part before the job, in their order.
    private var preSteps: [(step: JobStep, record: UUID)] {
        parts.order.steps.compactMap { step in
            guard (try? parts.handlers.handler(for: step.task))?.beforeJob != nil else { return nil }
            return (step, JobRecords.preRecord(of: step.id))
        }
    }

    private func runParts(
        _ steps: [(step: JobStep, record: UUID)],
        _ part: StepPart,
        _ folders: JobFolders
    ) async
        -> [String: OutputVariable]
    {
        var outputs: [String: OutputVariable] = [:]
        for (step, record) in steps {
            let stop = StepStop()
            var own = step
            own.condition = part == .before ? nil : "always()"
            guard let status = progress.begin(own, stop) else {
                skip(step, record)
                continue
            }
            parts.variables.set([("Agent.JobStatus", status.rawValue)])
            let runner = StepRunner(parts: parts, folders: folders, step: step, stop: stop, status: status)
            let outcome = await runner.run(part, in: record)
            progress.end(outcome.result)
            for (name, value) in outcome.outputs { outputs["\(step.name).\(name)"] = value }
        }
        return outputs
    }

    private func skip(_ step: JobStep, _ record: UUID? = nil) {
        parts.log.skip(step)
        let record = parts.records.finished(
            record ?? step.id,
            .skipped,
            code: "The job ended before the step could begin.",
            StepProgress.Snapshot(),
            at: Date()
        )
        parts.reporter.updateRecords([record])
    }

    // MARK: End

    /// Ends what steps left running, and removes what they must not leave.
    private func finalize() async {
        parts.reporter.updateRecords([parts.records.started(finalizeRecord, name: "Finalize Job", at: Date())])
        parts.checkouts.removeCredentials()
        await endInside()
        let tree = ProcessTree(mark: parts.mark, takesAllAdopted: parts.settings.ownsAllOrphans)
        if tree.mayHaveMembers() { await endOrphans(tree) }
        FileTree.empty(parts.settings.folders.temp)
        parts.reporter.updateRecords([
            parts.records.finished(finalizeRecord, .succeeded, StepProgress.Snapshot(), at: Date())
        ])
    }

    /// The same within the walls, which end with it.
    private func endInside() async {
        guard let walls = parts.settings.walls else { return }
        if walls.hasOrphans {
            await endOrphans(ProcessTree(mark: parts.mark, takesAllAdopted: true, keeper: walls.keeper))
        }
        await walls.drop()
    }

    /// How long background processes of steps may take to end after SIGTERM.
    private static let orphanGrace = Duration.milliseconds(500)

    private func endOrphans(_ tree: ProcessTree) async {
        let orphans = tree.members()
        guard !orphans.isEmpty else { return }
        let output = StepOutput(masker: parts.masker, sink: parts.logs.open(record: finalizeRecord)) { _, _ in .show }
        output.writeLine("##[section]Starting: Finalize Job")
        for orphan in orphans {
            output.writeLine("Ending the process that a step left behind: \(orphan.pid) (\(orphan.name))")
        }
        let left = try? await OwnThread.run { deliver in deliver(tree.end(grace: Self.orphanGrace)) }
        if let left, left > 0 { output.writeLine("##[warning]\(left) processes could not be ended.") }
        output.writeLine("##[section]Finishing: Finalize Job")
        output.finish()
    }

    private func complete(_ outputs: [String: OutputVariable]) async -> JobOutcome {
        let result = progress.result
        parts.log.note("the job ends", ["result": result.rawValue])
        parts.reporter.updateRecords([parts.records.jobFinished(result, issues: progress.issues, at: Date())])
        var isShutdown = false
        if case .agentShutdown = progress.cancel?.reason { isShutdown = true }
        do {
            try await parts.reporter.complete(result, outputs: outputs, agentShuttingDown: isShutdown)
            return JobOutcome(result: result, outputs: outputs)
        } catch {
            parts.log.note("the job's end could not be reported", ["reason": "\(type(of: error))"])
            return JobOutcome(result: result, outputs: outputs, isReported: false)
        }
    }
}
