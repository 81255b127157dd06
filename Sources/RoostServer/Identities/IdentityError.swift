public import RoostModel

/// What the directory refuses, and why.
public enum IdentityError: UserFacingError, Hashable {
    case notFound(String)
    case credentialNotFound(String, identity: String)
    case invalid(problem: String, advice: String?)

    public var code: String {
        switch self {
        case .notFound: "identity.not-found"
        case .credentialNotFound: "identity.credential-not-found"
        case .invalid: "identity.invalid"
        }
    }

    public var summary: String {
        switch self {
        case .notFound(let name): "There is no identity '\(name)'."
        case .credentialNotFound(let id, let identity): "The identity '\(identity)' has no credential '\(id)'."
        case .invalid(let problem, _): "The identity is not valid: \(problem)."
        }
    }

    public var advice: String? {
        switch self {
        case .notFound: "List them with 'roost identity list'."
        case .credentialNotFound(_, let identity): "'roost identity show \(identity)' lists them."
        case .invalid(_, let advice): advice
        }
    }
}
