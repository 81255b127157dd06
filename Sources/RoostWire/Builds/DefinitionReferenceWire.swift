public import FoundationEssentials

/// A pipeline (build definition) as other objects name it.
public struct DefinitionReferenceWire: Codable, Sendable, Hashable {
    public var id: Int?
    public var name: String?
    public var path: String?
    public var revision: Int?
    public var url: String?
    public var uri: String?
    public var type: String?
    public var queueStatus: String?
    public var project: TeamProjectWire?
    public var createdDate: Date?

    public init(
        id: Int? = nil,
        name: String? = nil,
        path: String? = nil,
        revision: Int? = nil,
        url: String? = nil,
        uri: String? = nil,
        type: String? = nil,
        queueStatus: String? = nil,
        project: TeamProjectWire? = nil,
        createdDate: Date? = nil
    ) {
        self.id = id
        self.name = name
        self.path = path
        self.revision = revision
        self.url = url
        self.uri = uri
        self.type = type
        self.queueStatus = queueStatus
        self.project = project
        self.createdDate = createdDate
    }
}
