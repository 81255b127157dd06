import FoundationEssentials
import RoostModel
import RoostWire

/// News of jobs, by which they end.
func addPlanEventRoutes(to table: RouteTable) {
    table.post("\(planTemplate)/events", .service(.scope), access: .job(.ownPlan)) { call in
        let event = try await call.decode(JobEventWire.self)
        // The start of a job is known from the first renewal of its lease; other events are for tasks that run on a server.
        guard event.isCompletion else { return call.nothing }
        guard let own = call.job, event.jobId.map({ $0 == own.rawValue }) ?? true else {
            throw ControlError.forbidden(what: "end another job", needs: "that job's own token")
        }
        try await call.plane.completeJob(
            plan: call.planID(),
            job: own,
            result: TaskResult.read(event.result ?? TaskResult.succeeded.rawValue),
            outputs: (event.outputs ?? [:]).mapValues(\.output),
            agentShuttingDown: event.agentShuttingDown ?? false
        )
        return call.nothing
    }
}

extension JobEventWire {
    /// An event without a name is what its members make it.
    fileprivate var isCompletion: Bool {
        if let name, !name.isEmpty { return name.lowercased() == "jobcompleted" }
        return result != nil
    }
}
