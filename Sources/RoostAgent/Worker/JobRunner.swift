import FoundationEssentials
import RoostLanguage
import RoostModel
import RoostWire

/// Carries out one job: prepares its folders, runs its steps one after the other, cleans up, and reports all of it.
///
/// Nothing of it waits for the server before the first process runs: records and log lines travel beside the steps.
public final class JobRunner: Sendable {
    private let parts: JobParts
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
    ///   - clock: measures time limits and pauses between tries.
    public init(
        order: JobOrder,
        settings: WorkerSettings,
        reporter: any JobReporter,
        logs: any StepLogs,
        content: (any ContentHost)? = nil,
        clock: any Clock<Duration> = ContinuousClock()
    ) {
        let masker = SecretMasker()
        parts = JobParts(
            order: order,
            settings: settings,
            variables: JobVariables(order.variables, readOnly: order.readOnlyVariables),
            masker: masker,
            paths: PrependedPaths(),
            records: JobRecords(job: order.job.rawValue, workerName: settings.agentName, masker: masker),
            reporter: reporter,
            logs: logs,
            handlers: TaskHandlers(),
            checkouts: CheckoutPlan(order.steps),
            content: content,
            containers: JobContainers(order, settings),
            mark: "vsts_\(order.job)",
            clock: clock
        )
        if let token = PredefinedVariables.accessToken(order) {
            parts.variables.set("System.AccessToken", token, isSecret: true)
        }
        (deadlines, newDeadlines) = AsyncStream.makeStream(of: Duration.self)
    }

    /// Runs the job to its end; called once.
    public func run() async -> JobOutcome {
        // Cancelled and waited for when this function returns.
        async let _: Void = parts.reporter.run()
        async let uploading: Void = parts.logs.run()
        async let watching: Void = watchDeadlines()
        announce()
        var outputs: [String: OutputVariable] = [:]
        let swept = await ContainerJournal(parts.settings).sweep()
        if let folders = initialize(telling: swept) { outputs = await runSteps(folders) }
        await finalize()
        newDeadlines.finish()
        parts.logs.finish()
        await uploading
        await watching
        return await complete(outputs)
    }

    /// Ends the job before its time; may be called from anywhere, more than once.
    ///
    /// - Parameters:
    ///   - reason: why.
    ///   - timeout: how long steps that run after a cancel may take in all.
    public func cancel(_ reason: CancelReason, timeout: Duration) {
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
        progress.note(.hard(.requested))?.stop.stop(.cancelTimeOver, grace: .none)
    }

    // MARK: Begin

    /// Tells of the job's begin and of all that is to come.
    private func announce() {
        let now = Date()
        let records = parts.records
        var news = [
            records.jobStarted(refName: parts.order.name, agentVersion: parts.settings.agentVersion, at: now),
            records.initialization,
        ]
        hideSecrets()
        if let step = containerSteps?.first {
            news.append(records.pending(step.id, name: step.displayName, refName: step.name, order: 2, task: nil))
        }
        let firstOrder = parts.order.firstStepOrder
        for (index, step) in parts.order.steps.enumerated() {
            news.append(
                records.pending(
                    step.id,
                    name: parts.variables.expand(step.displayName),
                    refName: step.name,
                    order: index + firstOrder,
                    task: step.task
                )
            )
        }
        var last = parts.order.steps.count + firstOrder
        for (step, record) in postSteps {
            news.append(
                records.pending(
                    record,
                    name: parts.variables.expand(StepRunner.postName(step)),
                    refName: "\(step.name)_Post",
                    order: last,
                    task: step.task
                )
            )
            last += 1
        }
        if let step = containerSteps?.last {
            news.append(records.pending(step.id, name: step.displayName, refName: step.name, order: last, task: nil))
            last += 1
        }
        news.append(
            records.pending(finalizeRecord, name: "Finalize Job", refName: "JobExtension_Final", order: last, task: nil)
        )
        news[1].state = RecordState.inProgress.rawValue
        news[1].startTime = now
        parts.reporter.updateRecords(news)
    }

