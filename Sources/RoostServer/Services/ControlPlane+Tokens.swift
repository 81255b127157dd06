public import FoundationEssentials
public import RoostModel
import RoostStore

/// Why a credential is refused, each with its own words.
public enum TokenRefusal: UserFacingError, Hashable {
    case unknown
    case expired(at: Date)
    case revoked
    case jobEnded
    case agentRemoved
    case userDisabled(String)
    case enrollmentExpired(at: Date)
    case enrollmentRevoked
    case enrollmentUsedUp(uses: Int)
    /// The peer's address is outside the token's ranges.
    case enrollmentAddress(String)
    /// A token of the authorization server.
    case accessToken(AccessTokenRefusal)
    /// The trust rule by which the token was given is gone.
    case trustRuleRemoved
    case trustRuleDisabled(String)
    case trustRuleChanged(String)

    public var code: String {
        switch self {
        case .unknown: "token.unknown"
        case .expired: "token.expired"
        case .revoked: "token.revoked"
        case .jobEnded: "token.job-ended"
        case .agentRemoved: "token.agent-removed"
        case .userDisabled: "user.disabled"
        case .enrollmentExpired: "enrollment.expired"
        case .enrollmentRevoked: "enrollment.revoked"
        case .enrollmentUsedUp: "enrollment.used-up"
        case .enrollmentAddress: "enrollment.wrong-address"
        case .accessToken(let refusal): refusal.code
        case .trustRuleRemoved: "trust.removed"
        case .trustRuleDisabled: "trust.disabled"
        case .trustRuleChanged: "trust.changed"
        }
    }

    public var summary: String {
        switch self {
        case .unknown: "The token is not known here."
        case .expired(let date):
            "The token expired on \(date.ISO8601Format()). Current server time is \(Date().ISO8601Format())."
        case .revoked: "The token has been revoked."
        case .jobEnded: "The token was a job's, and that job has ended."
        case .agentRemoved: "The token was an agent's, and that agent has been removed."
        case .userDisabled(let name): "The person '\(name)' is disabled: their tokens and sign-ins are refused."
        case .enrollmentExpired(let date):
            "The enrollment token expired on \(date.ISO8601Format()). Current server time is \(Date().ISO8601Format())."
        case .enrollmentRevoked: "The enrollment token has been revoked."
        case .enrollmentUsedUp(let uses): "The enrollment token is used up: it was good for \(uses) registrations."
        case .enrollmentAddress(let address): "The enrollment token may not be used from the address '\(address)'."
        case .accessToken(let refusal): refusal.summary
        case .trustRuleRemoved: "The token was given by a trust rule, and that rule has been removed."
        case .trustRuleDisabled(let name): "The token was given by the trust rule '\(name)', and that rule is disabled."
        case .trustRuleChanged(let name):
            "The token was given by the trust rule '\(name)', and that rule has been changed since."
        }
    }

    public var advice: String? {
        switch self {
        case .unknown: "Check that it is whole and meant for this server."
        case .expired, .revoked: "Make a new one with 'roost token create', or on the dashboard's token page."
        case .jobEnded: nil
        case .userDisabled(let name): "An administrator enables them with 'roost user enable \(name)'."
        case .agentRemoved: "Configure the agent again."
        case .enrollmentExpired, .enrollmentRevoked, .enrollmentUsedUp:
            "Make a new one with 'roost pool create-enrollment-token'."
        case .enrollmentAddress: "Make one for this machine's network with 'roost pool create-enrollment-token --from'."
        case .accessToken(let refusal): refusal.advice
        case .trustRuleRemoved, .trustRuleDisabled: "Enrol with another credential, or ask an administrator for a rule."
        case .trustRuleChanged: "Exchange the issuer's token again."
        }
    }
}

