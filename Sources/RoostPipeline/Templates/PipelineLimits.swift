public import RoostLanguage

/// How large a pipeline may become; each limit has an error of its own that names the templates that led to it.
public struct PipelineLimits: Hashable, Sendable {
    /// Of every single file.
    public var yaml: YAMLLimits
    /// Different files of one run, the root file among them.
    public var files: Int
    /// Templates that include each other.
    public var templateDepth: Int
    /// Mappings, lists, branches and templates inside each other while they are expanded.
    public var objectDepth: Int
    /// Nodes the expansion makes.
    public var nodes: Int
    /// Bytes of text the expansion makes.
    public var expandedBytes: Int
    /// Bytes of memory for the files of a run and what they expand to, by an estimate that is near the truth.
    public var memory: Int
    /// Of every single expression.
    public var expressions: ExpressionLimits
    /// How long the expansion may take; only hostile files come near it.
    public var time: Duration
    /// Jobs of one stage.
    public var jobsPerStage: Int
    /// Problems reported before the rest is left out.
    public var problems: Int

    public init(
        yaml: YAMLLimits = .default,
        files: Int = 100,
        templateDepth: Int = 100,
        objectDepth: Int = 1000,
        nodes: Int = 1_000_000,
        expandedBytes: Int = 20 << 20,
        time: Duration = .seconds(20),
        jobsPerStage: Int = 256,
        problems: Int = 200,
        memory: Int = 512 << 20,
        expressions: ExpressionLimits = .default
    ) {
        self.yaml = yaml
        self.files = files
        self.templateDepth = templateDepth
        self.objectDepth = objectDepth
        self.nodes = nodes
        self.expandedBytes = expandedBytes
        self.time = time
        self.jobsPerStage = jobsPerStage
        self.problems = problems
        self.memory = memory
        self.expressions = expressions
    }

    public static let `default` = PipelineLimits()
}
