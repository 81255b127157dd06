import FoundationEssentials
import RoostModel
import RoostPipeline
import RoostStore

extension ControlState {
    mutating func put(_ run: Run, _ change: inout ControlChange) {
        runs[run.id]?.run = run
        noteQueued(run)
        change.changedRuns.insert(run.id)
    }

    mutating func put(_ job: Job, _ change: inout ControlChange) {
        runs[job.run]?.put(job)
        runOfJob[job.id] = job.run
        change.changedJobs.insert(job.id)
    }

    /// Moves a job on by an event; an event that has no meaning in its state is dropped, because the far side may be late.
    mutating func apply(_ event: JobEvent, to id: JobID, settings: ControlSettings, _ change: inout ControlChange) {
        guard var job = job(id), let move = try? job.state.applying(event) else { return }
        let before = job.state
        job.state = move.next
        if case .running = move.next, job.startedAt == nil { job.startedAt = change.now }
        if let lease = move.next.lease { job.agentName = lease.agentName }
        put(job, &change)
        if move.next.lease != nil { leased.insert(id) } else { leased.remove(id) }
        switch move.next {
        case .queued:
            releaseAgent(of: before, job, &change)
            if let run = runs[job.run]?.run, before.lease != nil {
                enqueue(job, of: run)
                if let pool = job.pool { change.dirtyPools.insert(pool) }
            }
        case .canceling(let lease, _):
            if case .canceling = before { break }
            sendCancel(job, lease, &change)
        case .finished(let result):
            if before.lease == nil, let pool = job.pool, let request = job.request {
                poolQueues[pool]?.removeJob(request)
                change.dirtyPools.insert(pool)
            }
            releaseAgent(of: before, job, &change)
            finish(job, result, event, &change)
        case .waiting, .assigned, .running, .serving: break
        }
    }

    /// Asks a job to end, wherever it is.
    mutating func cancel(_ job: Job, settings: ControlSettings, _ change: inout ControlChange) {
        let deadline = change.tick + Double(max(1, job.cancelTimeoutInMinutes) * 60) + settings.cancelGrace.seconds
        apply(.cancel(deadline: deadline), to: job.id, settings: settings, &change)
    }

    private mutating func finish(_ job: Job, _ result: TaskResult, _ event: JobEvent, _ change: inout ControlChange) {
        var job = job
        job.finishedAt = change.now
        var issue: Issue?
        if result == .abandoned {
            job.machineFailure = true
            noteLost(job, &change)
            issue = Issue(.error, event.machineFailureText(job.agentName ?? "?"), category: "MachineFailure")
        }
        put(job, &change)
        putJobRecord(job, change.now, issue: issue)
        completeTaskRecords(below: job, change.now)
        change.touchedRecords.insert(job.run)
        change.dirtyRuns.insert(job.run)
        if result == .abandoned { retryAfterMachineFailure(job, &change) }
    }

    /// A new attempt, when the pipeline says that the job may be repeated.
    private mutating func retryAfterMachineFailure(_ job: Job, _ change: inout ControlChange) {
        guard let active = runs[job.run], case .running = active.run.state, let planned = plannedJob(of: job),
            planned.retryCountOnMachineFailure >= job.attempt
        else { return }
        var next = job
        next.attempt = job.attempt + 1
        next.id = active.jobID(stage: job.stage, job: job.name, leg: job.leg, attempt: next.attempt)
        counters.request += 1
        next.request = RequestID(counters.request)
        next.state = .queued
        next.queuedAt = change.now
        next.startedAt = nil
        next.finishedAt = nil
        next.outputs = [:]
        next.agentName = nil
        next.machineFailure = false
        put(next, &change)
        jobOfRequest[RequestID(counters.request)] = next.id
        putJobRecord(next, change.now)
        enqueue(next, of: active.run)
        if let pool = next.pool { change.dirtyPools.insert(pool) }
    }

