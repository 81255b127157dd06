public import FoundationEssentials

/// A personal access token; its text only in the answer that made it.
public struct TokenWire: Codable, Sendable, Hashable {
    public var id: UUID?
    public var user: String?
    public var name: String?
    public var scopes: [String]?
    public var createdAt: Date?
    public var expiresAt: Date?
    public var revokedAt: Date?
    public var lastUsedAt: Date?
    public var token: String?

    public init(
        id: UUID? = nil,
        user: String? = nil,
        name: String? = nil,
        scopes: [String]? = nil,
        createdAt: Date? = nil,
        expiresAt: Date? = nil,
        revokedAt: Date? = nil,
        lastUsedAt: Date? = nil,
        token: String? = nil
    ) {
        self.id = id
        self.user = user
        self.name = name
        self.scopes = scopes
        self.createdAt = createdAt
        self.expiresAt = expiresAt
        self.revokedAt = revokedAt
        self.lastUsedAt = lastUsedAt
        self.token = token
    }
}
