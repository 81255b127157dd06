/// What of a token is not as a rule wants it: the claim, what is expected, and what the token has.
public struct ClaimFailure: Hashable, Sendable, Codable {
    /// What failed; claims have their own names.
    public enum Part: Hashable, Sendable {
        case rule
        case keys
        case signature
        case issuer
        case audience
        case subject
        case expires
        case notBefore
        case issuedAt
        case claim(String)
        case pool
    }

    /// A claim's name, or `rule`, `keys`, `signature`, `pool`.
    public var claim: String
    public var expected: String
    public var got: String

    public init(_ part: Part, expected: String, got: String) {
        claim = Self.name(part)
        self.expected = expected
        self.got = Self.short(got)
    }

    /// Stable, such as `trust.wrong-audience`.
    public var code: String {
        switch claim {
        case "rule": "trust.disabled"
        case "keys": "trust.keys-unavailable"
        case "signature": "trust.wrong-signature"
        case "iss": "trust.wrong-issuer"
        case "aud": "trust.wrong-audience"
        case "sub": "trust.wrong-subject"
        case "exp": "trust.expired"
        case "nbf", "iat": "trust.not-yet-valid"
        case "pool": "trust.other-pool"
        default: "trust.wrong-claim"
        }
    }

    /// For a person, without a full stop.
    public var text: String {
        switch claim {
        case "rule": "it is disabled"
        case "keys": "the issuer's keys cannot be had: \(got)"
        case "signature": "the signature is refused: \(got); expected is \(expected)"
        case "pool": "it is for \(expected), not for \(got)"
        default: "the claim '\(claim)' is \(got), and \(expected) is expected"
        }
    }

    private static func name(_ part: Part) -> String {
        switch part {
        case .rule: "rule"
        case .keys: "keys"
        case .signature: "signature"
        case .issuer: "iss"
        case .audience: "aud"
        case .subject: "sub"
        case .expires: "exp"
        case .notBefore: "nbf"
        case .issuedAt: "iat"
        case .claim(let name): name
        case .pool: "pool"
        }
    }

    /// What comes from outside stays short and on one line.
    static func short(_ text: String) -> String {
        let plain = String(
            text.unicodeScalars.prefix(300).map { $0.value < 32 || $0.value == 127 ? " " : Character($0) }
        )
        return text.unicodeScalars.count > 300 ? "\(plain)…" : plain
    }
}
