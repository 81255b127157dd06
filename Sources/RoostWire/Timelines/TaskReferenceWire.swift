/// A task by id, name and version.
public struct TaskReferenceWire: Codable, Sendable, Hashable {
    public var id: String?
    public var name: String?
    public var version: String?

    public init(
        id: String? = nil,
        name: String? = nil,
        version: String? = nil
    ) {
        self.id = id
        self.name = name
        self.version = version
    }
}
