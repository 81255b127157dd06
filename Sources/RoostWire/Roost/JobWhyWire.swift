public import FoundationEssentials

/// Where a job is, and what it waits for.
public struct JobWhyWire: Codable, Sendable, Hashable {
    public var sentence: String?
    public var code: String?
    public var nearestAgent: String?
    public var unmetDemand: String?
    public var estimatedStart: Date?
    public var jobId: UUID?
    public var requestId: Int?
    public var runId: Int?
    /// Of a stage that waits for its checks, before it has jobs.
    public var stage: String?

    public init(
        sentence: String? = nil,
        code: String? = nil,
        nearestAgent: String? = nil,
        unmetDemand: String? = nil,
        estimatedStart: Date? = nil,
        jobId: UUID? = nil,
        requestId: Int? = nil,
        runId: Int? = nil,
        stage: String? = nil
    ) {
        self.sentence = sentence
        self.code = code
        self.nearestAgent = nearestAgent
        self.unmetDemand = unmetDemand
        self.estimatedStart = estimatedStart
        self.jobId = jobId
        self.requestId = requestId
        self.runId = runId
        self.stage = stage
    }
}
