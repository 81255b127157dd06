public import FoundationEssentials

/// News of a job, posted to its plan.
public struct JobEventWire: Codable, Sendable, Hashable {
    /// What happened, such as `JobCompleted`.
    public var name: String?
    public var jobId: UUID?
    public var requestId: Int?
    public var result: String?
    public var outputs: [String: VariableValueWire]?
    public var agentShuttingDown: Bool?

    public init(
        name: String? = nil,
        jobId: UUID? = nil,
        requestId: Int? = nil,
        result: String? = nil,
        outputs: [String: VariableValueWire]? = nil,
        agentShuttingDown: Bool? = nil
    ) {
        self.name = name
        self.jobId = jobId
        self.requestId = requestId
        self.result = result
        self.outputs = outputs
        self.agentShuttingDown = agentShuttingDown
    }
}
