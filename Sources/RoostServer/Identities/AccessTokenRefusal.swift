public import FoundationEssentials
public import RoostModel

/// Why a token of the authorization server is not accepted, each with its own words.
public enum AccessTokenRefusal: UserFacingError, Hashable {
    case malformed
    case unknownKey(String)
    case wrongSignature
    case wrongIssuer(String)
    case wrongAudience(String, expected: String)
    case expired(at: Date)
    case notYetValid(from: Date)
    case identityRemoved
    case identityDisabled(String)
    case credentialRemoved(String)
    case signInRevoked

    public var code: String {
        switch self {
        case .malformed: "access-token.malformed"
        case .unknownKey: "access-token.unknown-key"
        case .wrongSignature: "access-token.wrong-signature"
        case .wrongIssuer: "access-token.wrong-issuer"
        case .wrongAudience: "access-token.wrong-audience"
        case .expired: "access-token.expired"
        case .notYetValid: "access-token.not-yet-valid"
        case .identityRemoved: "access-token.identity-removed"
        case .identityDisabled: "access-token.identity-disabled"
        case .credentialRemoved: "access-token.credential-removed"
        case .signInRevoked: "access-token.sign-in-revoked"
        }
    }

    public var summary: String {
        switch self {
        case .malformed: "The token is no access token of this server."
        case .unknownKey(let id): "The token is signed with the key '\(id)', which this server does not have."
        case .wrongSignature: "The token's signature is wrong."
        case .wrongIssuer(let issuer): "The token was issued by '\(issuer)' and not by this server."
        case .wrongAudience(let got, let expected): "The token is meant for '\(got)' and not for '\(expected)'."
        case .expired(let date):
            "The token expired on \(date.ISO8601Format()). Current server time is \(Date().ISO8601Format())."
        case .notYetValid(let date):
            "The token is not valid until \(date.ISO8601Format()). Current server time is \(Date().ISO8601Format())."
        case .identityRemoved: "The identity of the token has been deleted."
        case .identityDisabled(let name): "The identity '\(name)' is disabled."
        case .credentialRemoved(let name): "The credential with which '\(name)' got the token has been removed."
        case .signInRevoked: "The sign-in that the token comes from has been revoked."
        }
    }

    public var advice: String? {
        switch self {
        case .wrongAudience(_, let expected): "Ask for the scope '\(expected)/.default'."
        case .expired, .unknownKey, .credentialRemoved: "Ask for a new token."
        case .identityDisabled(let name): "An administrator enables it with 'roost identity enable \(name)'."
        case .signInRevoked: "Sign in again, such as with 'roost login URL --device'."
        case .notYetValid: "Set the clocks of both machines."
        case .malformed, .wrongSignature, .wrongIssuer, .identityRemoved: nil
        }
    }
}
