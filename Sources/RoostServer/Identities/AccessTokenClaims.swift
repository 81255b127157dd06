import FoundationEssentials
import RoostModel

/// What an access token of the authorization server says.
struct AccessTokenClaims: Codable, Hashable, Sendable {
    var aud: String
    var iss: String
    /// The organization.
    var tid: String
    /// The identity or the person; ids are in small letters, as everywhere in such tokens.
    var oid: String
    var sub: String
    /// The client that got it.
    var appid: String
    var azp: String
    var iat: Int
    var nbf: Int
    var exp: Int
    var ver = "2.0"
    var jti: String
    /// `app` or `user`.
    var idtyp: String
    var name: String?
    /// Of people.
    var upn: String?
    var preferredUsername: String?
    var scp: String?
    /// Of machines: their resource.
    var machine: String?
    /// By what kind of credential it was got.
    var signIn: SignIn
    /// The secret, certificate, rule or sign-in it comes from: without that it is refused.
    var credential: UUID?

    private enum CodingKeys: String, CodingKey {
        case aud, iss, tid, oid, sub, appid, azp, iat, nbf, exp, ver, jti, idtyp, name, upn, scp
        case preferredUsername = "preferred_username"
        case machine = "xms_mirid"
        case signIn = "roost_signin"
        case credential = "roost_credential"
    }

    /// The resource that `_apis` is.
    static let serviceAudience = "499b84ac-1321-427f-aa17-267ca6975798"
}
