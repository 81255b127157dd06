/// An entry of `resources: pipelines:`: a run of another pipeline that this one takes, and whether its end begins a run.
public struct PipelineResource: Hashable, Sendable, Codable {
    public var alias: String
    /// Name of the other pipeline, with its folder when the file gives one.
    public var source: String
    /// Nil is the pipeline's own project.
    public var project: String?
    /// The number of the run to take when a person or a schedule begins the run.
    public var version: String?
    public var branch: String?
    public var tags: [String]
    /// Nil when the end of the other's runs begins none of this one's.
    public var trigger: CompletionTrigger?

    public init(
        alias: String,
        source: String,
        project: String? = nil,
        version: String? = nil,
        branch: String? = nil,
        tags: [String] = [],
        trigger: CompletionTrigger? = nil
    ) {
        self.alias = alias
        self.source = source
        self.project = project
        self.version = version
        self.branch = branch
        self.tags = tags
        self.trigger = trigger
    }
}

/// Which ends of another pipeline's runs begin a run.
public struct CompletionTrigger: Hashable, Sendable, Codable {
    public var branches: NameFilter?
    /// Stages that must have succeeded; empty is the whole run.
    public var stages: [String]
    /// Tags the run must have, all of them.
    public var tags: [String]

    public init(branches: NameFilter? = nil, stages: [String] = [], tags: [String] = []) {
        self.branches = branches
        self.stages = stages
        self.tags = tags
    }
}

/// An entry of `resources: repositories:` whose pushes may begin a run.
public struct RepositoryResource: Hashable, Sendable, Codable {
    public var alias: String
    public var type: String
    public var name: String
    public var ref: String
    public var endpoint: String?
    /// Nil when pushes to it begin nothing.
    public var trigger: PushFilter?

    public init(
        alias: String,
        type: String = "git",
        name: String,
        ref: String = "",
        endpoint: String? = nil,
        trigger: PushFilter? = nil
    ) {
        self.alias = alias
        self.type = type
        self.name = name
        self.ref = ref
        self.endpoint = endpoint
        self.trigger = trigger
    }
}
