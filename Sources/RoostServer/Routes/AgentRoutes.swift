import FoundationEssentials
import Hummingbird
import Logging
import RoostModel
import RoostWire

/// Agents of a pool.
func addAgentRoutes(to table: RouteTable) {
    let list = "distributedtask/pools/{poolId}/agents"
    let item = "\(list)/{agentId}"
    let manage = RouteAccess.scope(.agentPoolsManage)

    table.get(list, access: .scope(.agentPools).or(.enroller(.ownPools))) { call in
        try call.checkEnrollerAsksByName()
        let name = call.query["agentName"].map(NamePattern.init)
        let demands = try call.query.list("demands").map { try $0.map { try Demand(parsing: $0) } } ?? []
        let agents = try call.plane.agents(in: call.poolID()).filter { view in
            name?.matches(view.agent.name) ?? true
                && demands.allSatisfy { $0.isMet(by: view.agent.systemCapabilities, view.agent.userCapabilities) }
        }
        return try call.list(agents.map { call.view($0, AgentParts(call.query)) })
    }
    table.post(list, access: manage.or(.enroller(.ownPools))) { call in
        let draft = try await call.decode(TaskAgentWire.self)
        let agent = try await call.plane.registerAgent(call.draft(draft), in: call.poolID(), by: call.caller)
        return try call.answer(call.view(call.plane.agent(agent.id, in: agent.pool), .registered))
    }
    table.get(item, access: .scope(.agentPools).or(.listener(.ownAgent))) { call in
        try call.answer(call.view(call.plane.agent(call.agentID(), in: call.poolID()), AgentParts(call.query)))
    }
    table.put(item, access: manage.or(.enroller(.ownPools))) { call in
        let draft = try await call.decode(TaskAgentWire.self)
        let agent = try await call.plane.replaceAgent(
            call.agentID(),
            in: call.poolID(),
            with: call.draft(draft),
            by: call.caller
        )
        return try call.answer(call.view(call.plane.agent(agent.id, in: agent.pool), .registered))
    }
    table.patch(item, access: manage) { call in
        let change = try await call.decode(TaskAgentWire.self)
        let (id, pool) = (try call.agentID(), try call.poolID())
        _ = try await call.plane.updateAgent(
            id,
            in: pool,
            enabled: change.enabled,
            pause: PauseDraft(change.pause),
            name: change.name,
            by: call.caller
        )
        return try call.answer(call.view(call.plane.agent(id, in: pool), .plain))
    }
    // An agent may leave by itself.
    table.delete(item, access: manage.or(.listener(.ownAgent))) { call in
        try await call.plane.deleteAgent(call.agentID(), in: call.poolID(), by: call.caller)
        return call.nothing
    }
    table.put("\(item)/usercapabilities", access: manage) { call in
        let capabilities = Capabilities(try await call.decode([String: String].self))
        let view = try await call.plane.setUserCapabilities(
            capabilities,
            of: call.agentID(),
            in: call.poolID(),
            by: call.caller
        )
        return try call.answer(call.view(view, .capabilities))
    }
    // An agent that updates itself says how far it is. This server orders no updates; what is said is in the log.
    table.put("\(item)/updates", access: manage.or(.listener(.ownAgent))) { call in
        let view = try call.plane.agent(call.agentID(), in: call.poolID())
        call.context.logger.info(
            "an agent updates itself",
            metadata: ["agent": "\(view.agent.name)", "state": "\(call.query["currentState"] ?? "")"]
        )
        return try call.answer(call.view(view, .plain))
    }
    table.put("roost/pools/{poolId}/agents/{agentId}/warmup", access: .listener(.ownAgent)) { call in
        let told = try await call.decode(AgentWarmUpWire.self)
        guard let state = AgentWarmUp.State(rawValue: told.state) else {
            throw ControlError.invalid(what: "The warm-up", problem: "'\(told.state)' is no state", advice: nil)
        }
        let warmUp = AgentWarmUp(state: state, reason: String((told.reason ?? "").prefix(2000)), since: Date())
        try await call.plane.setWarmUp(warmUp, of: call.agentID(), in: call.poolID())
        return call.nothing
    }
    table.put("roost/pools/{poolId}/agents/{agentId}/systemcapabilities", access: .listener(.ownAgent)) { call in
        let capabilities = Capabilities(try await call.decode([String: String].self))
        _ = try await call.plane.setSystemCapabilities(
            capabilities,
            version: call.query["version"],
            of: call.agentID(),
            in: call.poolID()
        )
        return call.nothing
    }
}

extension Call {
    func poolID() throws -> PoolID { PoolID(try number("poolId")) }
    func agentID() throws -> AgentID { AgentID(try number("agentId")) }

    /// An enrolment may look whether a name is taken, not list a pool.
    fileprivate func checkEnrollerAsksByName() throws {
        guard case .enroller = principal else { return }
        guard let name = query["agentName"], !name.isEmpty, !name.contains("*") else {
            throw ControlError.forbidden(what: "list agents", needs: "'agentName' with an agent's whole name")
        }
    }

    /// What a registration says, checked for what it must say.
    fileprivate func draft(_ wire: TaskAgentWire) throws -> AgentDraft {
        guard let name = wire.name, !name.isEmpty else {
            throw ControlError.invalid(what: "The agent", problem: "it has no 'name'", advice: nil)
        }
        guard let key = wire.authorization?.publicKey else {
            throw ControlError.invalid(
                what: "The agent '\(name)'",
                problem: "it has no 'authorization.publicKey'",
                advice: "Send the exponent and modulus of an RSA key."
            )
        }
        return AgentDraft(
            name: name,
            version: wire.version ?? "",
            osDescription: wire.osDescription ?? "",
            capabilities: Capabilities(wire.systemCapabilities ?? [:]),
            publicKey: try key.model(),
            singleUse: wire.singleUse ?? false
        )
    }
}

extension PauseDraft {
    init(_ wire: PauseWire?) { self.init(reason: wire?.reason ?? "", drains: wire?.drains ?? false) }
}

/// Which parts of an agent an answer has.
struct AgentParts: Sendable {
    var capabilities = false
    var assignedRequest = false
    var lastCompletedRequest = false
    /// What only the one who registers needs: where the agent gets its tokens.
    var authorization = false

    static let plain = AgentParts()
    static let capabilities = AgentParts(capabilities: true)
    static let registered = AgentParts(capabilities: true, authorization: true)

    init(
        capabilities: Bool = false,
        assignedRequest: Bool = false,
        lastCompletedRequest: Bool = false,
        authorization: Bool = false
    ) {
        self.capabilities = capabilities
        self.assignedRequest = assignedRequest
        self.lastCompletedRequest = lastCompletedRequest
        self.authorization = authorization
    }

    init(_ query: QueryValues) {
        self.init(
            capabilities: query.flag("includeCapabilities"),
            assignedRequest: query.flag("includeAssignedRequest"),
            lastCompletedRequest: query.flag("includeLastCompletedRequest")
        )
    }
}
