public import FoundationEssentials

/// A service connection (service endpoint) as clients make and read it.
public struct ServiceConnectionWire: Codable, Sendable, Hashable {
    /// The project it is for, and what it is called there.
    public struct ProjectUse: Codable, Sendable, Hashable {
        public var name: String?
        public var description: String?
        public var projectReference: TeamProjectWire?

        public init(name: String? = nil, description: String? = nil, projectReference: TeamProjectWire? = nil) {
            self.name = name
            self.description = description
            self.projectReference = projectReference
        }
    }

    public var id: UUID?
    public var name: String?
    /// `incomingwebhook`, `dockerregistry`, `azurerm`, or what else tasks know.
    public var type: String?
    /// Where messages of an incoming webhook are sent, or where a registry is.
    public var url: String?
    public var description: String?
    /// `webhookname`, `header` and, in a request, `secret`; of a registry `registry`, `username` and, in a request, `password`.
    public var authorization: EndpointAuthorizationWire?
    public var data: [String: String]?
    public var isShared: Bool?
    public var isReady: Bool?
    public var owner: String?
    public var createdBy: IdentityWire?
    public var serviceEndpointProjectReferences: [ProjectUse]?
    /// Only Roost: asks the server to make a secret, which the answer has this once.
    public var makeSecret: Bool?
    /// What came of the last try; nil when there was none.
    public var operationStatus: EndpointStatusWire?
    /// Only Roost: what opens it, such as `federation`.
    public var kind: String?

    public init(
        id: UUID? = nil,
        name: String? = nil,
        type: String? = nil,
        url: String? = nil,
        description: String? = nil,
        authorization: EndpointAuthorizationWire? = nil,
        data: [String: String]? = nil,
        isShared: Bool? = nil,
        isReady: Bool? = nil,
        owner: String? = nil,
        createdBy: IdentityWire? = nil,
        serviceEndpointProjectReferences: [ProjectUse]? = nil,
        makeSecret: Bool? = nil,
        operationStatus: EndpointStatusWire? = nil,
        kind: String? = nil
    ) {
        self.id = id
        self.name = name
        self.type = type
        self.url = url
        self.description = description
        self.authorization = authorization
        self.data = data
        self.isShared = isShared
        self.isReady = isReady
        self.owner = owner
        self.createdBy = createdBy
        self.serviceEndpointProjectReferences = serviceEndpointProjectReferences
        self.makeSecret = makeSecret
        self.operationStatus = operationStatus
        self.kind = kind
    }
}
