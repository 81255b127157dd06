import FoundationEssentials
import RoostModel
import RoostPipeline
import RoostStore

extension ControlPlane {
    /// Lets everything follow from a change that follows from it: runs go on, jobs are matched, rows are collected.
    ///
    /// Runs and pools feed each other (a job that fails at once lets its run go on), so that this goes round until nothing is left; each
    /// round settles at least one job, which bounds it.
    func settle(_ state: inout ControlState, _ change: inout ControlChange) {
        while true {
            if let run = change.dirtyRuns.popFirst() {
                advance(run, &state, &change)
            } else if let pool = change.dirtyPools.popFirst() {
                match(pool, &state, &change)
                if state.elastic[pool] != nil { change.dirtyElastic.insert(pool) }
            } else if let job = change.orphanedJobs.popLast() {
                let text = ControlError.poolNotFound("of the job, which was deleted").summary
                end(job, .failed, Issue(.error, text), note: nil, &state, &change)
            } else if let job = change.dirtyServerJobs.popFirst() {
                advanceServerJob(job, &state, &change)
            } else if change.checksAreDirty {
                change.checksAreDirty = false
                settleChecks(&state, &change)
            } else if change.imagesAreDirty {
                change.imagesAreDirty = false
                change.dirtyElastic.formUnion(state.elastic.keys)
            } else if let pool = change.dirtyElastic.popFirst() {
                planElastic(pool, &state, &change)
            } else {
                break
            }
        }
        collectRows(&state, &change)
        // Only now, because the rows of a run that has just ended are collected from memory.
        while state.completedRuns.count > settings.finishedRunsInMemory {
            state.forget(state.completedRuns.removeFirst())
        }
    }

    // MARK: Runs

    /// Begins a run when its pipeline's limit allows, and carries it forward.
    private func advance(_ id: RunID, _ state: inout ControlState, _ change: inout ControlChange) {
        guard var run = state.runs[id]?.run, !run.state.isCompleted else { return }
        if run.state == .queued {
            guard state.mayStart(run) else { return }
            run.state = .running
            run.startedAt = change.now
            state.put(run, &change)
        }
        guard let active = state.runs[id], let pipeline = state.pipelines[run.pipeline],
            let project = state.projects[run.project]
        else { return }
        var snapshot = RunSnapshot(
            run: run,
            jobs: active.jobList,
            predefined: RunVariables.predefined(run, pipeline, project, settings, instance: instanceID),
            counters: active.counters
        )
        if state.mayHaveGates(active) {
            state.rememberUses(of: id)
            state.showGates(to: &snapshot)
        }
        for decision in planProgress(snapshot, at: change.now) {
            carryOut(decision, of: id, &state, &change)
        }
        if state.mayHaveGates(active) { state.followDeployments(of: id, &change) }
        state.updateStageRecords(of: id, change.now)
        if state.triggers.awaitsStages(of: run) { change.effects.append { $0.triggerNews.send(.stagesMoved(id)) } }
        change.touchedRecords.insert(id)
    }

    /// Each decision that makes or ends something plans the run again, until nothing is left to decide.
    private func carryOut(
        _ decision: ProgressDecision,
        of id: RunID,
        _ state: inout ControlState,
        _ change: inout ControlChange
    ) {
        switch decision {
        case .create(let draft, _):
            create(draft, of: id, &state, &change)
        case .release(let job, _):
            guard let job = state.runs[id]?.jobs[job], case .waiting = job.state else { return }
            queue(job, &state, &change)
        case .skip(let draft, let reason):
            end(newJob(draft, of: id, state), .skipped, nil, note: reason.sentence, &state, &change)
        case .fail(let draft, let issue):
            end(newJob(draft, of: id, state), .failed, issue, &state, &change)
        case .refuse(let draft, let result, let issue):
            end(newJob(draft, of: id, state), result, issue, &state, &change)
        case .omit(let job, let reason):
            guard let job = state.runs[id]?.jobs[job], case .waiting = job.state else { return }
            end(job, .skipped, nil, note: reason.sentence, &state, &change)
        case .openGate(let stage, let uses):
            openCheckpoint(stage, uses, of: id, &state, &change)
        case .cancel(let job, _):
            guard let job = state.runs[id]?.jobs[job] else { return }
            state.cancel(job, settings: settings, &change)
        case .reserveCounter(let use):
            state.reserveCounter(use, of: id, &change)
        case .finishRun(let result, _):
            finishRun(id, result, &state, &change)
            return
        }
        change.dirtyRuns.insert(id)
    }

