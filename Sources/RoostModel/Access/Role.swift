/// What somebody may do with a thing.
public enum Permission: String, Hashable, Sendable, CaseIterable {
    case view
    /// Queue runs, let jobs run on agents, name it in a pipeline.
    case use
    /// Make things in it, such as pipelines and environments of a project.
    case create
    /// Change and delete it, and say who else may.
    case manage
}

/// A role of somebody on a thing; names as Azure DevOps gives them.
public enum Role: String, Hashable, Sendable, Codable, CaseIterable {
    case reader
    case user
    /// Runs agents as a service; in what it may do here, a user.
    case serviceAccount
    case contributor
    case creator
    /// Of a provider's account: says who makes elastic pools with it, and makes them.
    case userAccessAdministrator
    /// Of a provider's account: all of it.
    case owner
    case administrator

    /// What the role allows on a thing of a kind, where it was given or from where it is inherited.
    ///
    /// - Parameters:
    ///   - kind: of the thing that is judged.
    ///   - isInherited: the role was given on something above it.
    /// - Returns: all that it allows.
    public func permissions(on kind: SecuredKind, isInherited: Bool) -> Set<Permission> {
        switch self {
        case .reader: [.view]
        case .user, .serviceAccount: [.view, .use]
        case .owner, .administrator: [.view, .use, .create, .manage]
        case .userAccessAdministrator: [.view, .create, .manage]
        // Machines cost: who makes things in an organization makes none for that alone.
        case .contributor where kind == .provider, .creator where kind == .provider: [.view]
        case .contributor, .creator:
            // Who may make things in a project does not own all that others made there; nor the pools of its organization.
            isInherited && kind != .project && kind != .pipeline ? [.view, .use] : [.view, .use, .create]
        }
    }

    /// How people are shown it.
    public var title: String {
        switch self {
        case .serviceAccount: "Service Account"
        case .userAccessAdministrator: "User Access Administrator"
        default: rawValue.prefix(1).uppercased() + rawValue.dropFirst()
        }
    }

    /// A role by its name, ignoring case, blanks and dashes.
    public init?(name: String) {
        let plain = name.lowercased().filter { $0.isLetter }
        guard let role = Self.allCases.first(where: { $0.rawValue.lowercased() == plain }) else { return nil }
        self = role
    }
}

/// A kind of thing that roles are given on.
public enum SecuredKind: String, Hashable, Sendable, CaseIterable {
    case organization
    /// All pools.
    case pools
    case pool
    case project
    case pipeline
    case environment
    case serviceConnection
    case variableGroup
    case secureFile
    /// The account of what makes machines; the roles of the organization's administrators hold there as an owner's.
    case provider

    /// Roles that can be given on it, narrowest first.
    public var roles: [Role] {
        switch self {
        case .organization, .project: [.reader, .contributor, .administrator]
        case .pools: [.reader, .user, .serviceAccount, .creator, .administrator]
        case .pool: [.reader, .user, .serviceAccount, .administrator]
        case .pipeline: [.reader, .user, .contributor, .administrator]
        case .environment, .serviceConnection, .variableGroup, .secureFile: [.reader, .user, .administrator]
        case .provider: [.reader, .userAccessAdministrator, .owner]
        }
    }

    /// How people are shown it.
    public var title: String {
        switch self {
        case .organization: "the organization"
        case .pools: "all pools"
        case .serviceConnection: "service connection"
        case .variableGroup: "variable group"
        case .secureFile: "secure file"
        default: rawValue
        }
    }
}
