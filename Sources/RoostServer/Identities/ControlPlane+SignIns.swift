import FoundationEssentials
import RoostModel
import RoostStore

extension ControlPlane {
    /// The person of a dashboard session, with the token that opened it.
    func signedIn(cookie: String) -> Approval? {
        guard case .success(.user) = authenticate(bearer: cookie),
            let claims = try? currentIdentity.issuer.read(cookie, at: Date()), let token = claims.pat,
            let user = read({ $0.tokens[TokenID(token)]?.user })
        else { return nil }
        return Approval(user: user, token: token)
    }

    /// Begins a family of tokens for what a person approved.
    func grantSignIn(
        _ approval: Approval,
        client: SignInClient,
        scope: RequestedScope,
        _ signIn: SignIn,
        family: UUID = UUID()
    ) async throws(ControlError) -> (grant: SignInGrant, refresh: Secret?) {
        let refresh = scope.wantsRefresh ? RefreshToken.make(family: family, issuer: currentIdentity.issuer) : nil
        let caller = Caller(.user(name: approval.user, scopes: []), signIn: signIn)
        let grant = try await change { state, change throws(ControlError) in
            let life = refresh == nil ? Self.accessTokenLife : SignInGrant.idleLife
            let grant = SignInGrant(
                id: family,
                user: approval.user,
                token: approval.token,
                client: client.id,
                clientName: client.name,
                signIn: signIn,
                resource: scope.resource,
                hash: refresh.map { PersonalToken.hash($0.exposed) },
                rotatedAt: change.now,
                createdAt: change.now,
                expiresAt: change.now + life
            )
            for old in state.signInsToForget(of: approval.user, at: change.now) { state.forget(old, &change) }
            try state.put(grant, &change)
            change.audit(caller, "sign-in.approve", grant.settingName, client.name)
            return grant
        }
        return (grant, refresh)
    }

    /// Takes a refresh token, and gives the next.
    ///
    /// - Returns: the family, what the token was worth, and the next token when there is one.
    func rotate(
        _ token: RefreshToken,
        client: UUID
    ) async throws(ControlError) -> (
        grant: SignInGrant, verdict: SignInGrant.Verdict, refresh: Secret?
    )? {
        let next = RefreshToken.make(family: token.family, issuer: currentIdentity.issuer)
        return try await change { state, change throws(ControlError) in
            guard var grant = state.signInGrants[token.family], grant.client == client else { return nil }
            let verdict = grant.verdict(on: token.hash, at: change.now)
            switch verdict {
            case .current:
                grant.previous = grant.hash
                grant.hash = PersonalToken.hash(next.exposed)
                grant.rotatedAt = change.now
                grant.expiresAt = change.now + SignInGrant.idleLife
                try state.put(grant, &change)
                return (grant, verdict, next)
            case .reused:
                grant.revokedAt = change.now
                try state.put(grant, &change)
                change.audit(.system, "sign-in.revoke", grant.settingName, "an old refresh token was used again")
                return (grant, verdict, nil)
            case .justReplaced, .expired, .revoked: return (grant, verdict, nil)
            }
        }
    }

    /// Ends a family of tokens.
    func revokeSignIn(_ id: UUID, because reason: String, by caller: Caller) async throws(ControlError) {
        try await change { state, change throws(ControlError) in
            guard var grant = state.signInGrants[id], grant.revokedAt == nil else { return }
            grant.revokedAt = change.now
            try state.put(grant, &change)
            change.audit(caller, "sign-in.revoke", grant.settingName, reason)
        }
    }
}

extension ControlState {
    /// Sign-ins that are over; and of one person's the oldest, when there are very many.
    fileprivate func signInsToForget(of user: String, at now: Date) -> [SignInGrant] {
        let over = signInGrants.values.filter { $0.expiresAt + ControlPlane.accessTokenLife <= now }
        let own = signInGrants.values.filter { $0.user == user }.sorted { $0.rotatedAt > $1.rotatedAt }
        return over + own.dropFirst(Self.mostSignIns)
    }

    private static let mostSignIns = 200

    fileprivate mutating func forget(_ grant: SignInGrant, _ change: inout ControlChange) {
        guard signInGrants.removeValue(forKey: grant.id) != nil else { return }
        change.store.append(.deleteSetting(name: grant.settingName))
    }

    fileprivate mutating func put(_ grant: SignInGrant, _ change: inout ControlChange) throws(ControlError) {
        guard let value = try? JSONEncoder().encode(grant) else {
            throw .invalid(what: "The sign-in", problem: "it cannot be stored", advice: nil)
        }
        signInGrants[grant.id] = grant
        change.store.append(.putSetting(name: grant.settingName, value: value))
    }
}