    /// Everything secret in the order; what is refused is told in the log of the first record.
    private func hideSecrets() {
        for (name, value) in JobSecrets.list(parts.order) {
            guard let refusal = parts.masker.add(value, name: name) else { continue }
            progress.add(Issue(.warning, [refusal.summary, refusal.advice].compactMap { $0 }.joined(separator: " ")))
        }
    }

    /// Prepares folders and variables; nil when the job cannot go on.
    private func initialize(telling swept: String?) -> JobFolders? {
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
        for warning in warnings { output.writeLine("##[warning]\(warning.message)") }
        var step = StepProgress.Snapshot()
        do throws(WorkspaceFailure) {
            let folders = try prepareFolders()
            parts.variables.set(PredefinedVariables.list(parts, folders))
            output.writeLine("Working folder: \(folders.build)\n##[section]Finishing: Initialize job")
            parts.reporter.updateRecords([parts.records.finished(initializeRecord, .succeeded, step, at: Date())])
            return folders
        } catch {
            let issue = Issue(.error, parts.masker.mask(error.description))
            output.writeLine("##[error]\(issue.message)")
            (step.issues, step.errorCount) = ([issue], 1)
            progress.add(issue)
            progress.fail()
            parts.reporter.updateRecords([parts.records.finished(initializeRecord, .failed, step, at: Date())])
            return nil
        }
    }

    private func prepareFolders() throws(WorkspaceFailure) -> JobFolders {
        let workspace = Workspace(folders: parts.settings.folders, order: parts.order, variables: parts.variables)
        let folders = try workspace.prepare()
        guard let alias = parts.checkouts.soleRepository, let inPlace = parts.settings.sourcesInPlace[alias] else {
            return folders
        }
        return JobFolders(build: folders.build, sources: inPlace)
    }

    // MARK: Steps

    private func runSteps(_ folders: JobFolders) async -> [String: OutputVariable] {
        var outputs: [String: OutputVariable] = [:]
        for step in (containerSteps.map { [$0.first] } ?? []) + parts.order.steps {
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
        await runPostSteps(folders)
        if let last = containerSteps?.last { await stopContainers(last, folders) }
        return outputs
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
            guard (try? parts.handlers.handler(for: step.task)) is any PostJobTask else { return nil }
            return (step, JobRecords.postRecord(of: step.id))
        }
    }

    private func runPostSteps(_ folders: JobFolders) async {
        for (step, record) in postSteps {
            let stop = StepStop()
            var own = step
            own.condition = "always()"
            guard let status = progress.begin(own, stop) else {
                skip(step, record)
                continue
            }
            parts.variables.set([("Agent.JobStatus", status.rawValue)])
            let runner = StepRunner(parts: parts, folders: folders, step: step, stop: stop, status: status)
            progress.end(await runner.runAfterJob(in: record).result)
        }
    }

    private func skip(_ step: JobStep, _ record: UUID? = nil) {
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
        let tree = ProcessTree(mark: parts.mark, takesAllAdopted: parts.settings.ownsAllOrphans)
        if tree.mayHaveMembers() { await endOrphans(tree) }
        FileTree.empty(parts.settings.folders.temp)
        parts.reporter.updateRecords([
            parts.records.finished(finalizeRecord, .succeeded, StepProgress.Snapshot(), at: Date())
        ])
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
        parts.reporter.updateRecords([parts.records.jobFinished(result, issues: progress.issues, at: Date())])
        var isShutdown = false
        if case .agentShutdown = progress.cancel?.reason { isShutdown = true }
        do {
            try await parts.reporter.complete(result, outputs: outputs, agentShuttingDown: isShutdown)
            return JobOutcome(result: result, outputs: outputs)
        } catch {
            return JobOutcome(result: result, outputs: outputs, isReported: false)
        }
    }
}
