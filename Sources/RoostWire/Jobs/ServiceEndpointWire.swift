public import FoundationEssentials

/// A service connection with what it needs.
public struct ServiceEndpointWire: Codable, Sendable, Hashable {
    public var id: UUID?
    public var name: String?
    public var type: String?
    public var url: String?
    public var authorization: EndpointAuthorizationWire?
    public var data: [String: String]?
    public var isShared: Bool?
    public var isReady: Bool?

    public init(
        id: UUID? = nil,
        name: String? = nil,
        type: String? = nil,
        url: String? = nil,
        authorization: EndpointAuthorizationWire? = nil,
        data: [String: String]? = nil,
        isShared: Bool? = nil,
        isReady: Bool? = nil
    ) {
        self.id = id
        self.name = name
        self.type = type
        self.url = url
        self.authorization = authorization
        self.data = data
        self.isShared = isShared
        self.isReady = isReady
    }
}
