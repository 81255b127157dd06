public import FoundationEssentials

/// A service principal or a machine's identity: what is asked for, and what the server says of it.
public struct DirectoryIdentityWire: Codable, Sendable, Hashable {
    /// Tokens call it `oid`.
    public var id: UUID?
    public var name: String?
    /// `servicePrincipal` or `managedIdentity`.
    public var kind: String?
    /// Tokens call it `appid`.
    public var clientId: UUID?
    /// The tenant that clients are told.
    public var tenantId: UUID?
    public var scopes: [String]?
    /// Numbers of the pools in which it may register agents, instead of scopes.
    public var pools: [Int]?
    public var redirects: [String]?
    public var isEnabled: Bool?
    public var secrets: [IdentitySecretWire]?
    public var certificates: [IdentityCertificateWire]?
    public var federated: [FederatedCredentialWire]?
    public var createdAt: Date?
    public var createdBy: String?

    public init(
        name: String? = nil,
        kind: String? = nil,
        scopes: [String]? = nil,
        pools: [Int]? = nil,
        redirects: [String]? = nil,
        isEnabled: Bool? = nil
    ) {
        self.name = name
        self.kind = kind
        self.scopes = scopes
        self.pools = pools
        self.redirects = redirects
        self.isEnabled = isEnabled
    }
}

/// A secret of an identity.
public struct IdentitySecretWire: Codable, Sendable, Hashable {
    public var id: UUID?
    public var name: String?
    /// Its last letters.
    public var hint: String?
    /// Its life, in requests.
    public var days: Double?
    public var createdAt: Date?
    public var expiresAt: Date?
    /// The text, once.
    public var secret: String?

    public init(name: String? = nil, days: Double? = nil) {
        self.name = name
        self.days = days
    }
}

/// A certificate of an identity.
public struct IdentityCertificateWire: Codable, Sendable, Hashable {
    public var id: UUID?
    public var name: String?
    public var pem: String?
    /// SHA-1, as headers have it in `x5t`.
    public var sha1: String?
    /// SHA-256, as headers have it in `x5t#S256`.
    public var sha256: String?
    public var createdAt: Date?
    public var expiresAt: Date?

    public init(name: String? = nil, pem: String? = nil) {
        self.name = name
        self.pem = pem
    }
}

/// Another issuer's token that stands for an identity.
public struct FederatedCredentialWire: Codable, Sendable, Hashable {
    public var id: UUID?
    public var name: String?
    public var issuer: String?
    public var subject: String?
    public var audience: String?

    public init(name: String? = nil, issuer: String? = nil, subject: String? = nil, audience: String? = nil) {
        self.name = name
        self.issuer = issuer
        self.subject = subject
        self.audience = audience
    }
}

/// A key that the server signs tokens with.
public struct SigningKeyWire: Codable, Sendable, Hashable {
    public var id: String?
    public var createdAt: Date?
    /// Published before, it signs from then on.
    public var signsFrom: Date?

    public init(id: String? = nil, createdAt: Date? = nil, signsFrom: Date? = nil) {
        self.id = id
        self.createdAt = createdAt
        self.signsFrom = signsFrom
    }
}
