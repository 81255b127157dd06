public import FoundationEssentials

/// A log of a plan.
public struct TaskLogWire: Codable, Sendable, Hashable {
    public var id: Int?
    public var location: String?
    public var indexLocation: String?
    public var path: String?
    public var lineCount: Int?
    public var createdOn: Date?
    public var lastChangedOn: Date?

    public init(
        id: Int? = nil,
        location: String? = nil,
        indexLocation: String? = nil,
        path: String? = nil,
        lineCount: Int? = nil,
        createdOn: Date? = nil,
        lastChangedOn: Date? = nil
    ) {
        self.id = id
        self.location = location
        self.indexLocation = indexLocation
        self.path = path
        self.lineCount = lineCount
        self.createdOn = createdOn
        self.lastChangedOn = lastChangedOn
    }
}
