public import FoundationEssentials

/// An environment; positive.
public struct EnvironmentID: Identifier {
    public let rawValue: Int
    public init(_ rawValue: Int) { self.rawValue = rawValue }
}

/// A place deployments go to: what must pass before, how many at once, and the machines of it.
public struct DeploymentEnvironment: Hashable, Sendable, Codable {
    public var id: EnvironmentID
    public var project: ProjectID
    /// Unique in the project, ignoring case.
    public var name: String
    public var description: String
    public var machines: [EnvironmentMachine]
    /// Most stages that work on it at once; nil is no limit.
    public var concurrencyLimit: Int?
    public var createdAt: Date
    public var createdBy: String
    public var modifiedAt: Date
    public var modifiedBy: String

    public init(
        id: EnvironmentID,
        project: ProjectID,
        name: String,
        description: String = "",
        machines: [EnvironmentMachine] = [],
        concurrencyLimit: Int? = nil,
        createdAt: Date,
        createdBy: String,
        modifiedAt: Date? = nil,
        modifiedBy: String? = nil
    ) {
        self.id = id
        self.project = project
        self.name = name
        self.description = description
        self.machines = machines
        self.concurrencyLimit = concurrencyLimit
        self.createdAt = createdAt
        self.createdBy = createdBy
        self.modifiedAt = modifiedAt ?? createdAt
        self.modifiedBy = modifiedBy ?? createdBy
    }
}

/// A machine of an environment: an agent, with tags by which deployments choose.
public struct EnvironmentMachine: Hashable, Sendable, Codable {
    /// Unique in the environment; positive.
    public var id: Int
    public var agent: AgentID
    /// The agent's name when it was added; unique in the environment, ignoring case.
    public var name: String
    public var tags: [String]

    public init(id: Int, agent: AgentID, name: String, tags: [String] = []) {
        self.id = id
        self.agent = agent
        self.name = name
        self.tags = tags
    }
}

/// One deployment to an environment, for its history.
public struct Deployment: Hashable, Sendable, Codable {
    /// The id of the timeline record of the deployment's phase.
    public var id: RecordID
    public var environment: EnvironmentID
    public var run: RunID
    public var pipeline: PipelineID
    public var pipelineName: String
    public var runNumber: String
    public var stage: String
    public var job: String
    /// Of the run.
    public var requestedBy: String
    public var queuedAt: Date
    public var finishedAt: Date?
    public var result: TaskResult?

    public init(
        id: RecordID,
        environment: EnvironmentID,
        run: RunID,
        pipeline: PipelineID,
        pipelineName: String,
        runNumber: String,
        stage: String,
        job: String,
        requestedBy: String,
        queuedAt: Date,
        finishedAt: Date? = nil,
        result: TaskResult? = nil
    ) {
        self.id = id
        self.environment = environment
        self.run = run
        self.pipeline = pipeline
        self.pipelineName = pipelineName
        self.runNumber = runNumber
        self.stage = stage
        self.job = job
        self.requestedBy = requestedBy
        self.queuedAt = queuedAt
        self.finishedAt = finishedAt
        self.result = result
    }
}
