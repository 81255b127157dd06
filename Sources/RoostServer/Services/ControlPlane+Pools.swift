import FoundationEssentials
import RoostStore
public import RoostModel

extension ControlPlane {
    /// Ordered by id.
    public func pools() -> [AgentPool] { read { $0.pools.values.sorted { $0.id < $1.id } } }

    public func pool(_ id: PoolID) throws(ControlError) -> AgentPool {
        try read { state throws(ControlError) in
            guard let pool = state.pools[id] else { throw .poolNotFound(id.description) }
            return pool
        }
    }

    /// A pool by its name, ignoring case.
    public func pool(named name: String) -> AgentPool? { read { $0.poolNamed(name) } }

    /// Numbers for lists of pools.
    public func poolCounts(_ id: PoolID) -> (agents: Int, online: Int, busy: Int, waiting: Int) {
        read { state in
            let agents = state.agents.values.filter { $0.pool == id }
            return (
                agents.count, agents.count { state.sessionOfAgent[$0.id] != nil },
                agents.count { state.assigned[$0.id] != nil }, state.poolQueues[id]?.waitingCount ?? 0
            )
        }
    }

    /// Makes a pool, with a queue in each project when it provisions itself.
    @discardableResult
    public func createPool(
        name: String,
        singleUse: Bool = false,
        autoProvision: Bool = true,
        autoUpdate: Bool = true,
        by caller: Caller
    ) async throws(ControlError) -> AgentPool {
        try NameRule.check(name, of: "pool")
        return try await change { state, change throws(ControlError) in
            guard state.poolNamed(name) == nil else { throw .nameTaken(kind: "pool", name: name) }
            state.counters.pool += 1
            let pool = AgentPool(
                id: PoolID(state.counters.pool),
                name: name,
                createdAt: change.now,
                createdBy: caller.auditName,
                autoProvision: autoProvision,
                autoUpdate: autoUpdate,
                singleUse: singleUse
            )
            state.pools[pool.id] = pool
            state.poolQueues[pool.id] = PoolQueue(settings: pool.queueSettings)
            change.store.append(.putPool(pool))
            change.audit(caller, "pool.create", "pool:\(pool.id)", name)
            state.giveOwner(of: .pool(pool.id), to: caller, &change)
            if autoProvision {
                for project in state.projects.keys.sorted() { state.addQueue(name, pool.id, project, &change) }
            }
            return pool
        }
    }

    /// Changes what is given; the limit's outer nil leaves it, its inner nil takes it away.
    @discardableResult
    public func updatePool(
        _ id: PoolID,
        name: String? = nil,
        autoProvision: Bool? = nil,
        autoUpdate: Bool? = nil,
        singleUse: Bool? = nil,
        openToAll: Bool? = nil,
        authorizedPipelines: Set<PipelineID>? = nil,
        concurrencyLimit: Int?? = nil,
        patEnrollment: PATEnrollment? = nil,
        by caller: Caller
    ) async throws(ControlError) -> AgentPool {
        if let name { try NameRule.check(name, of: "pool") }
        if let limit = concurrencyLimit ?? nil, limit < 1 {
            throw .invalid(
                what: "The concurrency limit of a pool",
                problem: "it is \(limit)",
                advice: "Give 1 or more."
            )
        }
        return try await change { state, change throws(ControlError) in
            guard var pool = state.pools[id] else { throw .poolNotFound(id.description) }
            if let name, let other = state.poolNamed(name), other.id != id {
                throw .nameTaken(kind: "pool", name: name)
            }
            pool.name = name ?? pool.name
            pool.autoProvision = autoProvision ?? pool.autoProvision
            pool.autoUpdate = autoUpdate ?? pool.autoUpdate
            pool.singleUse = singleUse ?? pool.singleUse
            pool.openToAll = openToAll ?? pool.openToAll
            pool.authorizedPipelines = authorizedPipelines ?? pool.authorizedPipelines
            if let concurrencyLimit { pool.concurrencyLimit = concurrencyLimit }
            pool.patEnrollment = patEnrollment ?? pool.patEnrollment
            state.pools[id] = pool
            state.poolQueues[id]?.settings = pool.queueSettings
            state.refreshAuthorization(in: pool)
            change.store.append(.putPool(pool))
            change.audit(caller, "pool.update", "pool:\(id)", pool.name)
            change.dirtyPools.insert(id)
            return pool
        }
    }

