import FoundationEssentials
import RoostStore
public import RoostModel

extension ControlPlane {
    /// Ordered by name.
    public func agents(in pool: PoolID) throws(ControlError) -> [AgentView] {
        try read { state throws(ControlError) in
            guard state.pools[pool] != nil else { throw .poolNotFound(pool.description) }
            return state.agents.values.filter { $0.pool == pool }
                .sorted { $0.name.lowercased() < $1.name.lowercased() }
                .map { state.agentView($0) }
        }
    }

    public func agent(_ id: AgentID, in pool: PoolID) throws(ControlError) -> AgentView {
        try read { state throws(ControlError) in state.agentView(try state.agent(id, in: pool)) }
    }

    /// The agent an OAuth client belongs to.
    public func agent(client: ClientID) -> Agent? {
        read { state in state.agentsByClient[client].flatMap { state.agents[$0] } }
    }

    /// Changes of a pool's agents from now on.
    public func agentEvents(pool: PoolID) -> AsyncStream<PoolEvent> { poolEvents.watch(pool) }

    /// Registers an agent; its name must be free in the pool.
    public func registerAgent(
        _ draft: AgentDraft,
        in pool: PoolID,
        by caller: Caller
    ) async throws(ControlError) -> Agent {
        try NameRule.check(draft.name, of: "agent")
        try KeyRule.check(draft.publicKey)
        return try await change { state, change throws(ControlError) in
            guard let target = state.pools[pool] else { throw .poolNotFound(pool.description) }
            guard state.agentsByName[.init(pool, draft.name)] == nil else {
                throw .nameTaken(kind: "agent", name: draft.name)
            }
            try state.checkEnrollment(in: target, by: caller)
            let machine = try state.machineJoining(pool, as: draft.name, by: caller)
            try state.countEnrollment(in: pool, by: caller, &change)
            state.counters.agent += 1
            var agent = Agent(
                id: AgentID(state.counters.agent),
                pool: pool,
                name: draft.name,
                version: draft.version,
                osDescription: draft.osDescription,
                systemCapabilities: draft.capabilities,
                clientID: ClientID(UUID()),
                publicKey: draft.publicKey,
                createdAt: change.now,
                createdBy: caller.auditName,
                singleUse: draft.singleUse || target.singleUse,
                enrolledBy: caller.enrolment(at: change.now)
            )
            if let machine { state.join(&agent, machine, &change) }
            state.add(agent, &change)
            change.audit(caller, "agent.register", "agent:\(agent.id)", "\(agent.name) in \(target.name)")
            return agent
        }
    }

    /// Gives a registered agent a new key and new facts; its user capabilities stay, its sessions end.
    public func replaceAgent(
        _ id: AgentID,
        in pool: PoolID,
        with draft: AgentDraft,
        by caller: Caller
    )
        async throws(ControlError) -> Agent
    {
        try NameRule.check(draft.name, of: "agent")
        try KeyRule.check(draft.publicKey)
        return try await change { state, change throws(ControlError) in
            var agent = try state.agent(id, in: pool)
            if let other = state.agentsByName[.init(pool, draft.name)], other != id {
                throw .nameTaken(kind: "agent", name: draft.name)
            }
            if case .enroller = caller.principal, state.sessionOfAgent[id] != nil {
                throw .forbidden(what: "replace the agent '\(agent.name)'", needs: "the agent to be offline")
            }
            if let target = state.pools[pool] { try state.checkEnrollment(in: target, by: caller) }
            try state.countEnrollment(in: pool, by: caller, &change)
            agent.enrolledBy = caller.enrolment(at: change.now) ?? agent.enrolledBy
            if draft.publicKey != agent.publicKey { state.endSession(of: id, .expired, &change) }
            state.agentsByName[.init(pool, agent.name)] = nil
            agent.name = draft.name
            agent.version = draft.version
            agent.osDescription = draft.osDescription
            agent.systemCapabilities = draft.capabilities
            agent.publicKey = draft.publicKey
            agent.retiredAt = nil
            state.agentsByName[.init(pool, agent.name)] = id
            state.put(agent, &change)
            change.audit(caller, "agent.replace", "agent:\(id)", agent.name)
            return agent
        }
    }

    /// Pauses, resumes or renames an agent.
    ///
    /// - Parameters:
    ///   - id: the agent.
    ///   - pool: its pool.
    ///   - enabled: false takes it out of service; the job it has goes on.
    ///   - pause: why, and whether its job is awaited.
    ///   - name: a new name.
    ///   - caller: who does it.
    /// - Returns: the agent as it is then.
    /// - Throws: ``ControlError``.
    public func updateAgent(
        _ id: AgentID,
        in pool: PoolID,
        enabled: Bool?,
        pause: PauseDraft = PauseDraft(),
        name: String?,
        by caller: Caller
    )
        async throws(ControlError) -> Agent
    {
        if let name { try NameRule.check(name, of: "agent") }
        return try await change { state, change throws(ControlError) in
            var agent = try state.agent(id, in: pool)
            if let name, name != agent.name {
                if let other = state.agentsByName[.init(pool, name)], other != id {
                    throw .nameTaken(kind: "agent", name: name)
                }
                state.agentsByName[.init(pool, agent.name)] = nil
                state.agentsByName[.init(pool, name)] = id
                agent.name = name
            }
            if enabled == true, !agent.enabled {
                (agent.enabled, agent.pause) = (true, nil)
                change.audit(caller, "agent.enable", "agent:\(id)", agent.name)
            }
            if enabled == false, !agent.enabled || agent.pause?.isDrain != pause.drains || !pause.reason.isEmpty {
                agent.enabled = false
                agent.pause = pause.pause(by: caller, at: change.now)
                let action = pause.drains ? "agent.drain" : "agent.disable"
                change.audit(caller, action, "agent:\(id)", pause.detail(agent.name))
            }
            let wasIdle = state.assigned[id] == nil
            state.put(agent, &change)
            if enabled == false, wasIdle { state.noteDrained(agent, &change) }
            return agent
        }
    }

