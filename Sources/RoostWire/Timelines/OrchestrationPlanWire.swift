public import FoundationEssentials

/// The plan of a run.
public struct OrchestrationPlanWire: Codable, Sendable, Hashable {
    public var scopeIdentifier: UUID?
    public var planType: String?
    public var version: Int?
    public var planId: UUID?
    public var planGroup: String?
    public var artifactUri: String?
    public var artifactLocation: String?
    public var definition: ReferenceWire?
    public var owner: ReferenceWire?
    public var state: String?
    public var result: String?
    public var startTime: Date?
    public var finishTime: Date?
    public var timeline: TimelineReferenceWire?

    public init(
        scopeIdentifier: UUID? = nil,
        planType: String? = nil,
        version: Int? = nil,
        planId: UUID? = nil,
        planGroup: String? = nil,
        artifactUri: String? = nil,
        artifactLocation: String? = nil,
        definition: ReferenceWire? = nil,
        owner: ReferenceWire? = nil,
        state: String? = nil,
        result: String? = nil,
        startTime: Date? = nil,
        finishTime: Date? = nil,
        timeline: TimelineReferenceWire? = nil
    ) {
        self.scopeIdentifier = scopeIdentifier
        self.planType = planType
        self.version = version
        self.planId = planId
        self.planGroup = planGroup
        self.artifactUri = artifactUri
        self.artifactLocation = artifactLocation
        self.definition = definition
        self.owner = owner
        self.state = state
        self.result = result
        self.startTime = startTime
        self.finishTime = finishTime
        self.timeline = timeline
    }
}
