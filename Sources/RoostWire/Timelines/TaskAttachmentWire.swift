public import FoundationEssentials

/// A file beside a record.
public struct TaskAttachmentWire: Codable, Sendable, Hashable {
    public var type: String?
    public var name: String?
    public var links: [String: LinkWire]?
    public var createdOn: Date?
    public var lastChangedOn: Date?
    public var timelineId: UUID?
    public var recordId: UUID?

    public init(
        type: String? = nil,
        name: String? = nil,
        links: [String: LinkWire]? = nil,
        createdOn: Date? = nil,
        lastChangedOn: Date? = nil,
        timelineId: UUID? = nil,
        recordId: UUID? = nil
    ) {
        self.type = type
        self.name = name
        self.links = links
        self.createdOn = createdOn
        self.lastChangedOn = lastChangedOn
        self.timelineId = timelineId
        self.recordId = recordId
    }

    private enum CodingKeys: String, CodingKey {
        case type
        case name
        case links = "_links"
        case createdOn
        case lastChangedOn
        case timelineId
        case recordId
    }
}
