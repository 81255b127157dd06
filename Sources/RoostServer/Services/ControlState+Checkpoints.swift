import FoundationEssentials
import RoostModel
import RoostPipeline
import RoostStore

extension ControlState {
    /// Tells the planner of a run how far the checks of its stages are.
    func showGates(to snapshot: inout RunSnapshot) {
        var gates: [String: StageGate] = [:]
        for checkpoint in environments.checkpoints[snapshot.run.id] ?? [] { gates[checkpoint.stage] = checkpoint.gate }
        snapshot.gates = gates
        snapshot.guardedStages = guardedStages(of: snapshot.run.id)
        snapshot.environments = environmentFacts(of: snapshot.run.project)
    }

    /// Makes the stop of a stage before the checks of its environments and the permissions it lacks; environments that are missing are made.
    mutating func openCheckpoint(_ stage: String, _ uses: [EnvironmentUse], of id: RunID, _ change: inout ControlChange)
    {
        guard let active = runs[id], environments.checkpoint(of: id, stage: stage) == nil else { return }
        let run = active.run
        let used = uses.map { environment($0.name, for: run, &change) }
        // Names of environments may be known only now.
        let named = used.map { ResourceUse(resource: $0.resource, name: $0.name) }
        let missing = missingPermissions(of: id, stage: stage, beside: named).map { use in
            CheckRun(
                id: CheckRunID(active.recordID("permission:\(stage):\(use.resource.kind):\(use.resource.id)").rawValue),
                check: nil,
                environment: nil,
                environmentName: use.name,
                kind: .permission(use.resource),
                timeoutInMinutes: Check.defaultTimeout,
                beganAt: change.now
            )
        }
        let checks = used.flatMap { environment in
            environments.checks(of: environment.id).map { check in
                CheckRun(
                    id: CheckRunID(active.recordID("check:\(stage):\(check.id)").rawValue),
                    check: check.id,
                    environment: environment.id,
                    environmentName: environment.name,
                    kind: check.kind,
                    timeoutInMinutes: check.timeoutInMinutes,
                    beganAt: change.now
                )
            }
        }
        let planned = run.plan.stages.first { $0.name == stage }
        let checkpoint = Checkpoint(
            id: CheckpointID(active.recordID("checkpoint:\(stage)").rawValue),
            run: id,
            pipeline: run.pipeline,
            stage: stage,
            requestedBy: run.requestedBy,
            branch: run.sourceBranch,
            lockBehavior: planned?.lockBehavior ?? run.plan.lockBehavior ?? .runLatest,
            environments: used.map(\.id),
            createdAt: change.now,
            checks: missing + checks
        )
        put(checkpoint, &change)
    }

    /// The environment of a name in the run's project; made on its first use.
    private mutating func environment(
        _ name: String,
        for run: Run,
        _ change: inout ControlChange
    ) -> DeploymentEnvironment {
        if let known = environments.environment(name, in: run.project) { return known }
        counters.environment += 1
        let made = DeploymentEnvironment(
            id: EnvironmentID(counters.environment),
            project: run.project,
            name: name,
            createdAt: change.now,
            createdBy: "user:\(run.requestedBy)"
        )
        environments.environments[made.id] = made
        change.store.append(.putEnvironment(made))
        change.audit(
            .system,
            "environment.create",
            "environment:\(made.id)",
            "\(name), first used by run \(run.number)"
        )
        return made
    }

    mutating func put(_ checkpoint: Checkpoint, _ change: inout ControlChange) {
        environments.put(checkpoint)
        change.store.append(.putCheckpoint(checkpoint))
        putRecords(of: checkpoint, change.now)
        change.touchedRecords.insert(checkpoint.run)
        change.dirtyRuns.insert(checkpoint.run)
        change.checksAreDirty = true
    }

    // MARK: After each planning of a run

    /// Lets go the stops of stages that ended, and keeps the history of the environments.
    mutating func followDeployments(of id: RunID, _ change: inout ControlChange) {
        guard let active = runs[id], let stops = environments.checkpoints[id] else { return }
        let standing = RunStanding(RunSnapshot(run: active.run, jobs: active.jobList))
        for stop in stops {
            follow(stop, active, standing, &change)
            guard stop.isOpen, standing.stage(stop.stage).result != nil || active.run.state.isCompleted else {
                continue
            }
            var stop = stop
            stop.release(at: change.now)
            put(stop, &change)
        }
    }