extension ControlPlane {
    /// Makes a personal access token; its text is in the answer and nowhere else.
    public func createToken(
        user: String,
        name: String,
        scopes: Set<TokenScope>,
        lifetime: Duration,
        by caller: Caller
    ) async throws(ControlError) -> (token: AccessToken, value: Secret) {
        guard !scopes.isEmpty else {
            throw .invalid(
                what: "The token",
                problem: "it has no scope",
                advice: "Give one of \(TokenScope.all.map(\.rawValue).joined(separator: ", "))."
            )
        }
        if let unknown = scopes.first(where: { !TokenScope.all.contains($0) }) {
            throw .invalid(
                what: "The scope '\(unknown)'",
                problem: "it does not exist",
                advice: "Give one of \(TokenScope.all.map(\.rawValue).joined(separator: ", "))."
            )
        }
        let lifetime = try allowedLife(lifetime, caller)
        let value = PersonalToken.make()
        let token = try await change { state, change throws(ControlError) in
            if let disabled = state.disabledUsers[user.lowercased()] { throw disabled.error }
            let token = AccessToken(
                id: TokenID(UUID()),
                user: user,
                name: name,
                hash: PersonalToken.hash(value.exposed),
                scopes: scopes,
                createdAt: change.now,
                expiresAt: change.now + lifetime.seconds
            )
            state.tokens[token.id] = token
            state.tokensByHash[token.hash] = token.id
            change.store.append(.putToken(token))
            state.beginRoles(with: user, &change)
            change.audit(caller, "token.create", "token:\(token.id)", "\(name) for \(user)")
            return token
        }
        return (token, value)
    }

    /// What the server's setting allows; the server itself is not refused a token but gets one of a shorter life.
    private func allowedLife(_ wanted: Duration, _ caller: Caller) throws(ControlError) -> Duration {
        let longest = settings.tokenLife
        if caller.principal == nil, longest > .zero { return min(wanted, longest) }
        guard longest > .zero || caller.principal == nil else {
            throw .forbidden(what: "make a personal access token", needs: "the setting 'token-life' above 0")
        }
        guard wanted > .zero, caller.principal == nil || wanted <= longest else {
            throw .invalid(
                what: "The life of a token",
                problem: "it is not between a moment and \(Self.days(longest)), which the server allows",
                advice: "Give fewer days, or change the setting 'token-life'."
            )
        }
        return wanted
    }

    /// Such as `30 days` or `36 hours`.
    static func days(_ life: Duration) -> String {
        let hours = Int(life.seconds / 3600)
        return hours % 24 == 0 ? "\(hours / 24) \(hours == 24 ? "day" : "days")" : "\(hours) hours"
    }

    /// One by its id.
    func token(_ id: TokenID) throws(ControlError) -> AccessToken {
        guard let token = read({ $0.tokens[id] }) else { throw .tokenNotFound(id.description) }
        return token
    }

    /// Newest first; nil is those of all users.
    public func tokens(of user: String?) -> [AccessToken] {
        read { state in
            state.tokens.values.filter { user == nil || $0.user.lowercased() == user?.lowercased() }.sorted {
                $0.createdAt > $1.createdAt
            }
        }
    }

    /// Refuses a token from now on; agents that were registered with it go on.
    public func revokeToken(_ id: TokenID, by caller: Caller) async throws(ControlError) {
        try await change { state, change throws(ControlError) in
            guard var token = state.tokens[id] else { throw .tokenNotFound(id.description) }
            token.revokedAt = token.revokedAt ?? change.now
            state.tokens[id] = token
            change.store.append(.putToken(token))
            change.audit(caller, "token.revoke", "token:\(id)", token.name)
        }
    }

    /// Whether any token exists; when none does, the first start makes one for the administrator.
    public var hasTokens: Bool { read { !$0.tokens.isEmpty } }

    /// Who a personal access token stands for.
    public func authenticate(pat text: String) -> Result<Principal, TokenRefusal> {
        let hash = PersonalToken.hash(text)
        let now = Date()
        let found = read { state in state.tokensByHash[hash].flatMap { state.tokens[$0] } }
        guard let token = found else { return .failure(.unknown) }
        if let refusal = Self.refusal(of: token, at: now) { return .failure(refusal) }
        if let disabled = refusal(ofUser: token.user) { return .failure(disabled.refusal) }
        noteUse(of: token, at: now)
        return .success(.user(name: token.user, scopes: token.scopes))
    }

    static func refusal(of token: AccessToken, at now: Date) -> TokenRefusal? {
        if token.revokedAt != nil { return .revoked }
        if token.expiresAt <= now { return .expired(at: token.expiresAt) }
        return nil
    }

    private func noteUse(of token: AccessToken, at now: Date) {
        if let last = token.lastUsedAt, now.timeIntervalSince(last) < 86_400 { return }
        try? changeLater { state, change in
            guard var token = state.tokens[token.id] else { return }
            token.lastUsedAt = now
            state.tokens[token.id] = token
            change.store.append(.putToken(token))
        }
    }

