import FoundationEssentials
public import RoostModel
import RoostStore

extension ControlPlane {
    /// The person of a dashboard session, with what the session may do.
    func signedIn(cookie: String) -> Approval? {
        guard case .success(.user) = authenticate(bearer: cookie), let grant = signIn(ofCookie: cookie) else {
            return nil
        }
        return Approval(user: grant.user, token: grant.token, scopes: grant.scopes ?? [])
    }

    func signIn(_ id: UUID) -> SignInGrant? { read { $0.signInGrants[id] } }

    /// The sign-in that a cookie of the dashboard belongs to.
    func signIn(ofCookie text: String) -> SignInGrant? {
        let claims = try? currentIdentity.issuer.read(text, at: Date())
        return claims?.signIn.flatMap { signIn($0) }
    }

    /// Who a sign-in stands for now; refused when it is over, or the person is disabled.
    func person(ofSignIn id: UUID, at now: Date) throws(TokenRefusal) -> Principal {
        guard let grant = signIn(id), grant.revokedAt == nil else { throw .accessToken(.signInRevoked) }
        guard grant.expiresAt > now else { throw .accessToken(.expired(at: grant.expiresAt)) }
        if let disabled = refusal(ofUser: grant.user) { throw disabled.refusal }
        noteUse(of: grant, at: now)
        return .user(name: grant.user, scopes: grant.scopes ?? [])
    }

    private func noteUse(of grant: SignInGrant, at now: Date) {
        guard now.timeIntervalSince(grant.lastUse) >= SignInGrant.useInterval else { return }
        try? changeLater { state, change throws(ControlError) in
            guard var grant = state.signInGrants[grant.id] else { return }
            grant.lastUsedAt = now
            try state.put(grant, &change)
        }
    }

    // MARK: Beginning

    /// What a browser keeps after a person gave a token on the login page.
    ///
    /// - Parameters:
    ///   - text: the personal access token.
    ///   - lifetime: how long the browser stays signed in, whatever becomes of the token.
    ///   - address: where the browser is.
    ///   - program: its name.
    /// - Returns: the cookie's value; nil when the token is refused.
    /// - Throws: when the store takes no changes.
    public func issueDashboardSession(
        pat text: String,
        lifetime: Duration,
        from address: String? = nil,
        program: String = "browser"
    ) throws -> Secret? {
        guard case .success = authenticate(pat: text) else { return nil }
        let hash = PersonalToken.hash(text)
        guard let token = read({ state in state.tokensByHash[hash].flatMap { state.tokens[$0] } }) else { return nil }
        let now = Date()
        let grant = SignInGrant(
            id: UUID(),
            user: token.user,
            token: token.id.rawValue,
            scopes: token.scopes,
            client: SignInClient.dashboard,
            clientName: program,
            signIn: .session,
            resource: AccessTokenClaims.serviceAudience,
            rotatedAt: now,
            createdAt: now,
            expiresAt: now + lifetime.seconds,
            address: address
        )
        let caller = Caller(.user(name: token.user, scopes: []), signIn: .personalToken)
        try changeLater { state, change throws(ControlError) in
            try state.begin(grant, &change)
            change.audit(caller, "sign-in.open", grant.settingName, program)
        }
        let issuer = currentIdentity.issuer
        var claims = issuer.claims(.session, expires: grant.expiresAt)
        claims.signIn = grant.id
        return try issuer.issue(claims)
    }

    /// Begins a family of tokens for what a person approved.
    func grantSignIn(
        _ approval: Approval,
        client: SignInClient,
        scope: RequestedScope,
        _ signIn: SignIn,
        from address: String? = nil,
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
                scopes: approval.scopes,
                client: client.id,
                clientName: client.name,
                signIn: signIn,
                resource: scope.resource,
                hash: refresh.map { PersonalToken.hash($0.exposed) },
                rotatedAt: change.now,
                createdAt: change.now,
                expiresAt: change.now + life,
                address: address
            )
            try state.begin(grant, &change)
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

    // MARK: Those that are open

    /// Open sign-ins of a person, ignoring case, or of everybody; the last used first.
    func openSignIns(of user: String? = nil) -> [SignInGrant] {
        let now = Date()
        return read { state in
            state.signInGrants.values.filter { $0.isOpen(at: now) && (user == nil || $0.isOf(user ?? "")) }
        }.sorted { ($0.lastUse, $0.id.uuidString) > ($1.lastUse, $1.id.uuidString) }
    }

    /// Ends a sign-in, and with it all tokens it gave; one that is over stays as it is.
    func revokeSignIn(_ id: UUID, because reason: String, by caller: Caller) async throws(ControlError) {
        try await endSignIns(because: reason, by: caller) { $0.id == id }
    }

    /// Ends those that began with a personal access token.
    @discardableResult
    func endSignIns(begunWith token: TokenID, by caller: Caller) async throws(ControlError) -> Int {
        try await endSignIns(because: "the token it began with was revoked", by: caller) { $0.token == token.rawValue }
    }

    /// Ends those that are open and meant, in one change.
    ///
    /// - Returns: how many.
    @discardableResult
    func endSignIns(
        because reason: String,
        by caller: Caller,
        where isMeant: @Sendable (SignInGrant) -> Bool
    ) async throws(ControlError) -> Int {
        try await change { state, change throws(ControlError) in
            let meant = state.signInGrants.values.filter { $0.isOpen(at: change.now) && isMeant($0) }
            for var grant in meant {
                grant.revokedAt = change.now
                try state.put(grant, &change)
                change.audit(
                    caller,
                    "sign-in.revoke",
                    grant.settingName,
                    "\(grant.clientName) of \(grant.user): \(reason)"
                )
            }
            return meant.count
        }
    }
}

extension SignInGrant {
    /// Whether it is a person's; names are compared ignoring case, as roles do.
    func isOf(_ user: String) -> Bool { self.user.lowercased() == user.lowercased() }
}

extension ControlState {
    /// Takes a sign-in in, and lets those go that are over; a person who is disabled begins none.
    fileprivate mutating func begin(_ grant: SignInGrant, _ change: inout ControlChange) throws(ControlError) {
        if let disabled = disabledUsers[grant.user.lowercased()] { throw disabled.error }
        for old in signInsToForget(of: grant.user, at: change.now) { forget(old, &change) }
        try put(grant, &change)
    }

    /// Sign-ins that are over; and of one person's those that were not used for longest, when there are very many.
    private func signInsToForget(of user: String, at now: Date) -> [SignInGrant] {
        let over = signInGrants.values.filter { $0.expiresAt + ControlPlane.accessTokenLife <= now }
        let own = signInGrants.values.filter { $0.isOf(user) }.sorted { $0.lastUse > $1.lastUse }
        return over + own.dropFirst(Self.mostSignIns)
    }

    private static let mostSignIns = 200

    private mutating func forget(_ grant: SignInGrant, _ change: inout ControlChange) {
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
