/// A secret as Azure Key Vault shows it; moments are whole seconds since 1970.
public struct SecretWire: Codable, Sendable, Hashable {
    public struct Attributes: Codable, Sendable, Hashable {
        public var enabled: Bool?
        public var nbf: Int?
        public var exp: Int?
        public var created: Int?
        public var updated: Int?
        public var recoveryLevel: String?
        public var recoverableDays: Int?

        public init(
            enabled: Bool? = nil,
            nbf: Int? = nil,
            exp: Int? = nil,
            created: Int? = nil,
            updated: Int? = nil,
            recoveryLevel: String? = nil,
            recoverableDays: Int? = nil
        ) {
            self.enabled = enabled
            self.nbf = nbf
            self.exp = exp
            self.created = created
            self.updated = updated
            self.recoveryLevel = recoveryLevel
            self.recoverableDays = recoverableDays
        }
    }

    /// Only where the value was asked for, or is set.
    public var value: String?
    /// `https://VAULT/secrets/NAME/VERSION`.
    public var id: String?
    public var contentType: String?
    public var tags: [String: String]?
    public var attributes: Attributes?
    /// `https://VAULT/deletedsecrets/NAME`, of a deleted one.
    public var recoveryId: String?
    public var deletedDate: Int?
    public var scheduledPurgeDate: Int?

    public init(
        value: String? = nil,
        id: String? = nil,
        contentType: String? = nil,
        tags: [String: String]? = nil,
        attributes: Attributes? = nil
    ) {
        self.value = value
        self.id = id
        self.contentType = contentType
        self.tags = tags
        self.attributes = attributes
    }
}

/// A page of secrets.
public struct SecretListWire: Codable, Sendable, Hashable {
    public var value: [SecretWire]
    public var nextLink: String?

    public init(value: [SecretWire], nextLink: String?) {
        self.value = value
        self.nextLink = nextLink
    }

    private enum CodingKeys: String, CodingKey { case value, nextLink }

    /// The link is written although it is null.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(value, forKey: .value)
        try container.encode(nextLink, forKey: .nextLink)
    }
}

/// The whole of a secret, sealed, in base64 for URLs.
public struct SecretBackupWire: Codable, Sendable, Hashable {
    public var value: String

    public init(value: String) { self.value = value }
}

/// Why a vault refuses.
public struct VaultErrorWire: Codable, Sendable, Hashable {
    public struct Problem: Codable, Sendable, Hashable {
        public struct Inner: Codable, Sendable, Hashable {
            public var code: String

            public init(code: String) { self.code = code }
        }

        public var code: String
        public var message: String
        public var innererror: Inner?

        public init(code: String, message: String, innererror: Inner? = nil) {
            self.code = code
            self.message = message
            self.innererror = innererror
        }
    }

    public var error: Problem

    public init(error: Problem) { self.error = error }
}
