import FoundationEssentials
import RoostModel
import RoostWire

/// Personal access tokens.
func addTokenRoutes(to table: RouteTable) {
    let manage = RouteAccess.scope(.tokensManage)
    table.get("roost/tokens", access: manage) { call in
        // Everybody sees their own; those of others are for administrators.
        var user = call.query["user"]
        if !call.managesOrganization { user = user ?? call.ownName }
        try call.checkTokens(of: user)
        return try call.list(call.plane.tokens(of: user).map { TokenWire($0, text: nil) })
    }
    table.post("roost/tokens", access: manage) { call in
        let wanted = try await call.decode(TokenRequestWire.self)
        guard case .user(let own, let ownScopes) = call.principal else {
            throw ControlError.forbidden(what: "make a token", needs: "the token of a person")
        }
        let scopes = Set((wanted.scopes ?? []).map { TokenScope(rawValue: $0) })
        // Nobody hands out more than they have.
        if let wider = scopes.first(where: { TokenScope.all.contains($0) && !$0.isGranted(by: ownScopes) }) {
            throw ControlError.forbidden(what: "make a token with the scope '\(wider)'", needs: "a token that has it")
        }
        try call.checkTokens(of: wanted.user ?? own)
        let days = wanted.days ?? 30
        let seconds = days.isFinite ? min(max(days, 0), 36_600) * 86_400 : 0
        let made = try await call.plane.createToken(
            user: wanted.user ?? own,
            name: wanted.name ?? "",
            scopes: scopes,
            lifetime: .seconds(seconds),
            by: call.caller
        )
        return try call.answer(TokenWire(made.token, text: made.value))
    }
    table.delete("roost/tokens/{tokenId}", access: manage) { call in
        let id = TokenID(try call.uuid("tokenId"))
        if let token = try? call.plane.token(id) { try call.checkTokens(of: token.user) }
        try await call.plane.revokeToken(id, by: call.caller)
        if call.query.flag("endSignIns") { try await call.plane.endSignIns(begunWith: id, by: call.caller) }
        return call.nothing
    }
}

extension Call {
    var ownName: String? {
        if case .user(let name, _) = principal { name } else { nil }
    }

    var managesOrganization: Bool {
        principal?.roleHolder.map { plane.holdsEverywhere(.manage, $0) } ?? false
    }

    /// Refuses what concerns another person's tokens and sign-ins, but to administrators.
    func checkTokens(of user: String?) throws(ControlError) {
        if let user, user.lowercased() == ownName?.lowercased() { return }
        try require(.manage, on: .organization)
    }
}

extension TokenWire {
    /// A token as lists show it; its text only once.
    fileprivate init(_ token: AccessToken, text: Secret?) {
        self.init(
            id: token.id.rawValue,
            user: token.user,
            name: token.name,
            scopes: token.scopes.map(\.rawValue).sorted(),
            createdAt: token.createdAt,
            expiresAt: token.expiresAt,
            revokedAt: token.revokedAt,
            lastUsedAt: token.lastUsedAt,
            token: text?.exposed
        )
    }
}
