public import FoundationEssentials

/// The life of a run.
public enum RunState: Hashable, Sendable, Codable {
    /// Accepted; waits for a limit of its pipeline. Goes to `running` or `completed`.
    case queued
    /// Some job may run. Goes to `canceling` or `completed`.
    case running
    /// A person or a rule asked for its end; jobs whose condition holds after a cancel still run. Goes to `completed`.
    case canceling
    case completed(TaskResult)

    public var result: TaskResult? {
        if case .completed(let result) = self { result } else { nil }
    }
    public var isCompleted: Bool { result != nil }
}

/// Why a run began; spelling of the wire.
public enum RunReason: String, Hashable, Sendable, Codable, CaseIterable {
    case manual, individualCI, batchedCI, schedule, pullRequest, resourceTrigger, buildCompletion

    /// The value of `Build.Reason`.
    public var variableValue: String {
        switch self {
        case .manual: "Manual"
        case .individualCI: "IndividualCI"
        case .batchedCI: "BatchedCI"
        case .schedule: "Schedule"
        case .pullRequest: "PullRequest"
        case .resourceTrigger: "ResourceTrigger"
        case .buildCompletion: "BuildCompletion"
        }
    }
}

/// Order among waiting jobs; spelling of the wire.
public enum RunPriority: String, Hashable, Sendable, Codable, Comparable, CaseIterable {
    case low, belowNormal, normal, aboveNormal, high

    public static func < (left: RunPriority, right: RunPriority) -> Bool { left.order < right.order }

    private var order: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}

/// One execution of a pipeline.
public struct Run: Hashable, Sendable, Codable {
    public var id: RunID
    public var pipeline: PipelineID
    /// Name of the pipeline when the run was queued.
    public var pipelineName: String
    public var project: ProjectID
    public var planID: PlanID
    /// The timeline of its current records.
    public var timelineID: UUID
    /// The run's number as people see it, such as `20261124.1`.
    public var number: String
    public var state: RunState
    public var reason: RunReason
    public var priority: RunPriority
    /// A full ref.
    public var sourceBranch: String
    /// The commit, 40 hexadecimal digits.
    public var sourceVersion: String
    public var sourceVersionMessage: String
    public var sourceVersionAuthor: String
    public var repository: PipelineRepository
    /// Who queued it.
    public var requestedBy: String
    /// Variables given with the request and those of the pipeline's settings.
    public var variables: [String: PipelineVariable]
    public var parameters: [String: String]
    public var plan: RunPlan
    public var queuedAt: Date
    public var startedAt: Date?
    public var finishedAt: Date?
    /// Who asked for its cancel.
    public var canceledBy: String?
    /// When they asked; stages that begin after it begin in spite of it.
    public var canceledAt: Date?
    /// The run this one repeats.
    public var rerunOf: RunID?
    /// What kept it from running, or what a person should know; shown first.
    public var issues: [Issue]
    public var tags: [String]
    /// A pool asked for with the request, which wins over those the file names.
    public var poolOverride: PoolID?
    /// Variables of the variable groups the file names, as they were when the run was queued, by name of the group.
    public var variableGroups: [String: [String: PipelineVariable]]
    /// Other repositories, runs and files it was made of.
    public var sources = RunSources()
    /// The event that began it.
    public var cause = RunCause()
    /// What people asked of its stages, in order.
    public var stageRequests: [StageRequest] = []

    public init(
        id: RunID,
        pipeline: PipelineID,
        pipelineName: String,
        project: ProjectID,
        planID: PlanID,
        timelineID: UUID,
        number: String,
        state: RunState = .queued,
        reason: RunReason = .manual,
        priority: RunPriority = .normal,
        sourceBranch: String,
        sourceVersion: String,
        sourceVersionMessage: String = "",
        sourceVersionAuthor: String = "",
        repository: PipelineRepository,
        requestedBy: String,
        variables: [String: PipelineVariable] = [:],
        parameters: [String: String] = [:],
        plan: RunPlan,
        queuedAt: Date,
        startedAt: Date? = nil,
        finishedAt: Date? = nil,
        canceledBy: String? = nil,
        canceledAt: Date? = nil,
        rerunOf: RunID? = nil,
        issues: [Issue] = [],
        tags: [String] = [],
        poolOverride: PoolID? = nil,
        variableGroups: [String: [String: PipelineVariable]] = [:]
    ) {
        self.id = id
        self.pipeline = pipeline
        self.pipelineName = pipelineName
        self.project = project
        self.planID = planID
        self.timelineID = timelineID
        self.number = number
        self.state = state
        self.reason = reason
        self.priority = priority
        self.sourceBranch = sourceBranch
        self.sourceVersion = sourceVersion
        self.sourceVersionMessage = sourceVersionMessage
        self.sourceVersionAuthor = sourceVersionAuthor
        self.repository = repository
        self.requestedBy = requestedBy
        self.variables = variables
        self.parameters = parameters
        self.plan = plan
        self.queuedAt = queuedAt
        self.startedAt = startedAt
        self.finishedAt = finishedAt
        self.canceledBy = canceledBy
        self.canceledAt = canceledAt
        self.rerunOf = rerunOf
        self.issues = issues
        self.tags = tags
        self.poolOverride = poolOverride
        self.variableGroups = variableGroups
    }
}
