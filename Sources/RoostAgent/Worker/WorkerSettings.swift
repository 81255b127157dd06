/// What the agent brings to every job.
public struct WorkerSettings: Sendable {
    public var folders: AgentFolders
    public var agentName: String
    /// The agent's number at the server; 0 in a local run.
    public var agentID: Int
    public var agentVersion: String
    /// What processes of steps inherit; without secrets of the agent.
    public var environment: [String: String]
    /// This process has no other job: every orphan it adopts belongs to the job.
    public var ownsAllOrphans: Bool
    /// Folders by folded alias that stand for repositories as they are, as in a local run in a working tree.
    ///
    /// A job with one of them, or with no checkout at all, begins in the folder itself; where it has a place beside others, a link
    /// leads to it.
    public var sourcesInPlace: [String: String]
    /// What the agent does to keep jobs apart; nil in a run that no agent carries out.
    var isolation: JobIsolation?
    /// What this worker has for that; nil when it has nothing.
    var walls: JobWalls?
    /// Why it has nothing.
    var wallFailure: WallFailure?
    /// Where the job's processes are kept within limits; nil when they have none.
    var fence: JobFence?
    /// How processes of steps reach others.
    var network = JobNetwork()

    public init(
        folders: AgentFolders,
        agentName: String,
        agentID: Int = 0,
        agentVersion: String,
        environment: [String: String],
        ownsAllOrphans: Bool = false,
        sourcesInPlace: [String: String] = [:]
    ) {
        self.folders = folders
        self.agentName = agentName
        self.agentID = agentID
        self.agentVersion = agentVersion
        self.environment = environment.filter { !Self.isAgentsOwn($0.key) }
        self.ownsAllOrphans = ownsAllOrphans
        self.sourcesInPlace = sourcesInPlace
    }

    /// Variables by which the agent itself is configured; tokens are among them.
    private static func isAgentsOwn(_ name: String) -> Bool {
        let name = name.uppercased()
        return name.hasPrefix("VSTS_AGENT_INPUT_") || name.hasPrefix("ROOST_AGENT_") || name == "AZP_TOKEN"
            || name == "ROOST_TOKEN" || name == ConnectionSettings.passwordVariable || name == ProcessTree.markName
    }
}
