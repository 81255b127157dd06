public import FoundationEssentials

/// A pool whose machines are made as jobs come and removed when they are not needed; its agents are those of the agent pool with the same id.
public struct ElasticPool: Hashable, Sendable, Codable {
    /// What may be done in the pool.
    public enum State: String, Hashable, Sendable, Codable, CaseIterable {
        case active
        /// No machine is made; those that are there go on.
        case paused
        /// No machine is made; idle ones go, busy ones finish.
        case draining
        /// As draining, and the pool goes with the last machine.
        case deleting
    }

    public var pool: PoolID
    /// The kind of engine that makes its machines, such as `sandbox`.
    public var provider: String
    public var settings: ElasticPoolSettings
    public var state: State
    public var stateChangedAt: Date
    /// Who, as in audit events.
    public var stateChangedBy: String
    public var createdAt: Date
    /// Who, as in audit events.
    public var createdBy: String
    /// What it is on the other side, when the machines are made elsewhere.
    public var origin: ElasticPoolOrigin?

    public init(
        pool: PoolID,
        provider: String,
        settings: ElasticPoolSettings,
        state: State = .active,
        createdAt: Date,
        createdBy: String,
        origin: ElasticPoolOrigin? = nil
    ) {
        self.pool = pool
        self.provider = provider
        self.settings = settings
        self.state = state
        self.stateChangedAt = createdAt
        self.stateChangedBy = createdBy
        self.createdAt = createdAt
        self.createdBy = createdBy
        self.origin = origin
    }
}

/// What a pool's machines are made from elsewhere, in the words of Azure DevOps' `elasticpools`.
public struct ElasticPoolOrigin: Hashable, Sendable, Codable {
    public enum System: String, Hashable, Sendable, Codable, CaseIterable {
        case linux, windows
    }

    public enum Orchestration: String, Hashable, Sendable, Codable, CaseIterable {
        case uniform, flexible
    }

    /// The service connection, `serviceEndpointId`.
    public var connection: UUID?
    /// The project of the connection, `serviceEndpointScope`.
    public var connectionProject: ProjectID?
    /// What it was called when the pool was made.
    public var connectionName: String?
    /// The set of machines, `azureId`.
    public var resource: String?
    public var system: System
    public var orchestration: Orchestration

    public init(
        connection: UUID? = nil,
        connectionProject: ProjectID? = nil,
        connectionName: String? = nil,
        resource: String? = nil,
        system: System = .linux,
        orchestration: Orchestration = .uniform
    ) {
        self.connection = connection
        self.connectionProject = connectionProject
        self.connectionName = connectionName
        self.resource = resource
        self.system = system
        self.orchestration = orchestration
    }
}
