import FoundationEssentials
import RoostLanguage
public import RoostModel
import RoostPipeline
public import RoostStore

extension ControlPlane {
    /// The final YAML of a run that is not queued.
    public func previewRun(_ request: RunRequest, by caller: Caller) async throws(ControlError) -> String {
        try await prepare(request, by: caller).plan.finalYAML
    }

    /// Queues a run: reads the pipeline's file at the commit, checks all of it, and makes the jobs that may begin.
    ///
    /// - Parameters:
    ///   - request: what is asked.
    ///   - caller: who asks.
    /// - Returns: the run, durable.
    /// - Throws: ``ControlError/pipelineInvalid(_:)`` with all problems, and what the look-ups throw.
    public func queueRun(_ request: RunRequest, by caller: Caller) async throws(ControlError) -> Run {
        try await queueRun(request, by: caller) { _, _, _ in }
    }

    /// Queues a run and changes what belongs to it in the same transaction.
    func queueRun(
        _ request: RunRequest,
        by caller: Caller,
        _ also: (Run, inout ControlState, inout ControlChange) -> Void
    ) async throws(ControlError) -> Run {
        let prepared = try await prepare(request, by: caller)
        return try await change { state, change throws(ControlError) in
            guard !state.isStopping else { throw .shuttingDown }
            let run = self.add(prepared, request, rerunOf: nil, caller, &state, &change)
            also(run, &state, &change)
            return run
        }
    }

    /// Asks a run to end: jobs that have not begun end now, the others when their agents have stopped them.
    public func cancelRun(_ id: RunID, by caller: Caller) async throws(ControlError) -> Run {
        let known = try await run(id).run
        guard !known.state.isCompleted else { return known }
        return try await change { state, change throws(ControlError) in
            guard var run = state.runs[id]?.run else { throw .runNotFound(id.description) }
            guard !run.state.isCompleted, run.state != .canceling else { return run }
            run.state = .canceling
            run.canceledBy = caller.displayName
            run.canceledAt = change.now
            state.put(run, &change)
            change.audit(caller, "run.cancel", "run:\(id)", run.number)
            for job in state.runs[id]?.jobList ?? [] where !job.state.isFinished {
                state.cancel(job, settings: self.settings, &change)
            }
            change.dirtyRuns.insert(id)
            return run
        }
    }

    /// Queues a new run at the same commit with the same variables.
    public func rerun(_ id: RunID, by caller: Caller) async throws(ControlError) -> Run {
        let former = try await run(id).run
        let request = RunRequest(
            pipeline: former.pipeline,
            branch: former.sourceBranch,
            version: former.sourceVersion,
            variables: former.variables,
            parameters: former.parameters,
            priority: former.priority
        ).repeating(former)
        let prepared = try await prepare(request, by: caller, isRepeated: true)
        return try await change { state, change throws(ControlError) in
            guard !state.isStopping else { throw .shuttingDown }
            return self.add(prepared, request, rerunOf: id, caller, &state, &change)
        }
    }

    /// Removes a completed run with its logs.
    public func deleteRun(_ id: RunID, by caller: Caller) async throws(ControlError) {
        let known = try await run(id).run
        guard known.state.isCompleted else { throw .inUse(what: "Run \(known.number)", by: "its own jobs") }
        try await change { state, change in
            state.forget(id)
            state.completedRuns.removeAll { $0 == id }
            change.store.append(.deleteRun(id))
            change.audit(caller, "run.delete", "run:\(id)", known.number)
            change.effects.append { $0.deleteBlobs(of: id) }
        }
    }

    /// Gives a run another number, or changes its tags.
    public func updateRun(
        _ id: RunID,
        number: String? = nil,
        addTags: [String] = [],
        removeTags: [String] = [],
        by caller: Caller
    ) async throws(ControlError) -> Run {
        if let number, number.isEmpty || number.count > 255 {
            throw .invalid(
                what: "The run's number",
                problem: "it has \(number.count) characters",
                advice: "Give 1 to 255."
            )
        }
        var stored = try await run(id).run
        return try await change { state, change in
            stored = state.runs[id]?.run ?? stored
            stored.number = number ?? stored.number
            stored.tags.removeAll { removeTags.contains($0) }
            for tag in addTags where !stored.tags.contains(tag) { stored.tags.append(tag) }
            if state.runs[id] != nil { state.put(stored, &change) } else { change.store.append(.putRun(stored)) }
            if !caller.isWork { change.audit(caller, "run.update", "run:\(id)", stored.number) }
            return stored
        }
    }

