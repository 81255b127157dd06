public import FoundationEssentials

/// A timeline by id.
public struct TimelineReferenceWire: Codable, Sendable, Hashable {
    public var id: UUID?
    public var changeId: Int?
    public var location: String?
    public var url: String?

    public init(
        id: UUID? = nil,
        changeId: Int? = nil,
        location: String? = nil,
        url: String? = nil
    ) {
        self.id = id
        self.changeId = changeId
        self.location = location
        self.url = url
    }
}
