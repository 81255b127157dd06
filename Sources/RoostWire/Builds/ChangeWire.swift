public import FoundationEssentials

/// A commit of a build.
public struct ChangeWire: Codable, Sendable, Hashable {
    public var id: String?
    public var type: String?
    public var message: String?
    public var author: IdentityWire?
    public var timestamp: Date?
    public var location: String?

    public init(
        id: String? = nil,
        type: String? = nil,
        message: String? = nil,
        author: IdentityWire? = nil,
        timestamp: Date? = nil,
        location: String? = nil
    ) {
        self.id = id
        self.type = type
        self.message = message
        self.author = author
        self.timestamp = timestamp
        self.location = location
    }
}