    /// A run with all that belongs to it.
    public func run(_ id: RunID) async throws(ControlError) -> RunView {
        if let active = read({ $0.runs[id] }) { return active.view }
        do {
            guard let run = try await store.run(id) else { throw ControlError.runNotFound(id.description) }
            let active = ActiveRun(
                run,
                jobs: try await store.jobs(of: id),
                records: try await store.records(of: id),
                logs: try await store.logs(of: id)
            )
            return active.view
        } catch let error as ControlError {
            throw error
        } catch let error as StoreError {
            throw .storeUnavailable(error)
        } catch {
            throw .storeUnavailable(.failed(path: "", reason: "\(error)"))
        }
    }

    /// Newest first, with what active ones wait for.
    public func runs(_ query: RunQuery) async throws(ControlError) -> [RunSummary] {
        let stored: [Run]
        do { stored = try await store.runs(query) } catch { throw .storeUnavailable(error) }
        return read { state in
            stored.map { run in
                guard let active = state.runs[run.id] else { return RunSummary(run: run) }
                return RunSummary(run: active.run, waiting: self.firstWait(of: active, state))
            }
        }
    }

    /// Changes of a run: what it is now, then each change; ends when the run is completed.
    public func events(run id: RunID) async throws(ControlError) -> AsyncStream<RunEvent> {
        let live = runEvents.watch(id)
        let view = try await run(id)
        let (stream, continuation) = AsyncStream<RunEvent>.makeStream()
        continuation.yield(.run(view.run))
        continuation.yield(.records(view.records, changeID: view.changeID))
        for log in view.logs { continuation.yield(.log(log)) }
        guard !view.run.state.isCompleted else {
            continuation.finish()
            return stream
        }
        let forward = Task {
            for await event in live {
                continuation.yield(event)
                if case .run(let run) = event, run.state.isCompleted { break }
            }
            continuation.finish()
        }
        continuation.onTermination = { _ in forward.cancel() }
        return stream
    }

    /// Every run that changes, from now on.
    public func recentRunEvents() -> AsyncStream<Run> { anyRunEvents.watch(0) }

    // MARK: Preparing

    /// A run that may be made: its commit and its plan.
    struct PreparedRun: Sendable {
        var pipeline: Pipeline
        var project: Project
        var commit: ResolvedCommit
        var plan: RunPlan
        var sources: RunSources
        var warnings: [Issue]
        /// Variables of the variable groups that the plan names.
        var groups: [String: [String: PipelineVariable]] = [:]
        /// Those of the pipeline's settings and of the request.
        var variables: [String: PipelineVariable]
    }

    /// Checks a request; the variables of one that is repeated are those of a run that was made, and need not be settable.
    private func prepare(
        _ request: RunRequest,
        by caller: Caller,
        isRepeated: Bool = false
    ) async throws(ControlError) -> PreparedRun {
        let pipeline = try self.pipeline(request.pipeline)
        let project = try self.project(pipeline.project.description)
        guard pipeline.enabled else {
            throw .invalid(what: "Pipeline '\(pipeline.name)'", problem: "it is disabled", advice: "Enable it first.")
        }
        for name in request.variables.keys where !isRepeated {
            let known = pipeline.variables.first { $0.key.lowercased() == name.lowercased() }?.value
            guard known?.settableAtQueueTime != false else {
                throw .invalid(
                    what: "Variable '\(name)'",
                    problem: "the pipeline does not let it be set when a run is queued",
                    advice: "Mark it as settable in the pipeline."
                )
            }
        }
        let commit = try await repositories.resolve(
            pipeline.repository,
            branch: request.branch,
            version: request.version
        )
        let (plan, sources, warnings) = try await compile(pipeline, project, commit, request, caller)
        try checkPools(of: plan, pipeline, project, request)
        try checkSecureFiles(of: plan, in: project)
        try checkConnections(of: plan, in: project)
        let given = pipeline.variables.merging(request.variables) { _, new in new }
        let withholds = read { $0.withholdsSecrets(from: request.cause, of: pipeline.id) }
        return PreparedRun(
            pipeline: pipeline,
            project: project,
            commit: commit,
            plan: plan,
            sources: sources,
            warnings: warnings + (withholds ? withheld(from: plan, given, project) : []),
            groups: try variableGroups(of: plan, in: project, withoutSecrets: withholds),
            variables: withholds ? given.withoutSecrets : given
        )
    }

