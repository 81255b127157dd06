/// A log by number.
public struct TaskLogReferenceWire: Codable, Sendable, Hashable {
    public var id: Int?
    public var location: String?
    public var url: String?
    public var type: String?

    public init(
        id: Int? = nil,
        location: String? = nil,
        url: String? = nil,
        type: String? = nil
    ) {
        self.id = id
        self.location = location
        self.url = url
        self.type = type
    }
}
