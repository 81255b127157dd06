public import FoundationEssentials

/// An environment.
public struct EnvironmentWire: Codable, Sendable, Hashable {
    public var id: Int?
    public var name: String?
    public var description: String?
    public var project: TeamProjectWire?
    public var resources: [EnvironmentResourceWire]?
    public var createdBy: IdentityWire?
    public var createdOn: Date?
    public var lastModifiedBy: IdentityWire?
    public var lastModifiedOn: Date?
    /// Only Roost: most stages that work on it at once; 0 takes the limit away.
    public var concurrencyLimit: Int?

    public init(
        id: Int? = nil,
        name: String? = nil,
        description: String? = nil,
        project: TeamProjectWire? = nil,
        resources: [EnvironmentResourceWire]? = nil,
        createdBy: IdentityWire? = nil,
        createdOn: Date? = nil,
        lastModifiedBy: IdentityWire? = nil,
        lastModifiedOn: Date? = nil,
        concurrencyLimit: Int? = nil
    ) {
        self.id = id
        self.name = name
        self.description = description
        self.project = project
        self.resources = resources
        self.createdBy = createdBy
        self.createdOn = createdOn
        self.lastModifiedBy = lastModifiedBy
        self.lastModifiedOn = lastModifiedOn
        self.concurrencyLimit = concurrencyLimit
    }
}

/// A machine of an environment.
public struct EnvironmentResourceWire: Codable, Sendable, Hashable {
    public var id: Int?
    public var name: String?
    /// `virtualMachine`.
    public var type: String?
    public var tags: [String]?
    /// Only Roost: the agent that it is.
    public var agentId: Int?

    public init(
        id: Int? = nil,
        name: String? = nil,
        type: String? = nil,
        tags: [String]? = nil,
        agentId: Int? = nil
    ) {
        self.id = id
        self.name = name
        self.type = type
        self.tags = tags
        self.agentId = agentId
    }
}

/// One deployment of an environment's history.
public struct EnvironmentDeploymentWire: Codable, Sendable, Hashable {
    public var id: Int?
    public var environmentId: Int?
    public var definition: ReferenceWire?
    /// The run.
    public var owner: ReferenceWire?
    public var planType: String?
    public var stageName: String?
    public var jobName: String?
    public var requestIdentifier: String?
    public var queueTime: Date?
    public var startTime: Date?
    public var finishTime: Date?
    /// Nil while it goes on.
    public var result: String?
    /// Only Roost: who asked for the run.
    public var requestedBy: String?

    public init(
        id: Int? = nil,
        environmentId: Int? = nil,
        definition: ReferenceWire? = nil,
        owner: ReferenceWire? = nil,
        planType: String? = nil,
        stageName: String? = nil,
        jobName: String? = nil,
        requestIdentifier: String? = nil,
        queueTime: Date? = nil,
        startTime: Date? = nil,
        finishTime: Date? = nil,
        result: String? = nil,
        requestedBy: String? = nil
    ) {
        self.id = id
        self.environmentId = environmentId
        self.definition = definition
        self.owner = owner
        self.planType = planType
        self.stageName = stageName
        self.jobName = jobName
        self.requestIdentifier = requestIdentifier
        self.queueTime = queueTime
        self.startTime = startTime
        self.finishTime = finishTime
        self.result = result
        self.requestedBy = requestedBy
    }
}