    private func newJob(_ draft: JobDraft, of id: RunID, _ state: borrowing ControlState) -> Job {
        // Decisions are carried out under the lock under which the run was found; only completed runs are let go, after that.
        guard let active = state.runs[id] else { preconditionFailure("a run that is advanced is in memory") }
        let jobID = active.jobID(stage: draft.stage, job: draft.name, leg: draft.leg, attempt: 1)
        return draft.job(jobID, of: active.run, state: .waiting, at: Date())
    }

    /// Makes a job, and puts it into the queue unless copies of it are at their limit; one that has no pool ends here.
    private func create(_ draft: JobDraft, of id: RunID, _ state: inout ControlState, _ change: inout ControlChange) {
        var job = newJob(draft, of: id, state)
        guard let run = state.runs[id]?.run else { return }
        guard job.server == nil else {
            state.put(job, &change)
            state.putJobRecord(job, change.now)
            if case .ready = draft.readiness { serve(job, &state, &change) }
            return
        }
        switch state.resolvePool(draft.pool, for: run) {
        case .failure(let problem):
            end(job, .failed, Issue(.error, problem.summary), &state, &change)
            return
        case .success(let pool):
            if let use = state.queueUse(pool, run.project), !state.isPermitted(run.pipeline, use.resource) {
                let problem = NotPermitted(use, pipeline: run.pipelineName)
                return end(job, .failed, Issue(.error, problem.text), &state, &change)
            }
            job.pool = pool
        }
        state.put(job, &change)
        state.putJobRecord(job, change.now)
        if case .ready = draft.readiness { queue(job, &state, &change) }
    }

    private func queue(_ job: Job, _ state: inout ControlState, _ change: inout ControlChange) {
        if job.server != nil { return serve(job, &state, &change) }
        var job = job
        guard let run = state.runs[job.run]?.run, let pool = job.pool else { return }
        state.counters.request += 1
        job.request = RequestID(state.counters.request)
        job.queuedAt = change.now
        job.state = .queued
        state.put(job, &change)
        state.jobOfRequest[RequestID(state.counters.request)] = job.id
        state.enqueue(job, of: run)
        change.dirtyPools.insert(pool)
    }

    private func end(
        _ job: Job,
        _ result: TaskResult,
        _ issue: Issue?,
        note: String? = nil,
        _ state: inout ControlState,
        _ change: inout ControlChange
    ) {
        var job = job
        job.state = .finished(result)
        job.finishedAt = change.now
        state.put(job, &change)
        state.putJobRecord(job, change.now, issue: issue, note: note)
        change.touchedRecords.insert(job.run)
        change.dirtyRuns.insert(job.run)
        metrics.jobFinished(result)
    }

    private func finishRun(
        _ id: RunID,
        _ result: TaskResult,
        _ state: inout ControlState,
        _ change: inout ControlChange
    ) {
        guard var run = state.runs[id]?.run, !run.state.isCompleted else { return }
        run.state = .completed(result)
        run.finishedAt = change.now
        state.put(run, &change)
        if state.settings.removeValue(forKey: ControlState.countersName(id)) != nil {
            change.store.append(.deleteSetting(name: ControlState.countersName(id)))
        }
        let logs = (state.runs[id]?.logs.values).map { Array($0) } ?? []
        for var log in logs {
            log.finished = true
            state.runs[id]?.logs[log.id] = log
            change.store.append(.putLog(log))
        }
        change.effects.append { $0.finishLogs(logs) }
        state.noteEnd(of: run, &change)
        state.completedRuns.append(id)
        // Runs of the pipeline that waited for this one.
        change.dirtyRuns.formUnion(state.queuedRuns(of: run.pipeline))
        metrics.runFinished(result)
    }

