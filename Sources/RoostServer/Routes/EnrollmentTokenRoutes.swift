import FoundationEssentials
import RoostModel
import RoostWire

/// Tokens with which machines join a pool.
func addEnrollmentTokenRoutes(to table: RouteTable) {
    let list = "roost/pools/{poolId}/enrollmenttokens"
    let manage = RouteAccess.scope(.agentPoolsManage)
    table.get(list, access: manage) { call in
        try call.list(call.plane.enrollmentTokens(of: call.poolID()).map { EnrollmentTokenWire($0, text: nil) })
    }
    table.post(list, access: manage) { call in
        let wanted = try await call.decode(EnrollmentTokenWire.self)
        let made = try await call.plane.createEnrollmentToken(
            for: call.poolID(),
            uses: wanted.uses ?? 1,
            days: wanted.days ?? 1,
            from: wanted.from ?? [],
            by: call.caller
        )
        return try call.answer(EnrollmentTokenWire(made.token, text: made.value))
    }
    table.delete("\(list)/{tokenId}", access: manage) { call in
        try await call.plane.revokeEnrollmentToken(call.uuid("tokenId"), of: call.poolID(), by: call.caller)
        return call.nothing
    }
}

extension EnrollmentTokenWire {
    /// A token as lists show it; its text only once.
    fileprivate init(_ token: EnrollmentToken, text: Secret?) {
        self.init()
        id = token.id
        poolId = token.pool
        uses = token.uses
        used = token.used
        from = token.from
        createdAt = token.createdAt
        createdBy = token.createdBy
        expiresAt = token.expiresAt
        revokedAt = token.revokedAt
        self.token = text?.exposed
    }
}
