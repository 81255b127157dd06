public import FoundationEssentials

/// A log of a build.
public struct BuildLogWire: Codable, Sendable, Hashable {
    public var id: Int?
    public var type: String?
    public var url: String?
    public var lineCount: Int?
    public var createdOn: Date?
    public var lastChangedOn: Date?

    public init(
        id: Int? = nil,
        type: String? = nil,
        url: String? = nil,
        lineCount: Int? = nil,
        createdOn: Date? = nil,
        lastChangedOn: Date? = nil
    ) {
        self.id = id
        self.type = type
        self.url = url
        self.lineCount = lineCount
        self.createdOn = createdOn
        self.lastChangedOn = lastChangedOn
    }
}
