public import FoundationEssentials

/// A variable group; positive.
public struct VariableGroupID: Identifier {
    public let rawValue: Int
    public init(_ rawValue: Int) { self.rawValue = rawValue }
}

/// Variables that pipelines of a project share by the group's name.
public struct VariableGroup: Hashable, Sendable, Codable {
    public var id: VariableGroupID
    public var project: ProjectID
    /// Unique in the project, ignoring case.
    public var name: String
    public var description: String
    /// Of a group with a vault, names without values.
    public var variables: [String: PipelineVariable]
    /// Where its values come from; nil when they are kept here.
    public var vault: GroupVault?
    public var createdAt: Date
    public var createdBy: String
    public var modifiedAt: Date
    public var modifiedBy: String

    public init(
        id: VariableGroupID,
        project: ProjectID,
        name: String,
        description: String = "",
        variables: [String: PipelineVariable] = [:],
        vault: GroupVault? = nil,
        createdAt: Date,
        createdBy: String,
        modifiedAt: Date? = nil,
        modifiedBy: String? = nil
    ) {
        self.id = id
        self.project = project
        self.name = name
        self.description = description
        self.variables = variables
        self.vault = vault
        self.createdAt = createdAt
        self.createdBy = createdBy
        self.modifiedAt = modifiedAt ?? createdAt
        self.modifiedBy = modifiedBy ?? createdBy
    }
}
