import FoundationEssentials
import Logging
import RoostModel
import RoostStore

extension ControlPlane {
    /// Gives a short token for one that a rule accepted: it registers agents and does nothing else.
    ///
    /// It is refused from the moment the rule is changed, disabled or removed.
    func issueEnrollmentBearer(
        _ rule: TrustRule,
        subject: String,
        pool: PoolID?,
        requestID: String?
    ) async throws -> (token: Secret, lifetime: Int) {
        let issuer = currentIdentity.issuer
        var claims = issuer.claims(.enrollment, expires: Date() + TimeInterval(rule.tokenLifetime))
        claims.rule = rule.id
        claims.revision = rule.revision
        claims.subject = ClaimText.short(subject)
        claims.pool = pool?.rawValue
        let token = try issuer.issue(claims)
        let caller = Caller(
            .enroller(rule.enroller(subject: subject, pools: [])),
            signIn: .federated,
            requestID: requestID
        )
        try await change { _, change in
            change.audit(caller, "enrollment.exchange", rule.settingName, "rule '\(rule.name)' accepted the token")
        }
        return (token, rule.tokenLifetime)
    }

    /// Keeps that a token was not exchanged, and why; never the token.
    ///
    /// What an address has refused again and again is counted.
    func auditRefusedExchange(
        _ refusal: TrustRefusal,
        from address: String,
        requestID: String?
    ) async throws(ControlError) {
        guard refusals.isFirst(.init(address: address, code: refusal.code), at: Date()) else { return }
        try await change { _, change in
            let caller = Caller(nil, requestID: requestID)
            change.audit(caller, "enrollment.exchange-refused", refusal.code, String(refusal.summary.prefix(2000)))
        }
    }

    /// Keeps how many more were refused.
    func auditCountedRefusals(at now: Date) async {
        let counted = refusals.take(at: now)
        guard !counted.isEmpty else { return }
        do {
            try await change { _, change in
                for summary in counted {
                    let since = summary.since.ISO8601Format()
                    change.audit(
                        .system,
                        "enrollment.exchange-refused",
                        summary.key.code,
                        "\(summary.count) more from \(summary.key.address) since \(since)"
                    )
                }
            }
        } catch {
            logger.warning("refused exchanges could not be counted in the audit", metadata: ["error": "\(error)"])
        }
    }

    /// Who such a token stands for.
    func enrollmentPrincipal(_ claims: TokenIssuer.Claims) -> Result<Principal, TokenRefusal> {
        guard let id = claims.rule else { return .failure(.unknown) }
        return read { state in
            guard let rule = state.trustRules[id] else { return .failure(.trustRuleRemoved) }
            guard rule.isEnabled else { return .failure(.trustRuleDisabled(rule.name)) }
            guard rule.revision == claims.revision else { return .failure(.trustRuleChanged(rule.name)) }
            let own = Set(rule.pools?.map { PoolID($0) } ?? Array(state.pools.keys))
            let pools = claims.pool.map { own.intersection([PoolID($0)]) } ?? own
            return .success(.enroller(rule.enroller(subject: claims.subject ?? "", pools: pools)))
        }
    }
}

extension TrustRule {
    /// The bearer of a token that this rule accepted.
    fileprivate func enroller(subject: String, pools: Set<PoolID>) -> Enroller {
        let subject = ClaimText.short(subject)
        return Enroller(source: .rule(id, subject: subject), name: "\(name):\(subject)", pools: pools)
    }
}
