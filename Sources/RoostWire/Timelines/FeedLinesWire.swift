public import FoundationEssentials

/// Console lines of a step.
public struct FeedLinesWire: Codable, Sendable, Hashable {
    public var count: Int?
    public var value: [String]?
    public var stepId: UUID?
    public var startLine: Int?
    public var endLine: Int?

    public init(
        count: Int? = nil,
        value: [String]? = nil,
        stepId: UUID? = nil,
        startLine: Int? = nil,
        endLine: Int? = nil
    ) {
        self.count = count
        self.value = value
        self.stepId = stepId
        self.startLine = startLine
        self.endLine = endLine
    }
}
