public import FoundationEssentials

/// A set of agents that jobs name as their `pool`.
public struct AgentPool: Hashable, Sendable, Codable {
    public var id: PoolID
    /// Unique in the organization, ignoring case.
    public var name: String
    public var createdAt: Date
    /// Who made it, as in audit events.
    public var createdBy: String
    /// New projects get a queue for it.
    public var autoProvision: Bool
    /// The server may update its agents.
    public var autoUpdate: Bool
    /// Every agent does one job and is then retired, by the assignment itself.
    public var singleUse: Bool
    /// Pipelines of all projects may use it; when false only those in ``authorizedPipelines``.
    public var openToAll: Bool
    public var authorizedPipelines: Set<PipelineID>
    /// Most jobs that run at once in it; nil is no limit.
    public var concurrencyLimit: Int?
    /// Whether agents may be registered with personal access tokens.
    public var patEnrollment: PATEnrollment
    /// While it is there no job of the pool is given to an agent.
    public var pause: Pause?

    public init(
        id: PoolID,
        name: String,
        createdAt: Date,
        createdBy: String,
        autoProvision: Bool = true,
        autoUpdate: Bool = true,
        singleUse: Bool = false,
        openToAll: Bool = true,
        authorizedPipelines: Set<PipelineID> = [],
        concurrencyLimit: Int? = nil,
        patEnrollment: PATEnrollment = .allowed,
        pause: Pause? = nil
    ) {
        self.id = id
        self.name = name
        self.createdAt = createdAt
        self.createdBy = createdBy
        self.autoProvision = autoProvision
        self.autoUpdate = autoUpdate
        self.singleUse = singleUse
        self.openToAll = openToAll
        self.authorizedPipelines = authorizedPipelines
        self.concurrencyLimit = concurrencyLimit
        self.patEnrollment = patEnrollment
        self.pause = pause
    }
}

/// A project's entry to a pool.
public struct AgentQueue: Hashable, Sendable, Codable {
    public var id: QueueID
    public var name: String
    public var pool: PoolID
    public var project: ProjectID

    public init(id: QueueID, name: String, pool: PoolID, project: ProjectID) {
        self.id = id
        self.name = name
        self.pool = pool
        self.project = project
    }
}
