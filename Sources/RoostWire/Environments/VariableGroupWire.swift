public import FoundationEssentials

/// A variable group.
public struct VariableGroupWire: Codable, Sendable, Hashable {
    /// A project that may use the group.
    public struct ProjectReference: Codable, Sendable, Hashable {
        public var name: String?
        public var description: String?
        public var projectReference: TeamProjectWire?

        public init(
            name: String? = nil,
            description: String? = nil,
            projectReference: TeamProjectWire? = nil
        ) {
            self.name = name
            self.description = description
            self.projectReference = projectReference
        }
    }

    /// Where the values of a group come from that are not kept with it.
    public struct ProviderData: Codable, Sendable, Hashable {
        /// A service connection; none is a vault of this server.
        public var serviceEndpointId: String?
        /// Name of the vault; of HashiCorp Vault, the path of the secret.
        public var vault: String?
        /// Of HashiCorp Vault only.
        public var mount: String?
        public var lastRefreshedOn: Date?

        public init(
            serviceEndpointId: String? = nil,
            vault: String? = nil,
            mount: String? = nil,
            lastRefreshedOn: Date? = nil
        ) {
            self.serviceEndpointId = serviceEndpointId
            self.vault = vault
            self.mount = mount
            self.lastRefreshedOn = lastRefreshedOn
        }
    }

    public var id: Int?
    public var name: String?
    public var description: String?
    /// `Vsts`, `AzureKeyVault` or `HashiCorpVault`.
    public var type: String?
    /// Secret values are never given out; one that is put without a value keeps the one it has.
    public var variables: [String: VariableValueWire]?
    public var providerData: ProviderData?
    public var isShared: Bool?
    public var createdBy: IdentityWire?
    public var createdOn: Date?
    public var modifiedBy: IdentityWire?
    public var modifiedOn: Date?
    public var variableGroupProjectReferences: [ProjectReference]?

    public init(
        id: Int? = nil,
        name: String? = nil,
        description: String? = nil,
        type: String? = nil,
        variables: [String: VariableValueWire]? = nil,
        providerData: ProviderData? = nil,
        isShared: Bool? = nil,
        createdBy: IdentityWire? = nil,
        createdOn: Date? = nil,
        modifiedBy: IdentityWire? = nil,
        modifiedOn: Date? = nil,
        variableGroupProjectReferences: [ProjectReference]? = nil
    ) {
        self.id = id
        self.name = name
        self.description = description
        self.type = type
        self.variables = variables
        self.providerData = providerData
        self.isShared = isShared
        self.createdBy = createdBy
        self.createdOn = createdOn
        self.modifiedBy = modifiedBy
        self.modifiedOn = modifiedOn
        self.variableGroupProjectReferences = variableGroupProjectReferences
    }
}
