/// The repository of a pipeline.
public struct PipelineRepositoryReferenceWire: Codable, Sendable, Hashable {
    public var id: String?
    public var type: String?
    public var name: String?
    public var fullName: String?
    public var url: String?
    public var defaultBranch: String?

    public init(
        id: String? = nil,
        type: String? = nil,
        name: String? = nil,
        fullName: String? = nil,
        url: String? = nil,
        defaultBranch: String? = nil
    ) {
        self.id = id
        self.type = type
        self.name = name
        self.fullName = fullName
        self.url = url
        self.defaultBranch = defaultBranch
    }
}
