public import FoundationEssentials

/// A vault: what is asked for, and what the server says of it.
public struct VaultWire: Codable, Sendable, Hashable {
    /// Who may do what.
    public struct Grant: Codable, Sendable, Hashable {
        /// `user:NAME`, `identity:ID` or `pool:NAME`; pools are answered by their number.
        public var grantee: String
        /// Such as `get`; none takes all rights away.
        public var rights: [String]

        public init(grantee: String, rights: [String]) {
            self.grantee = grantee
            self.rights = rights
        }
    }

    public var id: UUID?
    public var name: String?
    /// Address of its secrets, ending in a slash.
    public var uri: String?
    public var retentionDays: Int?
    public var purgeProtection: Bool?
    public var grants: [Grant]?
    public var createdAt: Date?
    public var createdBy: String?

    public init(name: String? = nil, retentionDays: Int? = nil, purgeProtection: Bool? = nil) {
        self.name = name
        self.retentionDays = retentionDays
        self.purgeProtection = purgeProtection
    }
}
