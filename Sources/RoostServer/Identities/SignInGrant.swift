import FoundationEssentials
import RoostModel

/// What a person let a program do: the family of tokens that one sign-in gave.
///
/// It lives no longer than the personal access token with which the person was signed in.
struct SignInGrant: Codable, Hashable, Sendable {
    var id: UUID
    var user: String
    /// The personal access token of the session in which it was approved.
    var token: UUID
    var client: UUID
    var clientName: String
    var signIn: SignIn
    /// The resource that was asked for.
    var resource: String
    /// SHA-256 of the refresh token that is good now; nil without one.
    var hash: String?
    /// Of the one before it.
    var previous: String?
    var rotatedAt: Date
    var createdAt: Date
    var expiresAt: Date
    var revokedAt: Date?

    /// Of the settings that hold them.
    static let prefix = "sign-in:"
    /// What refresh tokens begin with.
    static let mark = "rsr_"
    /// A sign-in that is not used for so long ends.
    static let idleLife: TimeInterval = 90 * 86_400
    /// The token before the present one is taken for so long, for answers that were lost and programs that ask at once.
    static let leeway: TimeInterval = 30

    var settingName: String { "\(Self.prefix)\(id.uuidString.lowercased())" }

    /// What a refresh token is worth.
    enum Verdict: Hashable, Sendable {
        case current
        /// It was replaced a moment ago: a new access token is given, and no new refresh token.
        case justReplaced
        /// It was replaced before: somebody has a copy, and the whole family ends.
        case reused
        case expired
        case revoked
    }

    /// Judges one that this server made for this family.
    func verdict(on hash: String, at now: Date) -> Verdict {
        if revokedAt != nil { return .revoked }
        if expiresAt <= now { return .expired }
        if hash == self.hash { return .current }
        if hash == previous, now < rotatedAt + Self.leeway { return .justReplaced }
        return .reused
    }

    /// Those of a store, by id.
    static func all(_ settings: [String: Data]) -> [UUID: SignInGrant] {
        let decoder = JSONDecoder()
        let grants = settings.filter { $0.key.hasPrefix(prefix) }.values
            .compactMap { try? decoder.decode(SignInGrant.self, from: $0) }
        return Dictionary(grants.map { ($0.id, $0) }) { first, _ in first }
    }
}