    /// Replaces the whole set of capabilities that people gave an agent.
    public func setUserCapabilities(
        _ capabilities: Capabilities,
        of id: AgentID,
        in pool: PoolID,
        by caller: Caller
    )
        async throws(ControlError) -> AgentView
    {
        try await change { state, change throws(ControlError) in
            var agent = try state.agent(id, in: pool)
            agent.userCapabilities = capabilities
            state.put(agent, &change)
            change.audit(caller, "agent.capabilities", "agent:\(id)", "\(capabilities.count) set")
            return state.agentView(agent)
        }
    }

    /// Takes over what an agent's own listener says of its machine.
    public func setSystemCapabilities(
        _ capabilities: Capabilities,
        version: String?,
        of id: AgentID,
        in pool: PoolID
    )
        async throws(ControlError) -> AgentView
    {
        try await change { state, change throws(ControlError) in
            var agent = try state.agent(id, in: pool)
            agent.systemCapabilities = capabilities
            agent.version = version ?? agent.version
            state.put(agent, &change)
            // Also what keeps it from being updated.
            state.updatesChanged(in: pool, &change)
            return state.agentView(agent)
        }
    }

    /// Takes over how far an agent's listener is with its warm-up.
    public func setWarmUp(_ warmUp: AgentWarmUp, of id: AgentID, in pool: PoolID) async throws(ControlError) {
        try await change { state, change throws(ControlError) in
            var agent = try state.agent(id, in: pool)
            switch warmUp.state {
            case .failed:
                change.audit(.system, "agent.warm-up-failed", "agent:\(id)", "\(agent.name): \(warmUp.reason)")
            // It is told again and again while it lasts.
            case .noRoom where agent.warmUp?.state != .noRoom:
                change.audit(.system, "agent.no-room", "agent:\(id)", "\(agent.name): \(warmUp.reason)")
            case .noRoom, .running: break
            }
            agent.warmUp = warmUp
            state.put(agent, &change)
        }
    }

    /// Removes an agent: its session and its tokens end at once, a job it holds counts as lost with its machine.
    public func deleteAgent(_ id: AgentID, in pool: PoolID, by caller: Caller) async throws(ControlError) {
        try await change { state, change throws(ControlError) in
            let agent = try state.agent(id, in: pool)
            if let job = state.assigned[id] { state.apply(.agentRemoved, to: job, settings: self.settings, &change) }
            state.remove(agent, &change)
            change.audit(caller, "agent.delete", "agent:\(id)", agent.name)
        }
    }
}

/// What keys may be.
enum KeyRule {
    static func check(_ key: AgentPublicKey) throws(ControlError) {
        let modulus = key.modulus.drop { $0 == 0 }
        guard (256...1024).contains(modulus.count), (1...8).contains(key.exponent.count) else {
            throw .invalid(
                what: "The agent's public key",
                problem: "its modulus has \(modulus.count) bytes",
                advice: "Give an RSA key of at least 2,048 bits."
            )
        }
    }
}

extension ControlState {
    func agent(_ id: AgentID, in pool: PoolID) throws(ControlError) -> Agent {
        guard pools[pool] != nil else { throw .poolNotFound(pool.description) }
        guard let agent = agents[id], agent.pool == pool else { throw .agentNotFound(id.description) }
        return agent
    }

    mutating func add(_ agent: Agent, _ change: inout ControlChange) {
        agentsByClient[agent.clientID] = agent.id
        agentsByName[.init(agent.pool, agent.name)] = agent.id
        put(agent, &change)
    }

    /// Stores an agent, and lets the matcher know.
    mutating func put(_ agent: Agent, _ change: inout ControlChange) {
        agents[agent.id] = agent
        change.changedAgents.insert(agent.id)
        agentChanged(agent.id, &change)
    }

    /// Something only memory knows changed: its session or its job.
    mutating func agentChanged(_ id: AgentID, _ change: inout ControlChange) {
        guard let agent = agents[id] else { return }
        refreshQueueFacts(agent)
        change.dirtyPools.insert(agent.pool)
        let view = agentView(agent)
        change.effects.append { $0.poolEvents.publish(.agent(view), to: agent.pool) }
    }

    mutating func remove(_ agent: Agent, _ change: inout ControlChange) {
        endSession(of: agent.id, .agentRemoved, &change)
        agents[agent.id] = nil
        agentsByClient[agent.clientID] = nil
        agentsByName[.init(agent.pool, agent.name)] = nil
        assigned[agent.id] = nil
        forgetUpdate(of: agent, &change)
        poolQueues[agent.pool]?.removeAgent(agent.id)
        change.changedAgents.remove(agent.id)
        change.store.append(.deleteAgent(agent.id))
        change.dirtyPools.insert(agent.pool)
        change.effects.append { $0.poolEvents.publish(.agentRemoved(agent.id), to: agent.pool) }
    }
}
