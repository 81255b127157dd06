import FoundationEssentials
import RoostModel

extension ControlState {
    /// Tells the matcher what an agent is now.
    mutating func refreshQueueFacts(_ agent: Agent) {
        let holding = assigned[agent.id].flatMap { job($0) }
        let facts = AgentFacts(
            id: agent.id,
            name: agent.name,
            version: agent.version,
            systemCapabilities: agent.systemCapabilities,
            userCapabilities: agent.userCapabilities,
            isOnline: sessionOfAgent[agent.id] != nil,
            isEnabled: agent.enabled,
            isRetired: agent.retiredAt != nil || elastic[agent.pool]?.memory.leaving.contains(agent.id) == true,
            isSingleUse: agent.singleUse,
            busy: holding.flatMap { job in
                job.request.map {
                    AgentWork(
                        request: $0,
                        title:
                            "\(runs[job.run]?.run.pipelineName ?? "?") \(runs[job.run]?.run.number ?? "") · \(job.displayName)",
                        since: job.startedAt ?? job.queuedAt
                    )
                }
            },
            warmUp: agent.warmUp,
            trial: elastic[agent.pool]?.trial(of: agent.id),
            pause: agent.pause
        )
        poolQueues[agent.pool]?.upsertAgent(facts)
    }

    mutating func enqueue(_ job: Job, of run: Run) {
        guard let pool = job.pool, let request = job.request else { return }
        let isAuthorized = pools[pool].map { $0.openToAll || $0.authorizedPipelines.contains(job.pipeline) } ?? false
        poolQueues[pool]?.enqueue(
            QueuedJob(
                request: request,
                job: job.id,
                pipeline: job.pipeline,
                project: job.project,
                demands: job.demands,
                priority: job.priority,
                queuedAt: job.queuedAt ?? run.queuedAt,
                isAuthorized: isAuthorized
            )
        )
    }

    /// After a pool was opened or closed to pipelines.
    mutating func refreshAuthorization(in pool: AgentPool) {
        for active in runs.values {
            for job in active.jobList where job.pool == pool.id && job.state == .queued {
                if let request = job.request { poolQueues[pool.id]?.removeJob(request) }
                enqueue(job, of: active.run)
            }
        }
    }
}
