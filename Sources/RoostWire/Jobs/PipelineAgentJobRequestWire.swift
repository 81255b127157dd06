public import FoundationEssentials

/// The message that carries a job.
public struct PipelineAgentJobRequestWire: Codable, Sendable, Hashable {
    public var messageType: String?
    public var plan: OrchestrationPlanWire?
    public var timeline: TimelineReferenceWire?
    public var jobId: UUID?
    public var jobDisplayName: String?
    public var jobName: String?
    public var jobContainer: String?
    public var requestId: Int?
    public var lockedUntil: Date?
    public var jobSidecarContainers: [String: String]?
    public var mask: [MaskHintWire]?
    public var variables: [String: VariableValueWire]?
    public var resources: JobResourcesWire?
    public var workspace: WorkspaceWire?
    public var steps: [JobStepWire]?

    public init(
        messageType: String? = nil,
        plan: OrchestrationPlanWire? = nil,
        timeline: TimelineReferenceWire? = nil,
        jobId: UUID? = nil,
        jobDisplayName: String? = nil,
        jobName: String? = nil,
        jobContainer: String? = nil,
        requestId: Int? = nil,
        lockedUntil: Date? = nil,
        jobSidecarContainers: [String: String]? = nil,
        mask: [MaskHintWire]? = nil,
        variables: [String: VariableValueWire]? = nil,
        resources: JobResourcesWire? = nil,
        workspace: WorkspaceWire? = nil,
        steps: [JobStepWire]? = nil
    ) {
        self.messageType = messageType
        self.plan = plan
        self.timeline = timeline
        self.jobId = jobId
        self.jobDisplayName = jobDisplayName
        self.jobName = jobName
        self.jobContainer = jobContainer
        self.requestId = requestId
        self.lockedUntil = lockedUntil
        self.jobSidecarContainers = jobSidecarContainers
        self.mask = mask
        self.variables = variables
        self.resources = resources
        self.workspace = workspace
        self.steps = steps
    }
}
