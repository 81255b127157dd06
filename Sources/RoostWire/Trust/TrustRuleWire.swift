public import FoundationEssentials

/// A trust rule: what is asked for (what is nil stays as it is), and what the server says of it.
public struct TrustRuleWire: Codable, Sendable, Hashable {
    public var id: UUID?
    public var name: String?
    public var issuer: String?
    public var audience: String?
    /// With `*` for any characters.
    public var subject: String?
    /// Patterns of further claims, by name.
    public var claims: [String: String]?
    /// Numbers of the pools; absent in answers when it is for all.
    public var pools: [Int]?
    public var allPools: Bool?
    /// Seconds.
    public var tokenLifetime: Int?
    /// A JSON Web Key Set as text; an empty one takes it away.
    public var pinnedKeys: String?
    public var pinnedUntil: Date?
    /// PEM; an empty one takes it away.
    public var authority: String?
    public var enabled: Bool?
    public var revision: Int?
    public var createdAt: Date?
    public var createdBy: String?

    public init(
        name: String? = nil,
        issuer: String? = nil,
        audience: String? = nil,
        subject: String? = nil,
        claims: [String: String]? = nil,
        pools: [Int]? = nil,
        allPools: Bool? = nil,
        tokenLifetime: Int? = nil,
        pinnedKeys: String? = nil,
        pinnedUntil: Date? = nil,
        authority: String? = nil,
        enabled: Bool? = nil
    ) {
        self.name = name
        self.issuer = issuer
        self.audience = audience
        self.subject = subject
        self.claims = claims
        self.pools = pools
        self.allPools = allPools
        self.tokenLifetime = tokenLifetime
        self.pinnedKeys = pinnedKeys
        self.pinnedUntil = pinnedUntil
        self.authority = authority
        self.enabled = enabled
    }
}
