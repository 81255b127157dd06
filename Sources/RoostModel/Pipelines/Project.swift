public import FoundationEssentials

/// A project: a name space for pipelines and queues.
public struct Project: Hashable, Sendable, Codable {
    public var id: ProjectID
    /// Unique in the organization, ignoring case.
    public var name: String
    public var description: String
    /// Pool for pipelines that name none and whose own setting names none.
    public var defaultPool: PoolID?
    public var createdAt: Date

    public init(id: ProjectID, name: String, description: String = "", defaultPool: PoolID? = nil, createdAt: Date) {
        self.id = id
        self.name = name
        self.description = description
        self.defaultPool = defaultPool
        self.createdAt = createdAt
    }
}

/// Where a pipeline's YAML and sources come from: a git repository the server and the agents can reach.
public struct PipelineRepository: Hashable, Sendable, Codable {
    /// A URL or a path that `git` understands.
    public var url: String
    /// As shown to people, such as `team/app`.
    public var name: String
    /// A full ref, such as `refs/heads/main`.
    public var defaultBranch: String

    public init(url: String, name: String, defaultBranch: String) {
        self.url = url
        self.name = name
        self.defaultBranch = defaultBranch
    }
}

/// A pipeline (build definition): a YAML file in a repository, and settings.
public struct Pipeline: Hashable, Sendable, Codable {
    public var id: PipelineID
    public var project: ProjectID
    /// Unique in its folder, ignoring case.
    public var name: String
    /// Begins with a backslash, such as `\` or `\team`.
    public var folder: String
    /// Rises with each change; 1 when new.
    public var revision: Int
    public var repository: PipelineRepository
    /// Path of the YAML file in the repository.
    public var yamlPath: String
    /// Pool for YAML that names none; wins over the project's.
    public var defaultPool: PoolID?
    /// Variables of the definition, which YAML may not define again unless ``PipelineVariable/settableAtQueueTime``.
    public var variables: [String: PipelineVariable]
    /// Most runs of it that execute at once; nil is no limit.
    public var concurrencyLimit: Int?
    /// Whether jobs may be queued.
    public var enabled: Bool
    /// What may begin its runs beside people.
    public var triggers = TriggerSettings()
    public var createdAt: Date
    public var createdBy: String

    public init(
        id: PipelineID,
        project: ProjectID,
        name: String,
        folder: String = "\\",
        revision: Int = 1,
        repository: PipelineRepository,
        yamlPath: String,
        defaultPool: PoolID? = nil,
        variables: [String: PipelineVariable] = [:],
        concurrencyLimit: Int? = nil,
        enabled: Bool = true,
        createdAt: Date,
        createdBy: String
    ) {
        self.id = id
        self.project = project
        self.name = name
        self.folder = folder
        self.revision = revision
        self.repository = repository
        self.yamlPath = yamlPath
        self.defaultPool = defaultPool
        self.variables = variables
        self.concurrencyLimit = concurrencyLimit
        self.enabled = enabled
        self.createdAt = createdAt
        self.createdBy = createdBy
    }
}

/// A variable of a pipeline's settings or of a run's request.
public struct PipelineVariable: Hashable, Sendable, Codable {
    public var value: String
    public var isSecret: Bool
    /// Whoever queues a run may give another value.
    public var settableAtQueueTime: Bool

    public init(value: String, isSecret: Bool = false, settableAtQueueTime: Bool = false) {
        self.value = value
        self.isSecret = isSecret
        self.settableAtQueueTime = settableAtQueueTime
    }
}
