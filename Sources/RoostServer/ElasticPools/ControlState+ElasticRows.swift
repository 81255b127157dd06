import FoundationEssentials
import RoostModel
import RoostStore

extension ControlState {
    /// The elastic pool of an id.
    func elasticPool(_ id: PoolID) throws(ControlError) -> ElasticState {
        guard let pool = pools[id] else { throw .poolNotFound(id.description) }
        guard let elastic = elastic[id] else { throw .elastic(.notElastic(pool: pool.name)) }
        return elastic
    }

    /// Keeps the row of a pool, in the same change as what it follows from.
    mutating func putElastic(_ id: PoolID, _ change: inout ControlChange) {
        guard let row = elastic[id]?.row else { return }
        change.putElastic(ElasticState.name(id), row)
    }

    /// Keeps a machine; one that is gone leaves its hours and nothing else.
    mutating func put(_ instance: ElasticInstance, _ change: inout ControlChange) {
        let name = ElasticState.name(instance.pool, instance.number)
        guard instance.phase == .gone else {
            elastic[instance.pool]?.instances[instance.number] = instance
            change.putElastic(name, instance)
            return
        }
        elastic[instance.pool]?.instances[instance.number] = nil
        elastic[instance.pool]?.memory.forget(instance.number)
        elastic[instance.pool]?.row.spending.add(from: instance.createdAt, to: change.now)
        putElastic(instance.pool, &change)
        change.store.append(.deleteSetting(name: name))
        removeTokens(of: instance, &change)
    }

    /// Moves a machine on; a move that its life does not have is dropped, because the other side may be late.
    ///
    /// - Returns: whether it moved.
    @discardableResult
    mutating func move(
        _ number: Int,
        in pool: PoolID,
        to phase: ElasticPhase,
        because reason: String,
        failure: String? = nil,
        _ change: inout ControlChange
    ) -> Bool {
        guard var instance = elastic[pool]?.instances[number] else { return false }
        do { try instance.move(to: phase, at: change.now, because: reason, failure: failure) } catch { return false }
        elastic[pool]?.memory.entered[number] = change.tick
        elastic[pool]?.memory.retryAt[number] = nil
        put(instance, &change)
        change.dirtyElastic.insert(pool)
        return true
    }

    // MARK: Agents of machines

    /// Shuts the agents of a machine out; jobs that they hold count as lost with their machine.
    mutating func removeAgents(of instance: ElasticInstance, settings: ControlSettings, _ change: inout ControlChange) {
        for id in instance.agents { removeMachineAgent(id, settings: settings, &change) }
    }

    private mutating func removeMachineAgent(_ id: AgentID, settings: ControlSettings, _ change: inout ControlChange) {
        guard let agent = agents[id] else { return }
        if let job = assigned[id] { apply(.agentRemoved, to: job, settings: settings, &change) }
        // The end of a one-job agent's job has removed it.
        guard agents[id] != nil else { return }
        remove(agent, &change)
        change.audit(.system, "agent.delete", "agent:\(id)", agent.name)
    }

    /// Of a machine, or of one of its agents.
    private mutating func removeTokens(
        of instance: ElasticInstance,
        agent: String? = nil,
        _ change: inout ControlChange
    ) {
        for token in enrollmentTokens.values
        where token.machine?.number == instance.number && token.pool == instance.pool.rawValue
            && (agent == nil || token.machine?.agent == agent || token.machine?.generation != instance.generation)
        {
            enrollmentTokens[token.id] = nil
            enrollmentTokensByHash[token.hash] = nil
            change.store.append(.deleteSetting(name: token.settingName))
        }
    }

    /// The machine whose agent registers with a token that was made for it.
    ///
    /// - Throws: ``ElasticPoolError/machineNotWaiting(_:pool:reason:)`` when it does not wait for this agent.
    func machineJoining(
        _ pool: PoolID,
        as agent: String,
        by caller: Caller
    ) throws(ControlError) -> ElasticInstance? {
        guard case .enroller(let enroller) = caller.principal, case .token(let id) = enroller.source,
            let machine = enrollmentTokens[id]?.machine
        else { return nil }
        let name = pools[pool]?.name ?? pool.description
        func refusal(_ reason: String) -> ControlError {
            .elastic(.machineNotWaiting(machine.number, pool: name, reason: reason))
        }
        guard let instance = elastic[pool]?.instances[machine.number] else { throw refusal("it is gone") }
        guard instance.generation == machine.generation else { throw refusal("a new one has taken its place") }
        // Where there are several, one may have a job before another has come.
        let isMissing = instance.agents.count < instance.slots
        let mayCome = instance.phase.isComing || isMissing && (instance.phase == .idle || instance.phase == .busy)
        guard mayCome else { throw refusal("it is \(instance.phase.rawValue)") }
        guard isMissing, !instance.agents.contains(where: { agents[$0]?.name == agent }) else {
            throw refusal("its agent has registered")
        }
        guard agent == machine.agent else { throw refusal("its agent is called '\(machine.agent)'") }
        return instance
    }

    /// Notes which agent runs on a machine, and what agents of its image offer.
    mutating func join(_ agent: inout Agent, _ instance: ElasticInstance, _ change: inout ControlChange) {
        guard let elastic = elastic[instance.pool] else { return }
        var instance = instance
        instance.agents.append(agent.id)
        agent.singleUse = elastic.settings.recycle != .reuse
        agent.userCapabilities = elastic.offer(of: instance)
        put(instance, &change)
        removeTokens(of: instance, agent: agent.name, &change)
        learn(agent.systemCapabilities, of: instance, &change)
        change.dirtyElastic.insert(instance.pool)
    }

    /// What an agent really offers wins over what its image says of it.
    private mutating func learn(
        _ capabilities: Capabilities,
        of instance: ElasticInstance,
        _ change: inout ControlChange
    ) {
        var lasting = capabilities
        for name in ["Agent.Name", "Agent.ComputerName", "Agent.HomeDirectory"] { lasting[name] = nil }
        guard elastic[instance.pool]?.row.offers[instance.image.digest] != lasting else { return }
        elastic[instance.pool]?.row.offers[instance.image.digest] = lasting
        putElastic(instance.pool, &change)
    }
}

extension ControlChange {
    mutating func putElastic(_ name: String, _ value: some Encodable) {
        // JSON has no form for numbers that are not finite, and for nothing else that is in rows; theirs are sums and differences of finite dates.
        guard let data = try? JSONEncoder().encode(value) else { preconditionFailure("a row that cannot be written") }
        store.append(.putSetting(name: name, value: data))
    }

    mutating func log(
        _ level: ElasticPoolLog.Level,
        _ operation: ElasticPoolLog.Operation,
        in pool: PoolID,
        _ instance: Int? = nil,
        _ message: String
    ) {
        let line = ElasticPoolLog(
            id: 0,
            pool: pool,
            at: now,
            level: level,
            operation: operation,
            message: message,
            instance: instance
        )
        store.append(.appendElasticLog(line))
    }
}