    private mutating func releaseAgent(of before: JobState, _ job: Job, _ change: inout ControlChange) {
        guard let lease = before.lease, assigned[lease.agent] == job.id else { return }
        assigned[lease.agent] = nil
        if let session = sessionOfAgent[lease.agent] {
            sessions[session]?.sealed[lease.messageID] = nil
            sessions[session]?.cancels[lease.messageID] = nil
        }
        guard var agent = agents[lease.agent] else { return }
        agent.lastRequest = job.request
        agents[agent.id] = agent
        if agent.retiredAt != nil, job.state.isFinished || job.startedAt != nil {
            change.audit(.system, "agent.retire", "agent:\(agent.id)", agent.name)
            remove(agent, &change)
        } else {
            if agent.retiredAt != nil {
                agent.retiredAt = nil
                put(agent, &change)
            }
            agentChanged(agent.id, &change)
            noteDrained(agent, &change)
            // One that was busy when it asked is told again.
            tellMaintenance(of: agent.pool, &change)
        }
    }

    private mutating func sendCancel(_ job: Job, _ lease: Lease, _ change: inout ControlChange) {
        guard let session = sessionOfAgent[lease.agent] else { return }
        counters.message += 1
        sessions[session]?.cancels[lease.messageID] = Session.PendingCancel(
            id: counters.message,
            job: job.id,
            timeout: .seconds(max(1, job.cancelTimeoutInMinutes) * 60)
        )
        wake(lease.agent, &change)
    }

    func plannedJob(of job: Job) -> PlannedJob? {
        runs[job.run]?.run.plan.stages.first { $0.name == job.stage }?.jobs.first { $0.name == job.name }?
            .carryingOut(job.hook)
    }

    /// The pool of a job: the request's, the file's, the pipeline's, the project's.
    func resolvePool(_ planned: PlannedPool?, for run: Run) -> Result<PoolID, ControlError> {
        if let pool = run.poolOverride { return .success(pool) }
        if let name = planned?.name?.text, !name.isEmpty {
            return poolNamed(name).map { .success($0.id) } ?? .failure(.poolNotFound(name))
        }
        if let pool = pipelines[run.pipeline]?.defaultPool ?? projects[run.project]?.defaultPool {
            return .success(pool)
        }
        return .failure(
            .invalid(what: "The job", problem: "it names no pool and there is no default pool", advice: nil)
        )
    }

    // MARK: Counters

    static func countersName(_ run: RunID) -> String { "counters:run:\(run)" }

    /// Takes the next value of a pipeline's counter for a run; the run keeps it over restarts.
    mutating func reserveCounter(_ use: CounterUse, of id: RunID, _ change: inout ControlChange) {
        guard let pipeline = runs[id]?.run.pipeline else { return }
        let name = "counter:\(pipeline):\(use.prefix)"
        let known = settings[name].flatMap { Int(String(decoding: $0, as: UTF8.self)) }
        let value = known.map { $0 + 1 } ?? use.seed
        runs[id]?.counters[use.prefix] = value
        set(name, Data(String(value).utf8), &change)
        if let counters = runs[id]?.counters, let text = try? JSONEncoder().encode(counters) {
            set(Self.countersName(id), text, &change)
        }
    }

    private mutating func set(_ name: String, _ value: Data, _ change: inout ControlChange) {
        settings[name] = value
        change.store.append(.putSetting(name: name, value: value))
    }

    // MARK: Limits of pipelines

    func mayStart(_ run: Run) -> Bool {
        guard let limit = pipelines[run.pipeline]?.concurrencyLimit else { return true }
        let own = runs.values.map(\.run).filter { $0.pipeline == run.pipeline && !$0.state.isCompleted }
        let running = own.count { $0.state != .queued }
        let ahead = own.count { $0.state == .queued && $0.id < run.id }
        return running + ahead < limit
    }

    func queuedRuns(of pipeline: PipelineID) -> Set<RunID> {
        queuedRuns.filter { runs[$0]?.run.pipeline == pipeline }
    }

    mutating func noteQueued(_ run: Run) {
        if run.state == .queued { queuedRuns.insert(run.id) } else { queuedRuns.remove(run.id) }
    }
}
