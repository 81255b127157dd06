public import FoundationEssentials
public import RoostModel

/// An agent and what is only known while the server runs.
public struct AgentView: Sendable, Hashable {
    public var agent: Agent
    /// It has a session.
    public var online: Bool
    /// The job it holds.
    public var assigned: Job?
    public var lastCompleted: Job?
    public var sessionOwner: String?
}

/// What a person or a machine says of an agent to register it.
public struct AgentDraft: Sendable, Hashable {
    public var name: String
    public var version: String
    public var osDescription: String
    public var capabilities: Capabilities
    public var publicKey: AgentPublicKey
    public var singleUse: Bool

    public init(
        name: String,
        version: String,
        osDescription: String,
        capabilities: Capabilities,
        publicKey: AgentPublicKey,
        singleUse: Bool = false
    ) {
        self.name = name
        self.version = version
        self.osDescription = osDescription
        self.capabilities = capabilities
        self.publicKey = publicKey
        self.singleUse = singleUse
    }
}

/// A listener's new session.
public struct OpenedSession: Sendable, Hashable {
    public var id: SessionID
    public var agent: Agent
    /// The session's AES key, wrapped to the agent's public key.
    public var wrappedKey: Data
    public var ownerName: String
}

/// A message encrypted with a session's key.
public struct SealedMessage: Sendable, Hashable {
    public var id: Int
    public var type: String
    public var iv: Data
    /// AES-256-CBC of the UTF-8 JSON.
    public var body: Data
}

/// What is asked when a run is queued.
public struct RunRequest: Sendable, Hashable {
    public var pipeline: PipelineID
    /// A ref or a branch name; nil is the pipeline's default branch.
    public var branch: String?
    /// A commit; nil is the branch's newest.
    public var version: String?
    public var variables: [String: PipelineVariable]
    public var parameters: [String: String]
    public var priority: RunPriority
    public var reason: RunReason
    /// YAML to use in place of the file's.
    public var yamlOverride: String?
    public var stagesToSkip: [String]
    /// Wins over the pools that the file names.
    public var poolOverride: PoolID?
    /// The event that asks for it; empty when a person does.
    public var cause = RunCause()
    /// Refs and commits of other repositories, by alias, that win over the file's.
    public var pins: [String: RepositoryPin] = [:]
    /// Numbers of runs to take as pipeline resources, by alias.
    public var pipelineVersions: [String: String] = [:]

    public init(
        pipeline: PipelineID,
        branch: String? = nil,
        version: String? = nil,
        variables: [String: PipelineVariable] = [:],
        parameters: [String: String] = [:],
        priority: RunPriority = .normal,
        reason: RunReason = .manual,
        yamlOverride: String? = nil,
        stagesToSkip: [String] = [],
        poolOverride: PoolID? = nil
    ) {
        self.pipeline = pipeline
        self.branch = branch
        self.version = version
        self.variables = variables
        self.parameters = parameters
        self.priority = priority
        self.reason = reason
        self.yamlOverride = yamlOverride
        self.stagesToSkip = stagesToSkip
        self.poolOverride = poolOverride
    }
}

/// A run with all that belongs to it.
public struct RunView: Sendable, Hashable {
    public var run: Run
    public var jobs: [Job]
    public var records: [TimelineRecord]
    public var logs: [RunLog]
    /// Of the newest change of the timeline.
    public var changeID: Int
}

/// Why a job waits, for people and programs.
public struct WaitSummary: Sendable, Hashable {
    public var sentence: String
    /// Stable, such as `busy` or `demand-unmet`.
    public var code: String
    public var nearestAgent: String?
    public var unmetDemand: String?
    public var estimatedStart: Date?

    public init(
        sentence: String,
        code: String,
        nearestAgent: String? = nil,
        unmetDemand: String? = nil,
        estimatedStart: Date? = nil
    ) {
        self.sentence = sentence
        self.code = code
        self.nearestAgent = nearestAgent
        self.unmetDemand = unmetDemand
        self.estimatedStart = estimatedStart
    }
}

/// A run as lists show it.
public struct RunSummary: Sendable, Hashable {
    public var run: Run
    /// What an active run waits for, when it does.
    public var waiting: WaitSummary?
}

/// A waiting job as the queue shows it.
public struct QueueEntry: Sendable, Hashable {
    public var job: Job
    public var runNumber: String
    public var pipelineName: String
    public var wait: WaitSummary
}

/// A change of a run, for those who watch it.
public enum RunEvent: Sendable, Hashable {
    case run(Run)
    case records([TimelineRecord], changeID: Int)
    case lines(record: RecordID, [String], startLine: Int?)
    case log(RunLog)
}

/// A change of a pool, for those who watch it.
public enum PoolEvent: Sendable, Hashable {
    case agent(AgentView)
    case agentRemoved(AgentID)
    case queueChanged(PoolID)
    /// Machines of an elastic pool, or what it says of them.
    case machinesChanged(PoolID)
}

/// A ref and a commit of a repository, each as far as it is given.
public struct RepositoryPin: Sendable, Hashable {
    public var ref: String?
    public var version: String?

    public init(ref: String? = nil, version: String? = nil) {
        self.ref = ref
        self.version = version
    }
}
