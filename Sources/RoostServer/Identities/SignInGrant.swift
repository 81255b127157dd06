import FoundationEssentials
import RoostModel

/// One sign-in of a person: a browser on the dashboard, or a program with the family of tokens it was given.
///
/// It stands on the person. The personal access token it began with may end; the sign-in goes on, with the scopes that token had.
struct SignInGrant: Codable, Hashable, Sendable {
    var id: UUID
    var user: String
    /// The personal access token it began with, or with which the session began in which it was approved.
    var token: UUID
    /// What it may do; nil in those that earlier releases kept, which had the scopes of their token.
    var scopes: Set<TokenScope>?
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
    /// Where the browser or the program was.
    var address: String?
    /// To a few minutes, so that reading is not a write.
    var lastUsedAt: Date?

    /// Of the settings that hold them.
    static let prefix = "sign-in:"
    /// What refresh tokens begin with.
    static let mark = "rsr_"
    /// A sign-in that is not used for so long ends.
    static let idleLife: TimeInterval = 90 * 86_400
    /// The token before the present one is taken for so long, for answers that were lost and programs that ask at once.
    static let leeway: TimeInterval = 30

    /// A use is noted when the one before is longer ago than this.
    static let useInterval: TimeInterval = 300

    /// When it was last used, as far as that is noted.
    var lastUse: Date { max(lastUsedAt ?? createdAt, rotatedAt) }

    /// Whether it was neither ended nor left alone for too long.
    func isOpen(at now: Date) -> Bool { revokedAt == nil && expiresAt > now }

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
    static func all(_ settings: [String: Data], _ tokens: [TokenID: AccessToken]) -> [UUID: SignInGrant] {
        let decoder = JSONDecoder()
        let grants = settings.filter { $0.key.hasPrefix(prefix) }.values
            .compactMap { try? decoder.decode(SignInGrant.self, from: $0) }
            .map { $0.standing(on: tokens) }
        return Dictionary(grants.map { ($0.id, $0) }) { first, _ in first }
    }

    /// With scopes of its own; one of an earlier release had those of its token, and ended with it.
    private func standing(on tokens: [TokenID: AccessToken]) -> SignInGrant {
        guard scopes == nil else { return self }
        var grant = self
        let token = tokens[TokenID(token)]
        grant.scopes = token?.scopes ?? []
        grant.revokedAt = revokedAt ?? token?.revokedAt
        grant.expiresAt = min(expiresAt, token?.expiresAt ?? createdAt)
        return grant
    }
}
