public import FoundationEssentials

/// A pipeline (build definition).
public struct BuildDefinitionWire: Codable, Sendable, Hashable {
    public var id: Int?
    public var name: String?
    public var path: String?
    public var revision: Int?
    public var url: String?
    public var uri: String?
    public var type: String?
    public var queueStatus: String?
    public var quality: String?
    public var project: TeamProjectWire?
    public var queue: TaskAgentQueueWire?
    public var repository: BuildRepositoryWire?
    public var process: BuildProcessWire?
    public var variables: [String: VariableValueWire]?
    public var createdDate: Date?
    public var authoredBy: IdentityWire?
    public var tags: [String]?
    /// What begins runs beside people; in a request, a kind that is not there begins none.
    public var triggers: [BuildTriggerWire]?
    /// Only Roost: most runs at once.
    public var concurrencyLimit: Int?

    public init(
        id: Int? = nil,
        name: String? = nil,
        path: String? = nil,
        revision: Int? = nil,
        url: String? = nil,
        uri: String? = nil,
        type: String? = nil,
        queueStatus: String? = nil,
        quality: String? = nil,
        project: TeamProjectWire? = nil,
        queue: TaskAgentQueueWire? = nil,
        repository: BuildRepositoryWire? = nil,
        process: BuildProcessWire? = nil,
        variables: [String: VariableValueWire]? = nil,
        createdDate: Date? = nil,
        authoredBy: IdentityWire? = nil,
        tags: [String]? = nil,
        triggers: [BuildTriggerWire]? = nil,
        concurrencyLimit: Int? = nil
    ) {
        self.id = id
        self.name = name
        self.path = path
        self.revision = revision
        self.url = url
        self.uri = uri
        self.type = type
        self.queueStatus = queueStatus
        self.quality = quality
        self.project = project
        self.queue = queue
        self.repository = repository
        self.process = process
        self.variables = variables
        self.createdDate = createdDate
        self.authoredBy = authoredBy
        self.tags = tags
        self.triggers = triggers
        self.concurrencyLimit = concurrencyLimit
    }
}
