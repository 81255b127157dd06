import RoostModel
import RoostWire

/// Sessions of listeners.
func addSessionRoutes(to table: RouteTable) {
    table.post("distributedtask/pools/{poolId}/sessions", access: .listener(.ownPool)) { call in
        let wanted = try await call.decode(TaskAgentSessionWire.self)
        let (agent, pool) = try call.listener()
        guard wanted.agent?.id ?? agent.rawValue == agent.rawValue else {
            throw ControlError.forbidden(what: "open a session of another agent", needs: "that agent's own token")
        }
        let session = try await call.plane.openSession(
            pool: pool,
            agent: agent,
            owner: wanted.ownerName ?? "",
            version: wanted.agent?.version,
            osDescription: wanted.agent?.osDescription,
            capabilities: wanted.systemCapabilities.map { Capabilities($0) },
            fips: wanted.useFipsEncryption ?? false
        )
        return try call.answer(call.view(session))
    }
    table.delete("distributedtask/pools/{poolId}/sessions/{sessionId}", access: .listener(.ownPool)) { call in
        let (agent, pool) = try call.listener()
        try await call.plane.closeSession(SessionID(call.uuid("sessionId")), pool: pool, agent: agent)
        return call.nothing
    }
}
