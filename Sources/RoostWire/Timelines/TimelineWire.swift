public import FoundationEssentials

/// A timeline.
public struct TimelineWire: Codable, Sendable, Hashable {
    public var id: UUID?
    public var changeId: Int?
    public var location: String?
    public var url: String?
    public var lastChangedBy: String?
    public var lastChangedOn: Date?
    public var records: [TimelineRecordWire]?

    public init(
        id: UUID? = nil,
        changeId: Int? = nil,
        location: String? = nil,
        url: String? = nil,
        lastChangedBy: String? = nil,
        lastChangedOn: Date? = nil,
        records: [TimelineRecordWire]? = nil
    ) {
        self.id = id
        self.changeId = changeId
        self.location = location
        self.url = url
        self.lastChangedBy = lastChangedBy
        self.lastChangedOn = lastChangedOn
        self.records = records
    }
}
