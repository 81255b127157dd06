public import FoundationEssentials

/// How often console lines are wanted.
public struct JobMetadataWire: Codable, Sendable, Hashable {
    public var jobId: UUID?
    public var postLinesFrequencyMillis: Int?

    public init(
        jobId: UUID? = nil,
        postLinesFrequencyMillis: Int? = nil
    ) {
        self.jobId = jobId
        self.postLinesFrequencyMillis = postLinesFrequencyMillis
    }
}
