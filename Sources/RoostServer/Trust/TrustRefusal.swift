import RoostModel
import RoostWire

/// Why a token of another issuer is not exchanged.
enum TrustRefusal: UserFacingError, Hashable {
    case badRequest(String)
    case token(ForeignToken.Flaw)
    /// No enabled rule names the token's issuer.
    case unknownIssuer(String)
    /// The verdict of each rule for that issuer.
    case rules([TrustVerdict])

    /// The verdict of the rule that comes nearest.
    private static func nearest(_ verdicts: [TrustVerdict]) -> TrustVerdict? {
        verdicts.min { $0.failures.count < $1.failures.count }
    }

    var code: String {
        switch self {
        case .badRequest: "trust.bad-request"
        case .token(let flaw): flaw.code
        case .unknownIssuer: "trust.unknown-issuer"
        case .rules(let verdicts): Self.nearest(verdicts)?.failures.first?.code ?? "trust.refused"
        }
    }

    /// By RFC 6749 §5.2.
    var error: String {
        switch self {
        case .badRequest: "invalid_request"
        default: code == "trust.keys-unavailable" ? "temporarily_unavailable" : "invalid_grant"
        }
    }

    var summary: String {
        switch self {
        case .badRequest(let text): text
        case .token(let flaw): flaw.summary
        case .unknownIssuer(let issuer): "No trust rule names the issuer '\(ClaimText.short(issuer))' of the token."
        case .rules(let verdicts):
            "No trust rule accepts the token. "
                + verdicts.prefix(20).map { "\($0.text.prefix(1).uppercased())\($0.text.dropFirst())." }
                .joined(separator: " ")
        }
    }

    var advice: String? {
        switch self {
        case .badRequest: nil
        case .token(let flaw): flaw.advice
        case .unknownIssuer: "Make a rule with 'roost trust create'."
        case .rules: "Ask for a token that fits, or change the rule; 'roost trust test FILE' judges a token."
        }
    }
}
