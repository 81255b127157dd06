import FoundationEssentials
import RoostModel
import RoostWire

/// Requests for an agent: the leases of jobs.
func addJobRequestRoutes(to table: RouteTable) {
    let list = "distributedtask/pools/{poolId}/jobrequests"
    let item = "\(list)/{requestId}"

    table.get(list, access: .scope(.agentPools)) { call in
        let pool = try call.poolID()
        let completed = try call.query.number("completedRequestCount") ?? call.query.number("$top") ?? 25
        let agents = try call.query.numbers("agentIds") ?? call.query.number("agentId").map { [$0] }
        var jobs: [Job] = []
        for agent in agents?.map({ Optional(AgentID($0)) }) ?? [nil] {
            jobs += try await call.plane.jobs(pool: pool, agent: agent, completedLimit: completed)
        }
        if let job = try call.query.uuid("jobId") { jobs.removeAll { $0.id.rawValue != job } }
        return try call.list(jobs.map(call.view))
    }
    table.get(item, access: .scope(.agentPools).or(.listener(.ownPool))) { call in
        let job = try await call.plane.job(request: call.requestID(), in: call.poolID())
        if case .agent(let agent, let pool) = call.principal {
            let name = try call.plane.agent(agent, in: pool).agent.name
            guard job.state.lease?.agent == agent || job.state.isFinished && job.agentName == name else {
                throw ControlError.forbidden(what: "see the request of another agent", needs: "the token of a person")
            }
        }
        return try call.answer(call.view(job))
    }
    table.patch(item, access: .listener(.ownPool)) { call in
        let (agent, pool) = try call.listener()
        let change = try await call.decode(TaskAgentJobRequestWire.self)
        let id = try call.requestID()
        if let result = try change.result.map({ try TaskResult.read($0) }) {
            return try call.answer(
                call.view(await call.plane.finishRequest(id, pool: pool, agent: agent, result: result))
            )
        }
        return try call.answer(call.view(await call.plane.renewLease(request: id, pool: pool, agent: agent)))
    }
}

extension Call {
    fileprivate func requestID() throws -> RequestID { RequestID(try number("requestId")) }
}
