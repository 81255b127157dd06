public import FoundationEssentials

/// A run.
public struct PipelineRunWire: Codable, Sendable, Hashable {
    public var id: Int?
    public var name: String?
    public var state: String?
    public var result: String?
    public var createdDate: Date?
    public var finishedDate: Date?
    public var pipeline: PipelineWire?
    public var templateParameters: [String: String]?
    public var variables: [String: VariableValueWire]?
    public var finalYaml: String?
    public var url: String?
    public var links: [String: LinkWire]?
    public var resources: RunResourcesWire?

    public init(
        id: Int? = nil,
        name: String? = nil,
        state: String? = nil,
        result: String? = nil,
        createdDate: Date? = nil,
        finishedDate: Date? = nil,
        pipeline: PipelineWire? = nil,
        templateParameters: [String: String]? = nil,
        variables: [String: VariableValueWire]? = nil,
        finalYaml: String? = nil,
        url: String? = nil,
        links: [String: LinkWire]? = nil,
        resources: RunResourcesWire? = nil
    ) {
        self.id = id
        self.name = name
        self.state = state
        self.result = result
        self.createdDate = createdDate
        self.finishedDate = finishedDate
        self.pipeline = pipeline
        self.templateParameters = templateParameters
        self.variables = variables
        self.finalYaml = finalYaml
        self.url = url
        self.links = links
        self.resources = resources
    }

    private enum CodingKeys: String, CodingKey {
        case id
        case name
        case state
        case result
        case createdDate
        case finishedDate
        case pipeline
        case templateParameters
        case variables
        case finalYaml
        case url
        case links = "_links"
        case resources
    }
}
