public import FoundationEssentials

/// A vault of secrets, and who may do what in it.
public struct Vault: Hashable, Sendable, Codable {
    public var id: VaultID
    /// Part of a host name, in lower case; unique in the organization.
    public var name: String
    /// How long deleted secrets can be recovered.
    public var retentionDays: Int
    /// Nobody purges a deleted secret before its time.
    public var purgeProtection: Bool
    public var grants: [VaultGrant]
    public var createdAt: Date
    public var createdBy: String

    public init(
        id: VaultID,
        name: String,
        retentionDays: Int = 90,
        purgeProtection: Bool = false,
        grants: [VaultGrant] = [],
        createdAt: Date,
        createdBy: String
    ) {
        self.id = id
        self.name = name
        self.retentionDays = retentionDays
        self.purgeProtection = purgeProtection
        self.grants = grants
        self.createdAt = createdAt
        self.createdBy = createdBy
    }

    /// Days for which Azure Key Vault keeps deleted secrets.
    public static let retention = 7...90

    /// Whether a text can be a vault's name: 3 to 24 letters, digits and dashes, as Azure Key Vault has it.
    public static func isName(_ text: String) -> Bool {
        let isFine = text.utf8.allSatisfy { $0 == 0x2D || (0x30...0x39).contains($0) || (0x61...0x7A).contains($0) }
        guard isFine, (3...24).contains(text.utf8.count), let first = text.utf8.first, let last = text.utf8.last
        else { return false }
        return (0x61...0x7A).contains(first) && last != 0x2D && !text.contains("--")
    }

    /// Whether a text can be a secret's name: 1 to 127 letters, digits and dashes.
    public static func isSecretName(_ text: String) -> Bool {
        (1...127).contains(text.utf8.count)
            && text.utf8.allSatisfy {
                $0 == 0x2D || (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0)
            }
    }

    /// What a principal may do.
    ///
    /// - Parameters:
    ///   - principal: who asks.
    ///   - pool: of a job, the pool of the agent that runs it.
    /// - Returns: all that was granted.
    public func rights(of principal: Principal, pool: PoolID? = nil) -> Set<VaultRight> {
        grants.filter { $0.grantee.covers(principal, pool: pool) }.reduce(into: []) { $0.formUnion($1.rights) }
    }
}

/// One thing that can be done with the secrets of a vault.
public enum VaultRight: String, Hashable, Sendable, Codable, CaseIterable {
    case get, list, set, delete, recover, purge, backup, restore
}

/// What somebody may do in a vault.
public struct VaultGrant: Hashable, Sendable, Codable {
    public var grantee: VaultGrantee
    public var rights: Set<VaultRight>

    public init(_ grantee: VaultGrantee, _ rights: Set<VaultRight>) {
        self.grantee = grantee
        self.rights = rights
    }

    private enum CodingKeys: String, CodingKey { case grantee, rights }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let text = try container.decode(String.self, forKey: .grantee)
        guard let grantee = VaultGrantee(text) else {
            let problem = "'\(text)' is no user, identity or pool"
            throw DecodingError.dataCorruptedError(forKey: .grantee, in: container, debugDescription: problem)
        }
        self.grantee = grantee
        rights = Set(try container.decode([VaultRight].self, forKey: .rights))
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(grantee.description, forKey: .grantee)
        try container.encode(rights.sorted { $0.rawValue < $1.rawValue }, forKey: .rights)
    }
}

/// To whom something is granted: `user:ada`, `identity:<id>`, `pool:3`.
public enum VaultGrantee: Hashable, Sendable, CustomStringConvertible {
    case user(String)
    case identity(IdentityID)
    /// The machines of a pool, and the jobs that run on them.
    case pool(PoolID)

    /// Nil when the text is none.
    public init?(_ text: String) {
        let parts = text.split(separator: ":", maxSplits: 1)
        guard parts.count == 2 else { return nil }
        let name = String(parts[1])
        switch parts[0] {
        case "user": self = .user(name.lowercased())
        case "identity":
            guard let id = IdentityID(text: name) else { return nil }
            self = .identity(id)
        case "pool":
            guard let id = Int(name) else { return nil }
            self = .pool(PoolID(id))
        default: return nil
        }
    }

    public var description: String {
        switch self {
        case .user(let name): "user:\(name)"
        case .identity(let id): "identity:\(id)"
        case .pool(let id): "pool:\(id)"
        }
    }

    func covers(_ principal: Principal, pool: PoolID?) -> Bool {
        switch (self, principal) {
        case (.user(let name), .user(let other, _)): name == other.lowercased()
        case (.identity(let id), .identity(let other, _, _)): id == other
        case (.pool(let id), .agent(_, let other)): id == other
        case (.pool(let id), .job): id == pool
        default: false
        }
    }
}
