/// A repository that a checkout step can name; readers use the properties.
public struct RepositoryResourceWire: Codable, Sendable, Hashable {
    public var alias: String?
    public var id: String?
    public var type: String?
    public var name: String?
    public var version: String?
    public var url: String?
    public var endpoint: EndpointReferenceWire?
    public var properties: RepositoryPropertiesWire?

    public init(
        alias: String? = nil,
        id: String? = nil,
        type: String? = nil,
        name: String? = nil,
        version: String? = nil,
        url: String? = nil,
        endpoint: EndpointReferenceWire? = nil,
        properties: RepositoryPropertiesWire? = nil
    ) {
        self.alias = alias
        self.id = id
        self.type = type
        self.name = name
        self.version = version
        self.url = url
        self.endpoint = endpoint
        self.properties = properties
    }
}