    /// The token a listener gets for its signed assertion.
    public func issueListenerToken(for agent: Agent) throws -> (token: Secret, lifetime: Duration) {
        let issuer = currentIdentity.issuer
        var claims = issuer.claims(.agent, expires: Date() + settings.listenerTokenLifetime.seconds)
        claims.agent = agent.id.rawValue
        claims.pool = agent.pool.rawValue
        claims.client = agent.clientID.description
        return (try issuer.issue(claims), settings.listenerTokenLifetime)
    }

    /// The token a job carries: good for its own run, until it ends.
    func issueJobToken(_ job: Job, of run: Run) throws -> Secret {
        let issuer = currentIdentity.issuer
        let limit = job.timeoutInMinutes == 0 ? 30 * 86_400 : Double(job.timeoutInMinutes * 60)
        let cancel = Double(job.cancelTimeoutInMinutes * 60)
        var claims = issuer.claims(.job, expires: Date() + limit + cancel + settings.jobTokenSlack.seconds)
        claims.job = job.id.rawValue
        claims.run = run.id.rawValue
        claims.plan = run.planID.rawValue
        claims.project = run.project.rawValue
        return try issuer.issue(claims)
    }

    /// Who a token that this server issued stands for.
    public func authenticate(bearer text: String) -> Result<Principal, TokenRefusal> {
        accept(bearer: text).map(\.principal)
    }

    /// The same with the moment the token expires.
    func accept(bearer text: String) -> Result<(principal: Principal, until: Date), TokenRefusal> {
        let now = Date()
        let claims: TokenIssuer.Claims
        do { claims = try currentIdentity.issuer.read(text, at: now) } catch {
            if case .expired(let date) = error { return .failure(.expired(at: date)) }
            return .failure(.unknown)
        }
        return principal(claims, at: now).map { ($0, Date(timeIntervalSince1970: Double(claims.exp))) }
    }

    private func principal(_ claims: TokenIssuer.Claims, at now: Date) -> Result<Principal, TokenRefusal> {
        switch claims.kind {
        case .agent: return agentPrincipal(claims)
        case .job: return jobPrincipal(claims)
        case .enrollment: return enrollmentPrincipal(claims)
        case .session:
            // A cookie of an earlier release names no sign-in; the person signs in again.
            guard let id = claims.signIn else { return .failure(.unknown) }
            return Result { () throws(TokenRefusal) in try person(ofSignIn: id, at: now) }
        }
    }

    private func agentPrincipal(_ claims: TokenIssuer.Claims) -> Result<Principal, TokenRefusal> {
        guard let id = claims.agent.map({ AgentID($0) }), let pool = claims.pool.map({ PoolID($0) }) else {
            return .failure(.unknown)
        }
        let client = read { $0.agents[id]?.clientID.description }
        guard client == claims.client else { return .failure(.agentRemoved) }
        return .success(.agent(id, pool: pool))
    }

    private func jobPrincipal(_ claims: TokenIssuer.Claims) -> Result<Principal, TokenRefusal> {
        guard let job = claims.job.map({ JobID($0) }), let run = claims.run.map({ RunID($0) }),
            let plan = claims.plan.map({ PlanID($0) }), let project = claims.project.map({ ProjectID($0) })
        else { return .failure(.unknown) }
        let isLive = read { state in state.runs[run]?.jobs[job]?.state.lease != nil }
        guard isLive else { return .failure(.jobEnded) }
        return .success(.job(job, run: run, plan: plan, project: project))
    }

    /// Where the audit's chain ends.
    public func auditHead() async throws(ControlError) -> AuditHead {
        do { return try await store.auditHead() } catch { throw .storeUnavailable(error) }
    }

    /// Links of the audit's chain with a higher number, oldest first.
    public func auditRecords(after number: Int, limit: Int) async throws(ControlError) -> [AuditRecord] {
        do { return try await store.auditRecords(after: number, limit: limit) } catch { throw .storeUnavailable(error) }
    }

    /// Newest first.
    public func auditEvents(limit: Int, before: Date?) async throws(ControlError) -> [AuditEvent] {
        do { return try await store.auditEvents(limit: min(max(limit, 1), 1000), before: before) } catch {
            throw .storeUnavailable(error)
        }
    }
}
