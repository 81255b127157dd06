/// Where the YAML of a pipeline is.
public struct PipelineConfigurationWire: Codable, Sendable, Hashable {
    public var type: String?
    public var path: String?
    public var repository: PipelineRepositoryReferenceWire?
    public var variables: [String: VariableValueWire]?

    public init(
        type: String? = nil,
        path: String? = nil,
        repository: PipelineRepositoryReferenceWire? = nil,
        variables: [String: VariableValueWire]? = nil
    ) {
        self.type = type
        self.path = path
        self.repository = repository
        self.variables = variables
    }
}
