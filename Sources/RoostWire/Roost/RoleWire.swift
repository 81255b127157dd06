public import FoundationEssentials

/// A role of somebody on a thing: what is asked for, and what the server says of it.
public struct RoleAssignmentWire: Codable, Sendable, Hashable {
    /// `user:NAME`, `identity:UUID` or `everyone`.
    public var holder: String?
    /// Such as `reader` or `administrator`.
    public var role: String?
    /// `organization`, `pools`, or a kind and an id such as `pool:4`.
    public var on: String?
    /// How people call the thing.
    public var name: String?
    public var givenBy: String?
    public var givenAt: Date?

    public init(holder: String? = nil, role: String? = nil, on: String? = nil) {
        self.holder = holder
        self.role = role
        self.on = on
    }
}

/// What somebody may do with a thing, and why.
public struct RoleCheckWire: Codable, Sendable, Hashable {
    public var holder: String
    public var on: String
    public var name: String?
    /// `view`, `use`, `create`, `manage`.
    public var permissions: [String]
    /// The roles that count, nearest first.
    public var because: [RoleAssignmentWire]

    public init(
        holder: String,
        on: String,
        name: String?,
        permissions: [String],
        because: [RoleAssignmentWire]
    ) {
        self.holder = holder
        self.on = on
        self.name = name
        self.permissions = permissions
        self.because = because
    }
}

/// An assignment as Azure DevOps shows it.
public struct SecurityRoleAssignmentWire: Codable, Sendable, Hashable {
    public struct Role: Codable, Sendable, Hashable {
        public var displayName: String
        public var name: String
        public var identifier: String
        public var scope: String

        public init(displayName: String, name: String, identifier: String, scope: String) {
            self.displayName = displayName
            self.name = name
            self.identifier = identifier
            self.scope = scope
        }
    }

    public var identity: IdentityWire?
    public var role: Role
    /// `assigned` or `inherited`.
    public var access: String
    public var accessDisplayName: String

    public init(identity: IdentityWire?, role: Role, isInherited: Bool) {
        self.identity = identity
        self.role = role
        access = isInherited ? "inherited" : "assigned"
        accessDisplayName = isInherited ? "Inherited" : "Assigned"
    }
}

/// What a client of Azure DevOps sends to give a role.
public struct SecurityRoleRequestWire: Codable, Sendable, Hashable {
    public var roleName: String?
    public var uniqueName: String?
    public var userId: String?
}
