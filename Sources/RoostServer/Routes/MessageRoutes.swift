import FoundationEssentials
import RoostModel
import RoostWire

/// Messages of a listener's session: long poll and acknowledgement.
func addMessageRoutes(to table: RouteTable) {
    table.get("distributedtask/pools/{poolId}/messages", access: .listener(.ownPool), isHeld: true) { call in
        let (agent, pool) = try call.listener()
        let connections = call.services.connections
        defer { connections.forget(call.context.channel) }
        let message = try await call.plane.nextMessage(
            session: call.sessionID(),
            pool: pool,
            agent: agent,
            after: call.query.number("lastMessageId"),
            hold: call.services.configuration.longPollHold,
            whenClientEnds: { connections.whenEnded(call.context.channel, $0) }
        )
        guard let message else { return call.nothing }
        return try call.answer(call.view(message))
    }
    table.delete("distributedtask/pools/{poolId}/messages/{messageId}", access: .listener(.ownPool)) { call in
        let (agent, pool) = try call.listener()
        try await call.plane.acknowledge(
            message: call.number("messageId"),
            session: call.sessionID(),
            pool: pool,
            agent: agent
        )
        return call.nothing
    }
}

extension Call {
    /// The session that the query names.
    fileprivate func sessionID() throws -> SessionID {
        guard let id = try query.uuid("sessionId") else {
            throw ControlError.invalid(what: "The request", problem: "it has no 'sessionId'", advice: nil)
        }
        return SessionID(id)
    }
}
