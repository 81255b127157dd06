public import FoundationEssentials

/// A project.
public struct TeamProjectWire: Codable, Sendable, Hashable {
    public var id: UUID?
    public var name: String?
    public var description: String?
    public var url: String?
    public var state: String?
    public var revision: Int?
    public var visibility: String?
    public var lastUpdateTime: Date?
    /// Only Roost: the pool of pipelines that name none.
    public var defaultPool: Int?

    public init(
        id: UUID? = nil,
        name: String? = nil,
        description: String? = nil,
        url: String? = nil,
        state: String? = nil,
        revision: Int? = nil,
        visibility: String? = nil,
        lastUpdateTime: Date? = nil,
        defaultPool: Int? = nil
    ) {
        self.id = id
        self.name = name
        self.description = description
        self.url = url
        self.state = state
        self.revision = revision
        self.visibility = visibility
        self.lastUpdateTime = lastUpdateTime
        self.defaultPool = defaultPool
    }
}
