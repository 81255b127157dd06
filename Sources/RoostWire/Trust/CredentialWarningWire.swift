public import FoundationEssentials

/// A credential that dies soon, or died lately.
public struct CredentialWarningWire: Codable, Sendable, Hashable {
    /// Such as `personalToken` or `pinnedKeys`.
    public var kind: String?
    public var name: String?
    public var owner: String?
    public var expiresAt: Date?
    public var expired: Bool?

    public init(
        kind: String? = nil,
        name: String? = nil,
        owner: String? = nil,
        expiresAt: Date? = nil,
        expired: Bool? = nil
    ) {
        self.kind = kind
        self.name = name
        self.owner = owner
        self.expiresAt = expiresAt
        self.expired = expired
    }
}
