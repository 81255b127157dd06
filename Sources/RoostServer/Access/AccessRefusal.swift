import RoostModel

/// Why a request is not let through.
enum AccessRefusal: UserFacingError, Hashable {
    /// What is wrong with the credential.
    enum Flaw: Hashable {
        case missing
        case unreadable(String)
        case refused(TokenRefusal)
    }

    case unauthenticated(Flaw)
    case forbidden(needs: String)
    /// An enrolment reaches other pools than the one that was asked for.
    case otherPool(PoolID, of: Enroller)
    case tooManyRequests(limit: Int, retryAfter: Int)

    var code: String {
        switch self {
        case .unauthenticated(.missing): "access.no-credential"
        case .unauthenticated(.unreadable): "access.unreadable-credential"
        case .unauthenticated(.refused(let refusal)): refusal.code
        case .forbidden: "access.forbidden"
        case .otherPool: "enrollment.other-pool"
        case .tooManyRequests: "access.too-many-requests"
        }
    }

    var summary: String {
        switch self {
        case .unauthenticated(.missing): "This needs a credential, and the request carries none."
        case .unauthenticated(.unreadable(let reason)):
            "The request's Authorization header cannot be understood: \(reason)."
        case .unauthenticated(.refused(let refusal)): refusal.summary
        case .forbidden(let needs): "The credential is valid but may not do this: it needs \(needs)."
        case .otherPool(let pool, let enroller):
            "The enrollment is not for pool \(pool) but for \(enroller.pools.map { "\($0)" }.sorted().joined(separator: ", "))."
        case .tooManyRequests(let limit, _): "This client makes more than \(limit) requests per second."
        }
    }

    var advice: String? {
        switch self {
        case .unauthenticated(.missing), .unauthenticated(.unreadable):
            "Send a personal access token as 'Authorization: Basic base64(:TOKEN)' or 'Authorization: Bearer TOKEN'."
        case .unauthenticated(.refused(let refusal)): refusal.advice
        case .forbidden: nil
        case .otherPool(_, let enroller):
            switch enroller.source {
            case .token: "Make a token for that pool with 'roost pool create-enrollment-token'."
            case .rule: "Name the pool in the rule with 'roost trust update --pool'."
            case .identity: "Give the identity the pool with 'roost identity update \(enroller.name) --pool'."
            }
        case .tooManyRequests(_, let seconds): "Try again in \(seconds) \(seconds == 1 ? "second" : "seconds")."
        }
    }
}
