/// A repository beside the pipeline's own that a run uses, at the commit found when the run was queued.
public struct RunRepository: Hashable, Sendable, Codable {
    /// The name under `resources: repositories:`, or the whole of an inline `checkout: git://…`.
    public var alias: String
    /// As the file gives it, such as `git` or `github`.
    public var type: String
    public var name: String
    /// What `git` is given.
    public var url: String
    /// A full ref, or the commit itself when the file pins one.
    public var ref: String
    /// The commit, 40 hexadecimal digits.
    public var version: String

    public init(alias: String, type: String, name: String, url: String, ref: String, version: String) {
        self.alias = alias
        self.type = type
        self.name = name
        self.url = url
        self.ref = ref
        self.version = version
    }
}

/// A run of another pipeline that a run takes as a resource.
public struct RunPipelineResource: Hashable, Sendable, Codable {
    /// The name under `resources: pipelines:`.
    public var alias: String
    public var projectName: String
    public var projectID: String
    public var pipelineName: String
    public var pipelineID: Int
    /// The run's number, such as `20261124.1`.
    public var runName: String
    public var runID: Int
    public var sourceBranch: String
    public var sourceCommit: String
    public var requestedFor: String

    public init(
        alias: String,
        projectName: String,
        projectID: String,
        pipelineName: String,
        pipelineID: Int,
        runName: String,
        runID: Int,
        sourceBranch: String,
        sourceCommit: String,
        requestedFor: String
    ) {
        self.alias = alias
        self.projectName = projectName
        self.projectID = projectID
        self.pipelineName = pipelineName
        self.pipelineID = pipelineID
        self.runName = runName
        self.runID = runID
        self.sourceBranch = sourceBranch
        self.sourceCommit = sourceCommit
        self.requestedFor = requestedFor
    }
}

/// What a run was made of beside its own commit, recorded so that it can be made again.
public struct RunSources: Hashable, Sendable, Codable {
    /// Those that templates or checkouts use; the pipeline's own is the run's ``Run/repository``.
    public var repositories: [RunRepository]
    public var pipelines: [RunPipelineResource]
    /// Every YAML file that took part: a path of the pipeline's own repository, or `path@alias`.
    public var files: [String]
    /// Stages left out by whoever queued it.
    public var stagesToSkip: [String]

    public init(
        repositories: [RunRepository] = [],
        pipelines: [RunPipelineResource] = [],
        files: [String] = [],
        stagesToSkip: [String] = []
    ) {
        self.repositories = repositories
        self.pipelines = pipelines
        self.files = files
        self.stagesToSkip = stagesToSkip
    }
}