    /// Removes a pool without busy agents and waiting jobs, with its agents and queues.
    public func deletePool(_ id: PoolID, by caller: Caller) async throws(ControlError) {
        try await change { state, change throws(ControlError) in
            guard let pool = state.pools[id] else { throw .poolNotFound(id.description) }
            let agents = state.agents.values.filter { $0.pool == id }
            if let busy = agents.first(where: { state.assigned[$0.id] != nil }) {
                throw .inUse(what: "Pool '\(pool.name)'", by: "a job on agent '\(busy.name)'")
            }
            if let waiting = state.poolQueues[id]?.waitingCount, waiting > 0 {
                throw .inUse(what: "Pool '\(pool.name)'", by: "\(waiting) waiting job\(waiting == 1 ? "" : "s")")
            }
            for agent in agents { state.remove(agent, &change) }
            for queue in state.queues.values where queue.pool == id {
                state.queues[queue.id] = nil
                change.store.append(.deleteQueue(queue.id))
            }
            for project in state.projects.values where project.defaultPool == id {
                state.projects[project.id]?.defaultPool = nil
                if let project = state.projects[project.id] { change.store.append(.putProject(project)) }
            }
            for pipeline in state.pipelines.values where pipeline.defaultPool == id {
                state.pipelines[pipeline.id]?.defaultPool = nil
                if let pipeline = state.pipelines[pipeline.id] { change.store.append(.putPipeline(pipeline)) }
            }
            state.pools[id] = nil
            state.poolQueues[id] = nil
            change.store.append(.deletePool(id))
            change.audit(caller, "pool.delete", "pool:\(id)", pool.name)
            state.forgetRoles(on: .pool(id), &change)
        }
    }

    // MARK: Queues

    /// Ordered by id.
    public func queues(in project: ProjectID) -> [AgentQueue] {
        read { $0.queues.values.filter { $0.project == project }.sorted { $0.id < $1.id } }
    }

    public func queue(_ id: QueueID) throws(ControlError) -> AgentQueue {
        try read { state throws(ControlError) in
            guard let queue = state.queues[id] else { throw .queueNotFound(id.description) }
            return queue
        }
    }

    /// Opens a pool to a project; without a pool the one of that name is meant, and made when there is none.
    @discardableResult
    public func createQueue(
        name: String,
        pool: PoolID?,
        project: ProjectID,
        by caller: Caller
    ) async throws(ControlError) -> AgentQueue {
        try NameRule.check(name, of: "queue")
        var target = pool
        if target == nil {
            if let known = self.pool(named: name) {
                target = known.id
            } else {
                target = try await createPool(name: name, autoProvision: false, by: caller).id
            }
        }
        return try await change { [target] state, change throws(ControlError) in
            guard state.projects[project] != nil else { throw .projectNotFound(project.description) }
            guard let target, state.pools[target] != nil else {
                throw .poolNotFound(pool?.description ?? name)
            }
            if let known = state.queues.values.first(where: {
                $0.project == project && ($0.pool == target || $0.name.lowercased() == name.lowercased())
            }) {
                throw .nameTaken(kind: "queue", name: known.name)
            }
            let queue = state.addQueue(name, target, project, &change)
            change.audit(caller, "queue.create", "queue:\(queue.id)", name)
            return queue
        }
    }

    public func deleteQueue(_ id: QueueID, by caller: Caller) async throws(ControlError) {
        try await change { state, change throws(ControlError) in
            guard let queue = state.queues.removeValue(forKey: id) else { throw .queueNotFound(id.description) }
            change.store.append(.deleteQueue(id))
            change.audit(caller, "queue.delete", "queue:\(id)", queue.name)
        }
    }
}

extension ControlState {
    /// Gives a project a queue for a pool unless it has one.
    @discardableResult
    mutating func addQueue(
        _ name: String,
        _ pool: PoolID,
        _ project: ProjectID,
        _ change: inout ControlChange
    )
        -> AgentQueue
    {
        if let known = queues.values.first(where: { $0.project == project && $0.pool == pool }) { return known }
        counters.queue += 1
        let queue = AgentQueue(id: QueueID(counters.queue), name: name, pool: pool, project: project)
        queues[queue.id] = queue
        change.store.append(.putQueue(queue))
        return queue
    }
}
