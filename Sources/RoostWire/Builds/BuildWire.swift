public import FoundationEssentials

/// A run (build).
public struct BuildWire: Codable, Sendable, Hashable {
    public var id: Int?
    public var buildNumber: String?
    public var uri: String?
    public var url: String?
    public var status: String?
    public var result: String?
    public var queueTime: Date?
    public var startTime: Date?
    public var finishTime: Date?
    public var definition: DefinitionReferenceWire?
    public var project: TeamProjectWire?
    public var queue: TaskAgentQueueWire?
    public var orchestrationPlan: OrchestrationPlanWire?
    public var plans: [OrchestrationPlanWire]?
    public var logs: BuildLogReferenceWire?
    public var repository: BuildRepositoryWire?
    public var sourceBranch: String?
    public var sourceVersion: String?
    public var reason: String?
    public var priority: String?
    /// JSON text of variables given when it was queued.
    public var parameters: String?
    @LooseTexts public var templateParameters: [String: String]?
    public var demands: [String]?
    public var requestedBy: IdentityWire?
    public var requestedFor: IdentityWire?
    public var lastChangedDate: Date?
    public var tags: [String]?
    public var keepForever: Bool?
    public var retainedByRelease: Bool?
    public var validationResults: [ValidationResultWire]?
    public var links: [String: LinkWire]?
    /// Only Roost: what it waits for.
    public var waitReason: String?
    /// Whether the commit's message stands behind the number where people see it.
    public var appendCommitMessageToRunName: Bool?
    /// Only Roost: the number and what stands behind it.
    public var title: String?
    /// What began it, by names such as `ci.sourceSha` and `pr.number`.
    public var triggerInfo: [String: String]?
    /// Only Roost: stages that are left out.
    public var stagesToSkip: [String]?
    /// Only Roost: other repositories and runs it takes, at exact commits.
    public var resources: RunResourcesWire?
    /// Only Roost: every YAML file it was made of.
    public var files: [String]?

    public init(
        id: Int? = nil,
        buildNumber: String? = nil,
        uri: String? = nil,
        url: String? = nil,
        status: String? = nil,
        result: String? = nil,
        queueTime: Date? = nil,
        startTime: Date? = nil,
        finishTime: Date? = nil,
        definition: DefinitionReferenceWire? = nil,
        project: TeamProjectWire? = nil,
        queue: TaskAgentQueueWire? = nil,
        orchestrationPlan: OrchestrationPlanWire? = nil,
        plans: [OrchestrationPlanWire]? = nil,
        logs: BuildLogReferenceWire? = nil,
        repository: BuildRepositoryWire? = nil,
        sourceBranch: String? = nil,
        sourceVersion: String? = nil,
        reason: String? = nil,
        priority: String? = nil,
        parameters: String? = nil,
        templateParameters: [String: String]? = nil,
        demands: [String]? = nil,
        requestedBy: IdentityWire? = nil,
        requestedFor: IdentityWire? = nil,
        lastChangedDate: Date? = nil,
        tags: [String]? = nil,
        keepForever: Bool? = nil,
        retainedByRelease: Bool? = nil,
        validationResults: [ValidationResultWire]? = nil,
        links: [String: LinkWire]? = nil,
        waitReason: String? = nil
    ) {
        self.id = id
        self.buildNumber = buildNumber
        self.uri = uri
        self.url = url
        self.status = status
        self.result = result
        self.queueTime = queueTime
        self.startTime = startTime
        self.finishTime = finishTime
        self.definition = definition
        self.project = project
        self.queue = queue
        self.orchestrationPlan = orchestrationPlan
        self.plans = plans
        self.logs = logs
        self.repository = repository
        self.sourceBranch = sourceBranch
        self.sourceVersion = sourceVersion
        self.reason = reason
        self.priority = priority
        self.parameters = parameters
        self.templateParameters = templateParameters
        self.demands = demands
        self.requestedBy = requestedBy
        self.requestedFor = requestedFor
        self.lastChangedDate = lastChangedDate
        self.tags = tags
        self.keepForever = keepForever
        self.retainedByRelease = retainedByRelease
        self.validationResults = validationResults
        self.links = links
        self.waitReason = waitReason
    }

    private enum CodingKeys: String, CodingKey {
        case id
        case buildNumber
        case uri
        case url
        case status
        case result
        case queueTime
        case startTime
        case finishTime
        case definition
        case project
        case queue
        case orchestrationPlan
        case plans
        case logs
        case repository
        case sourceBranch
        case sourceVersion
        case reason
        case priority
        case parameters
        case templateParameters
        case demands
        case requestedBy
        case requestedFor
        case lastChangedDate
        case tags
        case keepForever
        case retainedByRelease
        case validationResults
        case links = "_links"
        case waitReason
        case appendCommitMessageToRunName
        case title
        case triggerInfo
        case stagesToSkip
        case resources
        case files
    }
}
