public import FoundationEssentials

/// What a rule says of a token.
public struct TrustVerdict: Hashable, Sendable, Codable {
    public var rule: UUID
    public var name: String
    /// All that is not as the rule wants it; empty when it accepts the token.
    public var failures: [ClaimFailure]

    public init(_ rule: TrustRule, _ failures: [ClaimFailure]) {
        self.rule = rule.id
        name = rule.name
        self.failures = failures
    }

    /// For a person, such as `rule 'github': the claim 'aud' is …`.
    public var text: String {
        "rule '\(name)': " + (failures.isEmpty ? "accepted" : failures.map(\.text).joined(separator: "; "))
    }
}

/// What all rules together say of a token.
public enum TrustJudgement: Hashable, Sendable {
    case accepted(TrustRule)
    /// One verdict for each rule.
    case refused([TrustVerdict])
}

/// Judges a token whose signature was checked, or that nobody acts upon.
///
/// The first rule that accepts it counts. Reads no clock; clocks may be ``TokenClaims/skew`` apart.
///
/// - Parameters:
///   - claims: what the token says.
///   - rules: in the order of their preference.
///   - pool: where an agent is to be registered; nil when that is not known yet.
///   - now: the present.
/// - Returns: the rule, or what fails at each.
public func judgeTrust(
    _ claims: TokenClaims,
    _ rules: [TrustRule],
    pool: PoolID? = nil,
    at now: Date
) -> TrustJudgement {
    var verdicts: [TrustVerdict] = []
    for rule in rules {
        let failures = rule.failures(of: claims, pool: pool, at: now)
        if failures.isEmpty { return .accepted(rule) }
        verdicts.append(TrustVerdict(rule, failures))
    }
    return .refused(verdicts)
}

extension TrustRule {
    /// All that is not as this rule wants it; a token of another issuer has that one failure only.
    public func failures(of token: TokenClaims, pool: PoolID? = nil, at now: Date) -> [ClaimFailure] {
        guard token.issuer == issuer else {
            return [ClaimFailure(.issuer, expected: "'\(issuer)'", got: Self.quoted(token.issuer.map { [$0] }))]
        }
        var failures: [ClaimFailure] = []
        if !isEnabled { failures.append(ClaimFailure(.rule, expected: "enabled", got: "disabled")) }
        failures += token.timeFailures(at: now)
        if !token.audiences.contains(audience) {
            failures.append(ClaimFailure(.audience, expected: "'\(audience)'", got: Self.quoted(token.values["aud"])))
        }
        if !(token.subject.map(ClaimPattern(subject).matches) ?? false) {
            failures.append(ClaimFailure(.subject, expected: "'\(subject)'", got: Self.quoted(token.values["sub"])))
        }
        for (name, pattern) in claims.sorted(by: { $0.key < $1.key }) {
            let values = token.values[name]
            if values?.contains(where: ClaimPattern(pattern).matches) ?? false { continue }
            failures.append(ClaimFailure(.claim(name), expected: "'\(pattern)'", got: Self.quoted(values)))
        }
        if let pool, !reaches(pool) { failures.append(poolFailure(pool)) }
        return failures
    }

    private func poolFailure(_ pool: PoolID) -> ClaimFailure {
        let own = (pools ?? []).sorted().map { "\($0)" }.joined(separator: ", ")
        return ClaimFailure(.pool, expected: own.isEmpty ? "no pool" : "pool \(own)", got: "pool \(pool)")
    }

    private static func quoted(_ values: [String]?) -> String {
        guard let values, !values.isEmpty else { return "absent" }
        return values.prefix(10).map { "'\($0)'" }.joined(separator: ", ")
    }
}

extension TokenClaims {
    /// How far clocks may be apart, in seconds.
    public static let skew: TimeInterval = 300

    /// Whether it is too old or too young; a token without an end is refused.
    public func timeFailures(at now: Date) -> [ClaimFailure] {
        var failures: [ClaimFailure] = []
        let present = now.ISO8601Format()
        if expires.map({ now.timeIntervalSince($0) > Self.skew }) ?? true {
            let got = expires?.ISO8601Format() ?? "absent"
            failures.append(ClaimFailure(.expires, expected: "a moment after \(present)", got: got))
        }
        for (part, date) in [(ClaimFailure.Part.notBefore, notBefore), (.issuedAt, issuedAt)] {
            guard let date, date.timeIntervalSince(now) > Self.skew else { continue }
            failures.append(ClaimFailure(part, expected: "a moment before \(present)", got: date.ISO8601Format()))
        }
        return failures
    }
}
