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
    public var variables: [String: PipelineVariable]
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
        self.createdAt = createdAt
        self.createdBy = createdBy
        self.modifiedAt = modifiedAt ?? createdAt
        self.modifiedBy = modifiedBy ?? createdBy
    }
}
