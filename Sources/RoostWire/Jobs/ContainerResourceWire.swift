/// A container.
public struct ContainerResourceWire: Codable, Sendable, Hashable {
    public var alias: String?
    public var endpoint: EndpointReferenceWire?
    public var properties: [String: String]?

    public init(
        alias: String? = nil,
        endpoint: EndpointReferenceWire? = nil,
        properties: [String: String]? = nil
    ) {
        self.alias = alias
        self.endpoint = endpoint
        self.properties = properties
    }
}
