import FoundationEssentials
import HTTPTypes
import RoostModel

/// What a vault refuses, in the codes of Azure Key Vault.
enum VaultError: UserFacingError, Hashable {
    /// No credential, or one that is not for vaults.
    case unauthenticated(String?)
    case noVault(String)
    case noRight(VaultRight, vault: String, who: String)
    case noScope(String)
    case noRoute(method: String, path: String)
    case badParameter(String, at: String?)
    case secretNotFound(String, vault: String, version: String?)
    case disabled(String, version: String)
    case deleted(String)
    case exists(String)
    case purgeProtected(vault: String)
    case tooManyRequests(retryAfter: Int)
    case tooLarge(limit: Int)
    case unavailable(String)
    case fault(request: String)

    var status: HTTPResponse.Status {
        switch self {
        case .unauthenticated: .unauthorized
        case .noVault, .noRoute, .secretNotFound: .notFound
        case .noRight, .noScope, .disabled, .purgeProtected: .forbidden
        case .badParameter: .badRequest
        case .deleted, .exists: .conflict
        case .tooManyRequests: .tooManyRequests
        case .tooLarge: .contentTooLarge
        case .unavailable: .serviceUnavailable
        case .fault: .internalServerError
        }
    }

    /// The code that clients branch on.
    var code: String {
        switch self {
        case .unauthenticated: "Unauthorized"
        case .noVault: "VaultNotFound"
        case .noRoute: "NotFound"
        case .secretNotFound: "SecretNotFound"
        case .noRight, .noScope, .disabled, .purgeProtected: "Forbidden"
        case .badParameter: "BadParameter"
        case .deleted, .exists: "Conflict"
        case .tooManyRequests: "Throttled"
        case .tooLarge: "RequestTooLarge"
        case .unavailable: "ServiceUnavailable"
        case .fault: "InternalServerError"
        }
    }

    var innerCode: String? {
        switch self {
        case .noRight, .noScope: "ForbiddenByPolicy"
        case .disabled: "SecretDisabled"
        case .deleted: "ObjectIsDeletedButRecoverable"
        case .purgeProtected: "PurgeProtectionEnabled"
        default: nil
        }
    }

    var summary: String {
        switch self {
        case .unauthenticated(nil): "The request has no bearer token for this vault."
        case .unauthenticated(let problem?): "The token is refused: \(problem)"
        case .noVault(let name): "There is no vault '\(name)'."
        case .noRight(let right, let vault, let who):
            "\(who) may not \(right.rawValue) secrets of the vault '\(vault)'."
        case .noScope(let scope): "The token lacks the scope '\(scope)'."
        case .noRoute(let method, let path): "A vault has nothing at \(method) \(path)."
        case .badParameter(let problem, _): "The request is not valid: \(problem)."
        case .secretNotFound(let name, let vault, nil): "There is no secret '\(name)' in the vault '\(vault)'."
        case .secretNotFound(let name, let vault, let version?):
            "There is no version '\(version)' of the secret '\(name)' in the vault '\(vault)'."
        case .disabled(let name, let version): "The version \(version) of the secret '\(name)' is disabled."
        case .deleted(let name):
            "The secret '\(name)' is deleted and can be recovered; its name is taken until it is purged."
        case .exists(let name): "There is already a secret named '\(name)'."
        case .purgeProtected(let vault): "The vault '\(vault)' is protected against purging."
        case .tooManyRequests(let seconds): "Too many requests; try again in \(seconds) seconds."
        case .tooLarge(let limit): "The request's body is larger than \(limit) bytes."
        case .unavailable(let problem): problem
        case .fault(let request):
            "Something went wrong that nobody expected; the server's log says more under \(request)."
        }
    }

    var location: String? {
        if case .badParameter(_, let place) = self { place } else { nil }
    }

    var advice: String? {
        switch self {
        case .noRight(let right, let vault, _): "Grant it with 'roost vault grant \(vault) WHO \(right.rawValue)'."
        case .noScope(let scope): "Make a token with it: 'roost token create NAME --scope \(scope)'."
        case .disabled: "Enable it, or ask for another version."
        case .deleted: "Recover or purge it first."
        case .purgeProtected: "It goes by itself when its time is over."
        default: nil
        }
    }
}
