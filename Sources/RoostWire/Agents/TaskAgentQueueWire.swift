public import FoundationEssentials

/// A project's entry to a pool.
public struct TaskAgentQueueWire: Codable, Sendable, Hashable {
    public var id: Int?
    public var name: String?
    public var pool: TaskAgentPoolReferenceWire?
    public var projectId: UUID?

    public init(
        id: Int? = nil,
        name: String? = nil,
        pool: TaskAgentPoolReferenceWire? = nil,
        projectId: UUID? = nil
    ) {
        self.id = id
        self.name = name
        self.pool = pool
        self.projectId = projectId
    }
}
