public import FoundationEssentials

/// Which pipelines may use a thing, as clients read and change it.
public struct ResourcePipelinePermissionsWire: Codable, Sendable, Hashable {
    /// Whether it is allowed, since when and by whom.
    public struct Permission: Codable, Sendable, Hashable {
        public var authorized: Bool?
        public var authorizedBy: IdentityWire?
        public var authorizedOn: Date?

        public init(authorized: Bool? = nil, authorizedBy: IdentityWire? = nil, authorizedOn: Date? = nil) {
            self.authorized = authorized
            self.authorizedBy = authorizedBy
            self.authorizedOn = authorizedOn
        }
    }

    /// The same for one pipeline.
    public struct Pipeline: Codable, Sendable, Hashable {
        public var id: Int
        public var authorized: Bool?
        public var authorizedBy: IdentityWire?
        public var authorizedOn: Date?

        public init(id: Int, authorized: Bool? = nil, authorizedBy: IdentityWire? = nil, authorizedOn: Date? = nil) {
            self.id = id
            self.authorized = authorized
            self.authorizedBy = authorizedBy
            self.authorizedOn = authorizedOn
        }
    }

    /// Its type is `endpoint`, `variablegroup`, `securefile`, `environment` or `queue`.
    public var resource: CheckConfigurationWire.Resource?
    public var allPipelines: Permission?
    public var pipelines: [Pipeline]?

    public init(
        resource: CheckConfigurationWire.Resource? = nil,
        allPipelines: Permission? = nil,
        pipelines: [Pipeline]? = nil
    ) {
        self.resource = resource
        self.allPipelines = allPipelines
        self.pipelines = pipelines
    }
}
