public import FoundationEssentials

/// A pool as other objects name it.
public struct TaskAgentPoolReferenceWire: Codable, Sendable, Hashable {
    public var id: Int?
    public var name: String?
    public var isHosted: Bool?
    public var isLegacy: Bool?
    public var poolType: String?
    public var scope: UUID?
    public var size: Int?
    public var options: String?

    public init(
        id: Int? = nil,
        name: String? = nil,
        isHosted: Bool? = nil,
        isLegacy: Bool? = nil,
        poolType: String? = nil,
        scope: UUID? = nil,
        size: Int? = nil,
        options: String? = nil
    ) {
        self.id = id
        self.name = name
        self.isHosted = isHosted
        self.isLegacy = isLegacy
        self.poolType = poolType
        self.scope = scope
        self.size = size
        self.options = options
    }
}
