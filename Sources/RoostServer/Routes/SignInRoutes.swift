import FoundationEssentials
import Hummingbird
import RoostModel
import RoostWire

/// Open sign-ins of people: browsers on the dashboard, and programs that people let in.
func addSignInRoutes(to table: RouteTable) {
    let manage = RouteAccess.scope(.tokensManage)
    table.get("roost/signins", access: manage) { call in
        // As with tokens: everybody sees their own, administrators those of all.
        var user = call.query["user"]
        if !call.managesOrganization { user = user ?? call.ownName ?? "" }
        try call.checkTokens(of: user)
        let current = call.ownSignIn
        return try call.list(call.plane.openSignIns(of: user).map { SignInWire($0, isCurrent: $0.id == current) })
    }
    // All of a person, but the one that asks.
    table.delete("roost/signins", access: manage) { call in
        guard let user = call.query["user"] ?? call.ownName else {
            throw ControlError.invalid(
                what: "'user'",
                problem: "it is missing",
                advice: "Say whose sign-ins are meant."
            )
        }
        try call.checkTokens(of: user)
        let current = call.ownSignIn
        let count = try await call.plane.endSignIns(because: "all others were ended", by: call.caller) {
            $0.isOf(user) && $0.id != current
        }
        return try call.answer(EndedSignInsWire(count: count))
    }
    table.delete("roost/signins/{signInId}", access: manage) { call in
        let id = try call.uuid("signInId")
        guard let grant = call.plane.signIn(id), grant.isOpen(at: Date()) else {
            throw ControlError.signInNotFound(call.text("signInId"))
        }
        try call.checkTokens(of: grant.user)
        try await call.plane.revokeSignIn(id, because: "it was ended", by: call.caller)
        return call.nothing
    }
}

extension Call {
    /// The sign-in that the request comes with; nil with a credential of another kind.
    ///
    /// The request was let in, so that the credential is known to be good.
    fileprivate var ownSignIn: UUID? {
        switch Credential(request.headers) {
        case .session(let text): plane.signIn(ofCookie: text)?.id
        case .bearer(let text), .password(let text):
            SignedToken(text)?.claims(as: AccessTokenClaims.self).flatMap { $0.idtyp == "user" ? $0.credential : nil }
        case .unreadable, nil: nil
        }
    }
}

extension SignInWire {
    fileprivate init(_ grant: SignInGrant, isCurrent: Bool) {
        self.init(id: grant.id, user: grant.user, kind: grant.signIn.rawValue, program: grant.clientName)
        address = grant.address
        resource = grant.resource
        scopes = (grant.scopes ?? []).map(\.rawValue).sorted()
        tokenId = grant.token
        createdAt = grant.createdAt
        lastUsedAt = grant.lastUse
        expiresAt = grant.expiresAt
        self.isCurrent = isCurrent
    }
}
