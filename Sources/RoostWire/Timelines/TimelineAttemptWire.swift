public import FoundationEssentials

/// An earlier attempt of a record.
public struct TimelineAttemptWire: Codable, Sendable, Hashable {
    public var attempt: Int?
    public var timelineId: UUID?
    public var recordId: UUID?

    public init(
        attempt: Int? = nil,
        timelineId: UUID? = nil,
        recordId: UUID? = nil
    ) {
        self.attempt = attempt
        self.timelineId = timelineId
        self.recordId = recordId
    }
}
