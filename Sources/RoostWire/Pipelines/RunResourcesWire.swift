/// The resources of a run.
public struct RunResourcesWire: Codable, Sendable, Hashable {
    public var repositories: [String: RepositoryParametersWire]?
    public var pipelines: [String: PipelineResourceParametersWire]?

    public init(
        repositories: [String: RepositoryParametersWire]? = nil,
        pipelines: [String: PipelineResourceParametersWire]? = nil
    ) {
        self.repositories = repositories
        self.pipelines = pipelines
    }
}

/// Which run of another pipeline.
public struct PipelineResourceParametersWire: Codable, Sendable, Hashable {
    /// The run's number or id.
    public var version: String?
    public var pipeline: PipelineWire?
    /// Only Roost: the run's id.
    public var runId: Int?

    public init(version: String? = nil, pipeline: PipelineWire? = nil, runId: Int? = nil) {
        self.version = version
        self.pipeline = pipeline
        self.runId = runId
    }
}
