import FoundationEssentials
import RoostModel
import RoostWire

/// Checks a token of another issuer against rules: whose keys signed it, and what it claims.
struct TrustCheck: Sendable {
    let keys: IssuerKeyCache

    /// The rule that accepts a token.
    ///
    /// What a rule expects is only told to those whose token the issuer has signed.
    ///
    /// - Parameters:
    ///   - text: the token.
    ///   - rules: all that are enabled, in the order of their preference.
    ///   - pool: where an agent is to be registered; nil when that is not known yet.
    ///   - now: the present.
    /// - Returns: the rule, and what the token says.
    /// - Throws: ``TrustRefusal``.
    func accept(
        _ text: String,
        _ rules: [TrustRule],
        pool: PoolID?,
        at now: Date
    ) async throws(TrustRefusal) -> (rule: TrustRule, claims: TokenClaims) {
        let token: ForeignToken
        do { token = try ForeignToken(text) } catch { throw .token(error) }
        let own = rules.filter { $0.issuer == token.claims.issuer }
        guard !own.isEmpty else { throw .unknownIssuer(token.claims.issuer ?? "") }
        var verdicts: [TrustVerdict] = []
        for rule in own {
            if let failure = await signatureFailure(of: token, rule, at: now) {
                verdicts.append(TrustVerdict(rule, [failure]))
                continue
            }
            switch judgeTrust(token.claims, [rule], pool: pool, at: now) {
            case .accepted(let rule): return (rule, token.claims)
            case .refused(let more): verdicts += more
            }
        }
        throw .rules(verdicts)
    }

    private func signatureFailure(of token: ForeignToken, _ rule: TrustRule, at now: Date) async -> ClaimFailure? {
        do {
            let set = try await keySet(of: rule, token.keyID, at: now)
            do { try await set.verify(token) } catch {
                let expected = rule.pinnedKeys == nil ? "a key that the issuer publishes" : "a key that the rule holds"
                return ClaimFailure(.signature, expected: expected, got: error.text)
            }
            return nil
        } catch {
            return ClaimFailure(.keys, expected: "keys", got: "\(error.summary.dropLast())")
        }
    }

    private func keySet(
        of rule: TrustRule,
        _ keyID: String?,
        at now: Date
    ) async throws(IssuerKeyFailure) -> IssuerKeySet {
        guard let pinned = rule.pinnedKeys else {
            let source = IssuerSource(issuer: rule.issuer, authority: rule.authority)
            return try await keys.keys(of: source, keyID: keyID, at: now)
        }
        if let end = rule.pinnedUntil, end <= now {
            throw .pinned(rule: rule.name, cause: "they were good until \(end.ISO8601Format())")
        }
        do { return try IssuerKeySet(json: Data(pinned.utf8)) } catch {
            throw .pinned(rule: rule.name, cause: error.text)
        }
    }
}
