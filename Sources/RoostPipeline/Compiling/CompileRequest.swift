public import RoostLanguage
public import RoostModel

/// What is known of a run before its file is read.
public struct CompileRequest: Sendable {
    /// Values for the parameters of the root file, as texts; lists and objects are written as YAML or JSON.
    public var parameters: [String: String]
    /// Payloads of webhooks that started the run, by the alias of the resource; `${{ parameters.ALIAS.path }}` reads them.
    public var webhooks: [String: Value]
    /// Variables of the pipeline's settings and of the request, as far as `${{ }}` may see them: secret ones are left out.
    public var queueTimeVariables: [String: String]
    /// Predefined variables that `${{ }}` may see, such as `Build.SourceBranch`.
    public var predefinedVariables: [String: String]
    /// The repository of the root file, under the alias `self`.
    public var repository: PlannedRepository
    public var settings: CompileSettings
    /// Tasks that are installed beside those that are built in.
    public var tasks: InstalledTasks
    /// The value of `pipeline.startTime`; nil when there is none yet.
    public var startTime: DateTime?

    public init(
        parameters: [String: String] = [:],
        queueTimeVariables: [String: String] = [:],
        predefinedVariables: [String: String] = [:],
        repository: PlannedRepository = PlannedRepository(alias: "self", type: "git", name: "self"),
        settings: CompileSettings = CompileSettings(),
        startTime: DateTime? = nil,
        webhooks: [String: Value] = [:],
        tasks: InstalledTasks = InstalledTasks()
    ) {
        self.tasks = tasks
        self.webhooks = webhooks
        self.parameters = parameters
        self.queueTimeVariables = queueTimeVariables
        self.predefinedVariables = predefinedVariables
        self.repository = repository
        self.settings = settings
        self.startTime = startTime
    }
}

/// Settings of a pipeline or a run that change what its file means.
public struct CompileSettings: Hashable, Sendable {
    /// The sources come from a fork, the value of `System.PullRequest.IsFork`.
    public var isFork: Bool
    /// A file without `trigger` and `pr` starts no runs by itself.
    public var ignoresImpliedTriggers: Bool

    public init(isFork: Bool = false, ignoresImpliedTriggers: Bool = false) {
        self.isFork = isFork
        self.ignoresImpliedTriggers = ignoresImpliedTriggers
    }
}
