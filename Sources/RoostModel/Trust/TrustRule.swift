public import FoundationEssentials

/// Lets the bearer of another issuer's token register agents.
public struct TrustRule: Hashable, Sendable, Codable {
    public var id: UUID
    /// Unique in the organization, ignoring case.
    public var name: String
    /// What the token's `iss` must be, letter by letter.
    public var issuer: String
    /// One of the token's `aud` must be this.
    public var audience: String
    /// What the token's `sub` must look like, with `*` for any characters.
    public var subject: String
    /// What further claims must look like, by name; all of them.
    public var claims: [String: String]
    /// The pools in which agents may be registered; nil is all of the organization.
    public var pools: [Int]?
    /// Life of the token that is given for the issuer's, in seconds.
    public var tokenLifetime: Int
    /// The issuer's keys as a JSON Web Key Set, so that it is never asked for them.
    public var pinnedKeys: String?
    /// From then on the pinned keys are good no longer.
    public var pinnedUntil: Date?
    /// Certificates in PEM form that are trusted beside the system's when the issuer is asked for its keys.
    public var authority: String?
    public var isEnabled: Bool
    /// Rises with each change; tokens that were given before are refused.
    public var revision: Int
    public var createdAt: Date
    public var createdBy: String

    public init(
        id: UUID,
        name: String,
        issuer: String,
        audience: String,
        subject: String,
        claims: [String: String] = [:],
        pools: [Int]? = nil,
        tokenLifetime: Int = 600,
        pinnedKeys: String? = nil,
        pinnedUntil: Date? = nil,
        authority: String? = nil,
        isEnabled: Bool = true,
        revision: Int = 1,
        createdAt: Date,
        createdBy: String
    ) {
        self.id = id
        self.name = name
        self.issuer = issuer
        self.audience = audience
        self.subject = subject
        self.claims = claims
        self.pools = pools
        self.tokenLifetime = tokenLifetime
        self.pinnedKeys = pinnedKeys
        self.pinnedUntil = pinnedUntil
        self.authority = authority
        self.isEnabled = isEnabled
        self.revision = revision
        self.createdAt = createdAt
        self.createdBy = createdBy
    }

    /// Whether agents of a pool may be registered.
    public func reaches(_ pool: PoolID) -> Bool { pools?.contains(pool.rawValue) ?? true }
}
