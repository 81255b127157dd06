import FoundationEssentials
import RoostModel
import RoostWire

/// What waits, and what for.
func addWhyRoutes(to table: RouteTable) {
    for noun in ["jobs", "requests"] {
        table.get("roost/\(noun)/{requestId}/why", access: .scope(.build)) { call in
            let id = RequestID(try call.number("requestId"))
            return try call.answer(JobWhyWire(await call.plane.why(request: id), request: id))
        }
    }
    table.get("roost/runs/{buildId}/why", access: .scope(.build)) { call in
        let view = try await call.run()
        var reasons: [JobWhyWire] = []
        for job in view.jobs where !job.state.isFinished {
            var wire = JobWhyWire(try await call.plane.why(job: job.id, run: view.run.id), request: job.request)
            wire.jobId = job.id.rawValue
            wire.runId = view.run.id.rawValue
            reasons.append(wire)
        }
        let checks = call.plane.checkWaits(of: view.run.id).map { ($0.stage, $0.wait) }
        for (stage, wait) in checks + call.plane.stageWaits(of: view.run.id) {
            var wire = JobWhyWire(wait)
            wire.runId = view.run.id.rawValue
            wire.stage = stage
            reasons.append(wire)
        }
        return try call.list(reasons)
    }
    table.get("roost/runs/{buildId}/jobs/{jobId}/why", access: .scope(.build)) { call in
        let run = RunID(try call.number("buildId"))
        let job = JobID(try call.uuid("jobId"))
        var wire = JobWhyWire(try await call.plane.why(job: job, run: run))
        wire.jobId = job.rawValue
        wire.runId = run.rawValue
        return try call.answer(wire)
    }
    table.get("roost/queue", access: .scope(.build, .agentPools)) { call in
        let pool = try call.query.number("poolId").map { try call.plane.pool(PoolID($0)).id }
        return try call.list(call.plane.waitingJobs(in: pool).filter(call.sees).map(call.view))
    }
}

extension JobWhyWire {
    fileprivate init(_ summary: WaitSummary, request: RequestID? = nil) {
        self.init(
            sentence: summary.sentence,
            code: summary.code,
            nearestAgent: summary.nearestAgent,
            unmetDemand: summary.unmetDemand,
            estimatedStart: summary.estimatedStart,
            requestId: request?.rawValue
        )
    }
}

extension Call {
    /// Who may see the pipeline, or the pool whose machines it waits for.
    fileprivate func sees(_ entry: QueueEntry) -> Bool {
        sees(.pipeline(entry.job.pipeline)) || entry.job.pool.map { sees(.pool($0)) } ?? false
    }

    fileprivate func view(_ entry: QueueEntry) -> QueueEntryWire {
        QueueEntryWire(
            requestId: entry.job.request?.rawValue,
            jobId: entry.job.id.rawValue,
            job: entry.job.displayName,
            runId: entry.job.run.rawValue,
            run: entry.runNumber,
            pipeline: entry.pipelineName,
            pool: entry.job.pool.flatMap { try? plane.pool($0).name },
            demands: entry.job.demands.map(\.description),
            priority: entry.job.priority.rawValue,
            queuedAt: entry.job.queuedAt,
            why: JobWhyWire(entry.wait, request: entry.job.request)
        )
    }
}
