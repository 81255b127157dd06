/// The folders of an agent.
public struct AgentFolders: Hashable, Sendable {
    /// `Agent.HomeDirectory`.
    public var root: String
    /// `Agent.WorkFolder`, `_work` unless the configuration says another.
    public var work: String
    /// `Agent.ToolsDirectory`.
    public var tools: String

    /// - Parameters:
    ///   - root: an absolute path.
    ///   - work: absolute or below the root; nil is `_work`.
    ///   - tools: absolute; nil is `_tool` in the work folder.
    public init(root: String, work: String? = nil, tools: String? = nil) {
        self.root = root
        let work = work ?? "_work"
        self.work = work.hasPrefix("/") ? work : "\(root)/\(work)"
        self.tools = tools ?? "\(self.work)/_tool"
    }

    /// Programs that belong to the agent.
    var externals: String { "\(AgentRoot(root).home)/externals" }
    /// `Agent.TempDirectory`; emptied before and after each job.
    public var temp: String { "\(work)/_temp" }
    /// Copies of repositories that checkouts share; see ``RepositoryMirror``.
    var mirrors: String { "\(work)/_mirrors" }
    /// Notes of jobs that have containers.
    var containers: String { "\(work)/_containers" }
    /// Tasks that are not built in, unpacked.
    var tasks: String { "\(work)/_tasks" }
    /// Log files of the agent itself.
    public var diagnostics: String { "\(root)/_diag" }
    /// Log pages of jobs, a folder for each job.
    public var pages: String { "\(diagnostics)/pages" }
    /// Which numbered folder belongs to which pipeline.
    var mappings: String { "\(work)/SourceRootMapping" }
}

/// The numbered folder of a pipeline on this agent, and what stands in it.
public struct JobFolders: Hashable, Sendable {
    /// `Agent.BuildDirectory`, `Pipeline.Workspace`.
    public var build: String
    /// `Build.SourcesDirectory`.
    public var sources: String
    /// `Build.ArtifactStagingDirectory`.
    public var artifacts: String { "\(build)/a" }
    /// `Build.BinariesDirectory`.
    public var binaries: String { "\(build)/b" }
    /// `Common.TestResultsDirectory`.
    public var testResults: String { "\(build)/TestResults" }

    public init(build: String, sources: String? = nil) {
        self.build = build
        self.sources = sources ?? "\(build)/s"
    }
}