    /// Says that a run of a fork lacks something that other runs have.
    private func withheld(from plan: RunPlan, _ given: [String: PipelineVariable], _ project: Project) -> [Issue] {
        let groups = (try? variableGroups(of: plan, in: project, withoutSecrets: false)) ?? [:]
        let variables = Array(given.values) + groups.values.flatMap(\.values)
        guard variables.contains(where: \.isSecret) || read({ $0.namesSecrets(plan) }) else { return [] }
        let text = "This run builds a fork: it gets no secret variables, secure files and service connections."
        return [Issue(.warning, text)]
    }

    private func compile(
        _ pipeline: Pipeline,
        _ project: Project,
        _ commit: ResolvedCommit,
        _ request: RunRequest,
        _ caller: Caller
    ) async throws(ControlError) -> (RunPlan, RunSources, [Issue]) {
        var predefined = RunVariables.compileTime(
            pipeline,
            project,
            settings,
            instance: instanceID,
            reason: request.reason,
            requestedBy: caller.displayName,
            ref: commit.ref,
            commit: commit.id
        )
        predefined.merge(request.cause.variables) { _, cause in cause }
        let given = pipeline.variables.merging(request.variables) { _, new in new }
        let key = PlanCache.Key(
            repository: pipeline.repository.url,
            commit: commit.id,
            path: pipeline.yamlPath,
            text: request.yamlOverride,
            variables: predefined.merging(given.filter { !$0.value.isSecret }.mapValues(\.value)) { _, new in new },
            // A message of a webhook is a parameter that the file does not declare.
            parameters: request.parameters.merging(request.cause.payloads) { _, payload in payload },
            tasks: read { $0.tasks.revision }
        )
        if let known = plans.plan(key) {
            let sources = try await self.sources(of: known, pipeline, project, request, [:])
            return (known.plan, sources, [])
        }
        let asked = CompileRequest(
            parameters: request.parameters,
            queueTimeVariables: given.filter { !$0.value.isSecret }.mapValues(\.value),
            predefinedVariables: predefined,
            repository: PlannedRepository(alias: "self", type: "git", name: pipeline.repository.name),
            settings: CompileSettings(isFork: request.cause.pullRequest?.isFork ?? false),
            webhooks: request.cause.payloads.compactMapValues { try? Value(json: $0) },
            tasks: read { $0.tasks.installed }
        )
        let (compiled, found) = try await compile(pipeline, project, commit, request, asked)
        guard let plan = compiled.plan else {
            throw .pipelineInvalid(compiled.diagnostics.filter(\.isError))
        }
        // What no agent here could carry out would only fail later, after people waited for it.
        let obstacles = compiled.limitations.filter(\.isError)
        guard obstacles.isEmpty else { throw .pipelineInvalid(obstacles) }
        let entry = PlanCache.Entry(plan: plan, files: compiled.fileNames, triggers: compiled.triggers)
        // Other repositories move on by themselves, which the key does not see.
        if compiled.diagnostics.isEmpty, compiled.limitations.isEmpty, found.isEmpty { plans.store(entry, for: key) }
        let sources = try await self.sources(of: entry, pipeline, project, request, found)
        return (plan, sources, (compiled.diagnostics + compiled.limitations).map { Issue(.warning, $0.description) })
    }

    /// Names of pools that are plain text must exist before the run does.
    private func checkPools(
        of plan: RunPlan,
        _ pipeline: Pipeline,
        _ project: Project,
        _ request: RunRequest
    )
        throws(ControlError)
    {
        if let pool = request.poolOverride, read({ $0.pools[pool] }) == nil { throw .poolNotFound(pool.description) }
        guard request.poolOverride == nil else { return }
        let known = pools().map(\.name)
        var problems: [Diagnostic] = []
        for job in plan.stages.flatMap(\.jobs) {
            guard job.pool?.isServer != true, let name = job.pool?.name, !name.text.contains("$("),
                !name.text.contains("$[")
            else { continue }
            guard !known.contains(where: { $0.lowercased() == name.text.lowercased() }) else { continue }
            let near = nearName(name.text, among: known)
            problems.append(
                .error(
                    "pool.not-found",
                    "\(name.place.isEmpty ? "" : "\(name.place): ")Job '\(job.name)': could not find a pool with name '\(name.text)'.",
                    advice: near.map { "Did you mean '\($0)'?" }
                        ?? "Make it with 'roost pool create', or name one of: \(known.joined(separator: ", "))."
                )
            )
        }
        guard problems.isEmpty else { throw .pipelineInvalid(problems) }
        let needsDefault = plan.stages.flatMap(\.jobs).contains { $0.pool?.name == nil && $0.pool?.isServer != true }
        if needsDefault, pipeline.defaultPool ?? project.defaultPool == nil {
            throw .invalid(
                what: "Pipeline '\(pipeline.name)'",
                problem:
                    "its YAML names no pool for some job, and neither the pipeline nor the project has a default pool",
                advice: "Write 'pool: NAME', or set a default pool."
            )
        }
    }

