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

    public var id: Int?
    public var name: String?
    public var description: String?
    /// `Vsts`.
    public var type: String?
    /// Secret values are never given out; one that is put without a value keeps the one it has.
    public var variables: [String: VariableValueWire]?
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
        self.isShared = isShared
        self.createdBy = createdBy
        self.createdOn = createdOn
        self.modifiedBy = modifiedBy
        self.modifiedOn = modifiedOn
        self.variableGroupProjectReferences = variableGroupProjectReferences
    }
}