    private mutating func follow(
        _ stop: Checkpoint,
        _ active: ActiveRun,
        _ standing: RunStanding,
        _ change: inout ControlChange
    ) {
        guard case .passed = stop.state, let stage = active.run.plan.stages.first(where: { $0.name == stop.stage })
        else {
            return
        }
        for job in stage.jobs where job.deployment?.environment != nil {
            let phase = standing.phase(stage: stage.name, job: job.name)
            let first = active.jobList.first { $0.stage == stage.name && $0.name == job.name }
            guard let first, first.state.result != .skipped || first.hook != nil,
                let environment = environment(of: first, stop)
            else { continue }
            let record = active.phaseRecord(stage.name, job.name)
            let known = environments.deployments[active.run.id]?[record]
            guard known == nil || known?.result != phase.result else { continue }
            let run = active.run
            let deployment = Deployment(
                id: record,
                environment: environment,
                run: run.id,
                pipeline: run.pipeline,
                pipelineName: run.pipelineName,
                runNumber: run.number,
                stage: stage.name,
                job: job.name,
                requestedBy: run.requestedBy,
                queuedAt: known?.queuedAt ?? change.now,
                finishedAt: phase.result == nil ? nil : phase.finishedAt ?? change.now,
                result: phase.result
            )
            environments.put(deployment)
            change.store.append(.putDeployment(deployment))
        }
    }

    /// The environment a job of a deployment works on.
    private func environment(of job: Job, _ stop: Checkpoint) -> EnvironmentID? {
        guard let name = job.variables["Environment.Name"]?.value.lowercased() else { return stop.environments.first }
        return stop.environments.first { environments.environments[$0]?.name.lowercased() == name }
    }
}

extension Checkpoint {
    /// As the planner of runs knows it.
    fileprivate var gate: StageGate {
        switch state {
        case .checking, .queued: .waiting
        case .passed, .released: .passed
        case .refused(let refusal, _):
            .refused(refusal.result, Issue(.error, refusal.sentence, category: "Checks", data: ["code": refusal.code]))
        }
    }
}

extension ControlPlane {
    /// Makes the stop of a stage before its checks.
    func openCheckpoint(
        _ stage: String,
        _ uses: [EnvironmentUse],
        of id: RunID,
        _ state: inout ControlState,
        _ change: inout ControlChange
    ) {
        state.openCheckpoint(stage, uses, of: id, &change)
    }

    /// Decides what can be decided about checks, and wakes for the next deadline.
    func settleChecks(_ state: inout ControlState, _ change: inout ControlChange) {
        state.environments.nextDeadline = nil
        let snapshot = state.checkSnapshot()
        guard !snapshot.checkpoints.isEmpty else { return }
        let plan = planChecks(snapshot, at: change.now)
        var changed: [CheckpointID: Checkpoint] = [:]
        let known = Dictionary(snapshot.checkpoints.map { ($0.id, $0) }) { first, _ in first }
        for decision in plan.decisions {
            guard var checkpoint = changed[decision.checkpoint] ?? known[decision.checkpoint] else { continue }
            checkpoint.apply(decision, at: change.now)
            changed[checkpoint.id] = checkpoint
        }
        for checkpoint in snapshot.checkpoints {
            if let new = changed[checkpoint.id] { state.put(new, &change) }
        }
        if changed.isEmpty { change.checksAreDirty = false }
        state.environments.nextDeadline = plan.nextDeadline
        if let next = plan.nextDeadline { deadlines.arm(for: change.tick + next.timeIntervalSince(change.now)) }
    }

    /// Plans checks anew when a deadline of theirs has passed.
    func wakeChecks(_ state: borrowing ControlState, _ change: inout ControlChange) {
        guard let deadline = state.environments.nextDeadline, deadline <= change.now else { return }
        change.checksAreDirty = true
    }

    /// The next deadline of a check, on the clock of leases.
    var checkDeadline: Date? {
        read { $0.environments.nextDeadline }.map { tick + $0.timeIntervalSince(Date()) }
    }
}

extension CheckDecision {
    /// What it is about.
    fileprivate var checkpoint: CheckpointID {
        switch self {
        case .end(let id, _, _), .enqueue(let id), .pass(let id), .refuse(let id, _): id
        }
    }
}
