/// What decides whether somebody may make an elastic pool.
///
/// Two things are needed. A right to make machines: a role on the provider's account, or a service connection that may be used. And a right to put a pool where it is wanted: in the
/// organization, where the role on the account is enough, or in a project.
public struct ElasticCreation: Hashable, Sendable {
    /// A thing with what may be done with it.
    public struct Place: Hashable, Sendable {
        public var name: String
        public var permissions: Set<Permission>

        public init(_ name: String, _ permissions: Set<Permission>) {
            self.name = name
            self.permissions = permissions
        }
    }

    public var provider: Place
    /// Of all pools.
    public var pools: Set<Permission>
    /// The project in whose settings it is made; nil in those of the organization.
    public var project: Place?
    /// The service connection that is used.
    public var connection: Place?
    /// Every project gets a queue for it.
    public var isForAllProjects: Bool

    public init(
        provider: Place,
        pools: Set<Permission>,
        project: Place? = nil,
        connection: Place? = nil,
        isForAllProjects: Bool = false
    ) {
        self.provider = provider
        self.pools = pools
        self.project = project
        self.connection = connection
        self.isForAllProjects = isForAllProjects
    }

    /// By what it is allowed.
    public enum Right: Hashable, Sendable {
        /// A role on the provider's account.
        case role
        case connection(String)
    }

    /// What is missing.
    public enum Lack: Hashable, Sendable {
        /// The connection may not be used.
        case connection(String)
        /// No role on the provider's account, and no connection.
        case right
        /// A connection is there, and pools may not be made in the organization.
        case pools
        /// Nothing may be made in the project.
        case project(String)
        /// A connection is there, and the project is somebody else's.
        case projectOfOthers(String)
        /// All projects would get a queue.
        case allProjects
    }

    /// By what it is allowed, or what is missing first.
    public var judgement: Result<Right, Refused> {
        if let connection, !connection.permissions.contains(.use) {
            return .failure(.init(.connection(connection.name)))
        }
        let hasRole = provider.permissions.contains(.create)
        guard hasRole || connection != nil else { return .failure(.init(.right)) }
        if let lack = lackOfPlace(hasRole || pools.contains(.create)) { return .failure(.init(lack)) }
        return .success(hasRole ? .role : .connection(connection?.name ?? ""))
    }

    private func lackOfPlace(_ mayMakePools: Bool) -> Lack? {
        guard let project else { return mayMakePools ? nil : .pools }
        guard project.permissions.contains(.create) else { return .project(project.name) }
        guard mayMakePools || project.permissions.contains(.manage) else { return .projectOfOthers(project.name) }
        return isForAllProjects && !mayMakePools ? .allProjects : nil
    }

    /// Carries what is missing.
    public struct Refused: Error, Hashable, Sendable {
        public var lack: Lack
        public init(_ lack: Lack) { self.lack = lack }
    }
}
