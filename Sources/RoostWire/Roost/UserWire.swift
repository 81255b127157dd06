public import FoundationEssentials

/// A person: what is asked for, and what the server says of them.
public struct UserWire: Codable, Sendable, Hashable {
    public var name: String?
    public var isEnabled: Bool?
    public var disabledAt: Date?
    public var disabledBy: String?
    /// Those of their own, without what everyone has.
    public var roles: [RoleAssignmentWire]?
    /// All personal access tokens, and those that are neither revoked nor expired.
    public var tokens: Int?
    public var goodTokens: Int?
    public var openSignIns: Int?
    /// The last use of a token (to the day) or a sign-in (to a few minutes).
    public var lastSeenAt: Date?
    /// The last change in the audit.
    public var lastChangeAt: Date?
    /// What they made, by kind; only of one person.
    public var made: [String: Int]?

    public init(name: String? = nil, isEnabled: Bool? = nil) {
        self.name = name
        self.isEnabled = isEnabled
    }
}
