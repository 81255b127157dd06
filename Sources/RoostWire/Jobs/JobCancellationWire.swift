public import FoundationEssentials

/// Asks for the end of a job.
public struct JobCancellationWire: Codable, Sendable, Hashable {
    public var jobId: UUID?
    /// `hh:mm:ss`.
    public var timeout: String?

    public init(
        jobId: UUID? = nil,
        timeout: String? = nil
    ) {
        self.jobId = jobId
        self.timeout = timeout
    }
}