    // MARK: Matching

    private func match(_ pool: PoolID, _ state: inout ControlState, _ change: inout ControlChange) {
        state.followLeaving(of: pool, &change)
        guard let queue = state.poolQueues[pool], !state.isStopping else { return }
        for decision in planMatches(queue, at: change.now, limit: 1000) {
            switch decision {
            case .assign(let request, let agent, _, _):
                assign(request, to: agent, &state, &change)
            case .fail(let request, let unmet):
                guard let id = state.jobOfRequest[request], let job = state.job(id) else { continue }
                state.poolQueues[pool]?.removeJob(request)
                end(job, .failed, Issue(.error, unmet.sentence), note: nil, &state, &change)
            }
        }
    }

    /// Gives a job to an agent; a one-job agent is retired by this very step.
    private func assign(
        _ request: RequestID,
        to id: AgentID,
        _ state: inout ControlState,
        _ change: inout ControlChange
    ) {
        guard let jobID = state.jobOfRequest[request], let job = state.job(jobID), case .queued = job.state,
            var agent = state.agents[id], state.assigned[id] == nil
        else { return }
        state.counters.message += 1
        let lease = Lease(
            agent: id,
            agentName: agent.name,
            assignedAt: change.now,
            lockedUntil: change.tick + settings.assignmentLease.seconds,
            messageID: state.counters.message
        )
        state.assigned[id] = jobID
        if let pool = job.pool { state.poolQueues[pool]?.assigned(request, to: id) }
        state.apply(.assign(lease), to: jobID, settings: settings, &change)
        if let image = agent.systemCapabilities[ImageRecord.capability] {
            let use = ImageUse(image: image.lowercased(), run: job.run, job: jobID, agent: agent.name, at: change.now)
            change.store.append(.appendImageUse(use))
        }
        if agent.singleUse {
            agent.retiredAt = change.now
            state.put(agent, &change)
        } else {
            state.agentChanged(id, &change)
        }
        state.wake(id, &change)
        deadlines.arm(for: lease.lockedUntil)
        if let queuedAt = job.queuedAt, let pool = job.pool.flatMap({ state.pools[$0] }) {
            metrics.assigned(pool: pool.name, waited: change.now.timeIntervalSince(queuedAt))
        }
    }

    // MARK: Rows

    /// What changed, once, as rows; and news for those who watch.
    private func collectRows(_ state: inout ControlState, _ change: inout ControlChange) {
        for id in change.changedAgents { if let agent = state.agents[id] { change.store.append(.putAgent(agent)) } }
        for id in change.changedRuns {
            guard let run = state.runs[id]?.run else { continue }
            change.store.append(.putRun(run))
            change.effects.append { plane in
                plane.anyRunEvents.publish(run, to: 0)
                // The end of a run is told after its last records.
                if !run.state.isCompleted { plane.runEvents.publish(.run(run), to: run.id) }
            }
        }
        for id in change.changedJobs { if let job = state.job(id) { change.store.append(.putJob(job)) } }
        for id in change.touchedRecords {
            guard let records = state.runs[id]?.takeChangedRecords(), !records.isEmpty else { continue }
            change.store.append(.putRecords(records, run: id))
            let changeID = state.runs[id]?.changeID ?? 0
            change.effects.append { $0.runEvents.publish(.records(records, changeID: changeID), to: id) }
        }
        for id in change.changedRuns {
            guard let run = state.runs[id]?.run, run.state.isCompleted else { continue }
            change.effects.append { plane in
                plane.runEvents.publish(.run(run), to: id)
                plane.runEvents.finish(id)
            }
        }
    }
}
