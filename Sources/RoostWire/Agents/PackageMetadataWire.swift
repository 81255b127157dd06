import Crypto
public import FoundationEssentials

/// A package of the agent.
public struct PackageMetadataWire: Codable, Sendable, Hashable {
    public var type: String?
    public var platform: String?
    public var createdOn: Date?
    public var version: PackageVersionWire?
    public var downloadUrl: String?
    public var filename: String?
    /// SHA-256, hexadecimal.
    public var hashValue: String?
    public var infoUrl: String?
    /// Only Roost: bytes of the package.
    public var size: Int?
    /// Only Roost: who vouches for it; see ``AgentPackageStatement``.
    public var signatures: [PackageSignatureWire]?
    /// Only Roost: who added it.
    public var createdBy: String?

    public init(
        type: String? = nil,
        platform: String? = nil,
        createdOn: Date? = nil,
        version: PackageVersionWire? = nil,
        downloadUrl: String? = nil,
        filename: String? = nil,
        hashValue: String? = nil,
        infoUrl: String? = nil,
        size: Int? = nil,
        signatures: [PackageSignatureWire]? = nil,
        createdBy: String? = nil
    ) {
        self.type = type
        self.platform = platform
        self.createdOn = createdOn
        self.version = version
        self.downloadUrl = downloadUrl
        self.filename = filename
        self.hashValue = hashValue
        self.infoUrl = infoUrl
        self.size = size
        self.signatures = signatures
        self.createdBy = createdBy
    }
}

/// A signature of a package.
public struct PackageSignatureWire: Codable, Sendable, Hashable {
    /// See ``PackageKeyWire/id``.
    public var keyId: String
    /// Ed25519, 64 bytes, over ``AgentPackageStatement/bytes``.
    public var value: Data

    public init(keyId: String, value: Data) {
        self.keyId = keyId
        self.value = value
    }
}

/// A key with which packages are signed.
public struct PackageKeyWire: Codable, Sendable, Hashable {
    /// The first eight bytes of the SHA-256 of the public part, hexadecimal.
    public var id: String
    /// Ed25519, 32 bytes.
    public var publicKey: Data

    public init(id: String, publicKey: Data) {
        self.id = id
        self.publicKey = publicKey
    }

    /// The name of a key, from its public part.
    public static func id(of publicKey: Data) -> String {
        SHA256.hash(data: publicKey).prefix(8).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    /// Whether it made a signature of these bytes.
    public func vouches(for bytes: Data, _ signature: Data) -> Bool {
        guard let key = try? Curve25519.Signing.PublicKey(rawRepresentation: publicKey) else { return false }
        return key.isValidSignature(signature, for: bytes)
    }
}
