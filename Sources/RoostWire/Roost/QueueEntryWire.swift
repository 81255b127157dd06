public import FoundationEssentials

/// A job that waits.
public struct QueueEntryWire: Codable, Sendable, Hashable {
    public var requestId: Int?
    public var jobId: UUID?
    public var job: String?
    public var runId: Int?
    public var run: String?
    public var pipeline: String?
    public var pool: String?
    public var demands: [String]?
    public var priority: String?
    public var queuedAt: Date?
    public var why: JobWhyWire?

    public init(
        requestId: Int? = nil,
        jobId: UUID? = nil,
        job: String? = nil,
        runId: Int? = nil,
        run: String? = nil,
        pipeline: String? = nil,
        pool: String? = nil,
        demands: [String]? = nil,
        priority: String? = nil,
        queuedAt: Date? = nil,
        why: JobWhyWire? = nil
    ) {
        self.requestId = requestId
        self.jobId = jobId
        self.job = job
        self.runId = runId
        self.run = run
        self.pipeline = pipeline
        self.pool = pool
        self.demands = demands
        self.priority = priority
        self.queuedAt = queuedAt
        self.why = why
    }
}
