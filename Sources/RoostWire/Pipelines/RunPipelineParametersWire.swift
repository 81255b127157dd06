/// What is asked when a run is queued.
public struct RunPipelineParametersWire: Codable, Sendable, Hashable {
    public var previewRun: Bool?
    public var resources: RunResourcesWire?
    public var stagesToSkip: [String]?
    @LooseTexts public var templateParameters: [String: String]?
    public var variables: [String: VariableValueWire]?
    public var yamlOverride: String?

    public init(
        previewRun: Bool? = nil,
        resources: RunResourcesWire? = nil,
        stagesToSkip: [String]? = nil,
        templateParameters: [String: String]? = nil,
        variables: [String: VariableValueWire]? = nil,
        yamlOverride: String? = nil
    ) {
        self.previewRun = previewRun
        self.resources = resources
        self.stagesToSkip = stagesToSkip
        self.templateParameters = templateParameters
        self.variables = variables
        self.yamlOverride = yamlOverride
    }
}
