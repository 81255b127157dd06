public import FoundationEssentials

/// A vault; the same over restarts and renames.
public struct VaultID: Identifier {
    public let rawValue: UUID
    public init(_ rawValue: UUID) { self.rawValue = rawValue }
}

/// One version of a secret: all that is known of it but its value.
public struct SecretVersion: Hashable, Sendable {
    public var vault: VaultID
    /// As it was first written; compared ignoring case.
    public var name: String
    /// 32 hexadecimal digits.
    public var version: String
    public var contentType: String?
    public var tags: [String: String]
    public var enabled: Bool
    /// To inform people only: the value is given out before this moment, too.
    public var notBefore: Date?
    /// To inform people only: the value is given out after this moment, too.
    public var expires: Date?
    public var createdAt: Date
    public var updatedAt: Date
    /// Of the whole secret: all its versions are deleted at once.
    public var deletion: SecretDeletion?

    public init(
        vault: VaultID,
        name: String,
        version: String,
        contentType: String? = nil,
        tags: [String: String] = [:],
        enabled: Bool = true,
        notBefore: Date? = nil,
        expires: Date? = nil,
        createdAt: Date,
        updatedAt: Date,
        deletion: SecretDeletion? = nil
    ) {
        self.vault = vault
        self.name = name
        self.version = version
        self.contentType = contentType
        self.tags = tags
        self.enabled = enabled
        self.notBefore = notBefore
        self.expires = expires
        self.createdAt = createdAt
        self.updatedAt = updatedAt
        self.deletion = deletion
    }

    /// The secret it is a version of.
    public var key: SecretKey { SecretKey(vault: vault, name: name) }
}

/// When a secret was deleted, and when it goes for good.
public struct SecretDeletion: Hashable, Sendable {
    public var deletedAt: Date
    public var purgeAt: Date

    public init(deletedAt: Date, purgeAt: Date) {
        self.deletedAt = deletedAt
        self.purgeAt = purgeAt
    }
}

/// A secret of a vault, whatever the letter case of its name.
public struct SecretKey: Hashable, Sendable {
    public var vault: VaultID
    /// In lower case.
    public let name: String

    public init(vault: VaultID, name: String) {
        self.vault = vault
        self.name = name.lowercased()
    }
}
