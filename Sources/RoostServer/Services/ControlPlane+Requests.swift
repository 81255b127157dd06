import FoundationEssentials
public import RoostModel
import RoostStore

extension ControlPlane {
    /// The job a request is for, finished ones included.
    public func job(request id: RequestID, in pool: PoolID) async throws(ControlError) -> Job {
        if let job = read({ state in state.jobOfRequest[id].flatMap { state.job($0) } }) { return job }
        let stored: Job?
        do { stored = try await store.job(request: id) } catch { throw .storeUnavailable(error) }
        guard let stored, stored.pool == pool else { throw .requestNotFound(id.rawValue) }
        return stored
    }

    /// What an agent, or any agent of a pool, holds, and what it finished last.
    public func jobs(pool: PoolID, agent: AgentID?, completedLimit: Int) async throws(ControlError) -> [Job] {
        let current = try read { state throws(ControlError) -> [Job] in
            guard state.pools[pool] != nil else { throw .poolNotFound(pool.description) }
            if let agent { return state.assigned[agent].flatMap { state.job($0) }.map { [$0] } ?? [] }
            return state.runs.values.flatMap(\.jobList).filter {
                $0.pool == pool && $0.request != nil && !$0.state.isFinished
            }
        }
        guard completedLimit > 0 else { return current }
        do {
            return try await current + store.finishedJobs(pool: pool, agent: agent, limit: min(completedLimit, 1000))
        } catch {
            throw .storeUnavailable(error)
        }
    }

    /// Holds a job on for its agent; the first renewal says that the agent begins.
    public func renewLease(request id: RequestID, pool: PoolID, agent: AgentID) async throws(ControlError) -> Job {
        try await change { state, change throws(ControlError) in
            let job = try state.heldJob(id, by: agent)
            let until = change.tick + self.settings.runningLease.seconds
            state.apply(.renew(until: until), to: job.id, settings: self.settings, &change)
            guard let renewed = state.job(job.id) else { throw .requestNotFound(id.rawValue) }
            return renewed
        }
    }

    /// Ends a request, as listeners of old plans do it.
    public func finishRequest(
        _ id: RequestID,
        pool: PoolID,
        agent: AgentID,
        result: TaskResult
    )
        async throws(ControlError) -> Job
    {
        try await change { state, change throws(ControlError) in
            let job = try state.heldJob(id, by: agent)
            state.apply(.complete(result), to: job.id, settings: self.settings, &change)
            guard let ended = state.job(job.id) else { throw .requestNotFound(id.rawValue) }
            return ended
        }
    }

    /// Takes a job's word that it has ended: its records are final, its outputs known; its token is refused from here on.
    public func completeJob(
        plan: PlanID,
        job id: JobID,
        result: TaskResult,
        outputs: [String: OutputVariable],
        agentShuttingDown: Bool
    ) async throws(ControlError) {
        try await change { state, change throws(ControlError) in
            guard let run = state.runOfPlan[plan] else { throw .planNotFound(plan.description) }
            guard var job = state.runs[run]?.jobs[id] else { throw .jobNotFound(id.description) }
            guard !job.state.isFinished else { return }
            job.outputs = outputs.merging(state.recordOutputs(of: job)) { given, _ in given }
            state.put(job, &change)
            state.apply(.complete(result), to: id, settings: self.settings, &change)
        }
    }
}

extension ControlState {
    /// The job of a request that an agent says it holds.
    func heldJob(_ id: RequestID, by agent: AgentID) throws(ControlError) -> Job {
        guard let job = jobOfRequest[id].flatMap({ job($0) }), !job.state.isFinished else {
            throw .requestNotFound(id.rawValue)
        }
        guard job.state.lease?.agent == agent else { throw .leaseLost(request: id.rawValue) }
        return job
    }

    /// Output variables that the job's task records carry, as `step.name`.
    func recordOutputs(of job: Job) -> [String: OutputVariable] {
        guard let run = runs[job.run] else { return [:] }
        var outputs: [String: OutputVariable] = [:]
        for record in run.records.values where record.parent?.rawValue == job.id.rawValue {
            guard let step = record.refName else { continue }
            for (name, value) in record.variables {
                outputs[name.lowercased().hasPrefix("\(step.lowercased()).") ? name : "\(step).\(name)"] = value
            }
        }
        return outputs
    }
}