    // MARK: Making

    private func add(
        _ prepared: PreparedRun,
        _ request: RunRequest,
        rerunOf: RunID?,
        _ caller: Caller,
        _ state: inout ControlState,
        _ change: inout ControlChange
    ) -> Run {
        state.counters.run += 1
        let id = RunID(state.counters.run)
        var run = Run(
            id: id,
            pipeline: prepared.pipeline.id,
            pipelineName: prepared.pipeline.name,
            project: prepared.project.id,
            planID: PlanID(UUID()),
            timelineID: UUID(),
            number: id.description,
            reason: request.reason,
            priority: request.priority,
            sourceBranch: prepared.commit.ref,
            sourceVersion: prepared.commit.id,
            sourceVersionMessage: prepared.commit.message,
            sourceVersionAuthor: prepared.commit.author,
            repository: prepared.pipeline.repository,
            requestedBy: caller.displayName,
            variables: prepared.variables,
            parameters: request.parameters,
            plan: prepared.plan,
            queuedAt: change.now,
            rerunOf: rerunOf,
            issues: prepared.warnings
        )
        run.poolOverride = request.poolOverride
        run.variableGroups = prepared.groups
        run.cause = request.cause
        run.sources = prepared.sources
        run.stageRequests = prepared.sources.stagesToSkip.map {
            StageRequest(stage: $0, kind: .skip, by: caller.displayName, at: change.now)
        }
        state.adopt(ActiveRun(run))
        name(&run, prepared, &state, &change)
        state.runs[id]?.run.number = run.number
        state.runs[id]?.run.issues = run.issues
        state.makeRecords(of: id, change.now)
        change.changedRuns.insert(id)
        change.touchedRecords.insert(id)
        change.dirtyRuns.insert(id)
        change.audit(caller, "run.queue", "run:\(id)", "\(run.pipelineName) \(run.number)")
        return run
    }

    /// Counters that the name speaks of are counted now; the run keeps them.
    private func numberVariables(
        of run: Run,
        _ prepared: PreparedRun,
        _ state: inout ControlState,
        _ change: inout ControlChange
    ) -> [String: String] {
        let predefined = RunVariables.predefined(
            run,
            prepared.pipeline,
            prepared.project,
            settings,
            instance: instanceID
        )
        var snapshot = RunSnapshot(run: run, predefined: predefined)
        while true {
            let known = queueTimeVariables(of: snapshot)
            guard let use = known.missingCounters.first else { return known.variables }
            state.reserveCounter(use, of: run.id, &change)
            snapshot.counters = state.runs[run.id]?.counters ?? [use.prefix: use.seed]
        }
    }

    /// Gives the run its number; one whose file's name makes none that may be used is called by its id, and says so.
    private func name(
        _ run: inout Run,
        _ prepared: PreparedRun,
        _ state: inout ControlState,
        _ change: inout ControlChange
    ) {
        do throws(InvalidRunNumber) {
            run.number = try number(of: run, prepared, &state, &change)
        } catch {
            run.number = run.id.description
            run.issues.append(error.issue(named: run.number))
        }
    }

    private func number(
        of run: Run,
        _ prepared: PreparedRun,
        _ state: inout ControlState,
        _ change: inout ControlChange
    ) throws(InvalidRunNumber) -> String {
        // A file that gives no format asks for no variable.
        let variables = run.plan.numberFormat == nil ? [:] : numberVariables(of: run, prepared, &state, &change)
        let facts = RunNumberFacts(
            pipelineName: run.pipelineName,
            runID: run.id.rawValue,
            sourceBranchName: String(run.sourceBranch.split(separator: "/").last ?? ""),
            projectName: prepared.project.name,
            queuedAt: change.now,
            variables: variables
        )
        var revision: (name: String, value: Data)?
        let number = try formatRunNumber(run.plan.numberFormat, facts) { prefix, suffix in
            let name = "revision:\(run.pipeline):\(prefix)*\(suffix)"
            let next = (state.settings[name].flatMap { Int(String(decoding: $0, as: UTF8.self)) } ?? 0) + 1
            revision = (name, Data(String(next).utf8))
            return next
        }
        if let revision {
            state.settings[revision.name] = revision.value
            change.store.append(.putSetting(name: revision.name, value: revision.value))
        }
        return number
    }
}
