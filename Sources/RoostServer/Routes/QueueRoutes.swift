import RoostModel
import RoostWire

/// Queues: a project's entries to pools.
func addQueueRoutes(to table: RouteTable) {
    table.get("distributedtask/queues", .service(.required), access: .scope(.agentPools)) { call in
        let project = try call.requiredProject()
        let ids = try call.query.numbers("queueIds").map { Set($0.map { QueueID($0) }) }
        let pools = try call.query.numbers("poolIds").map { Set($0.map { PoolID($0) }) }
        let names = (call.query.list("queueNames") ?? call.query["queueName"].map { [$0] }).map {
            $0.map(NamePattern.init)
        }
        let queues = call.plane.queues(in: project.id).filter { queue in
            ids?.contains(queue.id) ?? true && pools?.contains(queue.pool) ?? true
                && names?.contains { $0.matches(queue.name) } ?? true
        }
        return try call.list(queues.map(call.view))
    }
    table.post("distributedtask/queues", .service(.required), access: .scope(.agentPoolsManage)) { call in
        let draft = try await call.decode(TaskAgentQueueWire.self)
        let queue = try await call.plane.createQueue(
            name: draft.name ?? "",
            pool: draft.pool?.id.map { PoolID($0) },
            project: call.requiredProject().id,
            by: call.caller
        )
        return try call.answer(call.view(queue))
    }
    table.get("distributedtask/queues/{queueId}", .service(.required), access: .scope(.agentPools)) { call in
        try call.answer(call.view(call.queue()))
    }
    table.delete("distributedtask/queues/{queueId}", .service(.required), access: .scope(.agentPoolsManage)) { call in
        let queue = try call.queue()
        guard call.query.flag("withPool") else {
            try await call.plane.deleteQueue(queue.id, by: call.caller)
            return call.nothing
        }
        // The queue goes with the pool, which may have jobs to finish.
        try call.require(.manage, on: .pool(queue.pool))
        try await call.plane.deletePool(queue.pool, by: call.caller)
        return call.nothing
    }
}

extension Call {
    /// The queue that the path names, which must be the project's.
    fileprivate func queue() throws -> AgentQueue {
        let queue = try plane.queue(QueueID(number("queueId")))
        guard queue.project == (try requiredProject().id) else {
            throw ControlError.queueNotFound(queue.id.description)
        }
        return queue
    }
}
