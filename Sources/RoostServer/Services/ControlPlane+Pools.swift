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
            try state.makePool(
                name: name,
                singleUse: singleUse,
                autoProvision: autoProvision,
                autoUpdate: autoUpdate,
                by: caller,
                &change
            )
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
        enabled: Bool? = nil,
        pause: PauseDraft = PauseDraft(),
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
            if let enabled { try state.set(enabled: enabled, pause, of: &pool, by: caller, &change) }
            state.pools[id] = pool
            let known = state.queueSettings(of: pool)
            state.poolQueues[id]?.settings = known
            state.refreshAuthorization(in: pool)
            change.store.append(.putPool(pool))
            if enabled == nil { change.audit(caller, "pool.update", "pool:\(id)", pool.name) }
            change.dirtyPools.insert(id)
            state.updatesChanged(in: id, &change)
            if enabled == false { state.noteDrained(pool, &change) }
            return pool
        }
    }

    /// Removes a pool without busy agents and waiting jobs, with its agents and queues.
    ///
    /// An elastic pool goes when its machines have: jobs that run finish, no machine is made.
    public func deletePool(_ id: PoolID, by caller: Caller) async throws(ControlError) {
        try await change { state, change throws(ControlError) in
            guard let pool = state.pools[id] else { throw .poolNotFound(id.description) }
            let agents = state.agents.values.filter { $0.pool == id }
            if state.elastic[id] == nil, let busy = agents.first(where: { state.assigned[$0.id] != nil }) {
                throw .inUse(what: "Pool '\(pool.name)'", by: "a job on agent '\(busy.name)'")
            }
            if let waiting = state.poolQueues[id]?.waitingCount, waiting > 0 {
                throw .inUse(what: "Pool '\(pool.name)'", by: "\(waiting) waiting job\(waiting == 1 ? "" : "s")")
            }
            guard state.elastic[id] == nil else {
                state.drain(id, by: caller, &change)
                return
            }
            state.removePool(pool, &change)
            change.audit(caller, "pool.delete", "pool:\(id)", pool.name)
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
    /// Makes a pool, with a queue in each project when it provisions itself.
    mutating func makePool(
        name: String,
        singleUse: Bool,
        autoProvision: Bool,
        autoUpdate: Bool = true,
        openToAll: Bool = true,
        by caller: Caller,
        _ change: inout ControlChange
    ) throws(ControlError) -> AgentPool {
        guard poolNamed(name) == nil else { throw .nameTaken(kind: "pool", name: name) }
        counters.pool += 1
        let pool = AgentPool(
            id: PoolID(counters.pool),
            name: name,
            createdAt: change.now,
            createdBy: caller.auditName,
            autoProvision: autoProvision,
            autoUpdate: autoUpdate,
            singleUse: singleUse,
            openToAll: openToAll
        )
        pools[pool.id] = pool
        poolQueues[pool.id] = PoolQueue(settings: queueSettings(of: pool))
        change.store.append(.putPool(pool))
        change.audit(caller, "pool.create", "pool:\(pool.id)", name)
        giveOwner(of: .pool(pool.id), to: caller, &change)
        if autoProvision { for project in projects.keys.sorted() { addQueue(name, pool.id, project, &change) } }
        return pool
    }

    /// Removes a pool with its agents and queues, wherever it is named.
    mutating func removePool(_ pool: AgentPool, _ change: inout ControlChange) {
        for agent in agents.values where agent.pool == pool.id { remove(agent, &change) }
        removeMaintenance(of: pool.id, &change)
        for queue in queues.values where queue.pool == pool.id {
            queues[queue.id] = nil
            change.store.append(.deleteQueue(queue.id))
        }
        for project in projects.values where project.defaultPool == pool.id {
            projects[project.id]?.defaultPool = nil
            if let project = projects[project.id] { change.store.append(.putProject(project)) }
        }
        for pipeline in pipelines.values where pipeline.defaultPool == pool.id {
            pipelines[pipeline.id]?.defaultPool = nil
            if let pipeline = pipelines[pipeline.id] { change.store.append(.putPipeline(pipeline)) }
        }
        pools[pool.id] = nil
        poolQueues[pool.id] = nil
        change.dirtyPools.remove(pool.id)
        change.store.append(.deletePool(pool.id))
        forgetRoles(on: .pool(pool.id), &change)
        // Who watches it hears that there is nothing more to come.
        change.effects.append { $0.poolEvents.finish(pool.id) }
    }

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
