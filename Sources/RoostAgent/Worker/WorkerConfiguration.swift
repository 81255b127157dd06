public import RoostModel

/// What a worker process must know beside the job's message; it travels with it.
public struct WorkerConfiguration: Codable, Sendable, Hashable {
    /// An absolute path.
    public var rootFolder: String
    /// Nil is `_work`.
    public var workFolder: String?
    /// Nil is `_tool` in the work folder.
    public var toolsFolder: String?
    public var agentName: String
    public var agentID: Int
    public var agentVersion: String
    /// The server as the agent was configured with it.
    public var serverURL: String
    /// How the agent and its jobs reach others.
    public var network: JobNetwork
    /// What steps inherit; nil is the worker's own environment.
    public var environment: [String: String]?
    /// What is done to keep jobs apart; nil is nothing.
    public var isolation: JobIsolation?
    /// Where the job's processes are kept within limits; nil when they have none.
    public var fence: JobFence?

    public init(
        rootFolder: String,
        workFolder: String? = nil,
        toolsFolder: String? = nil,
        agentName: String,
        agentID: Int,
        agentVersion: String,
        serverURL: String,
        network: JobNetwork = JobNetwork(),
        environment: [String: String]? = nil,
        isolation: JobIsolation? = nil
    ) {
        self.rootFolder = rootFolder
        self.workFolder = workFolder
        self.toolsFolder = toolsFolder
        self.agentName = agentName
        self.agentID = agentID
        self.agentVersion = agentVersion
        self.serverURL = serverURL
        self.network = network
        self.environment = environment
        self.isolation = isolation
    }

    /// The agent's folders.
    public var folders: AgentFolders { AgentFolders(root: rootFolder, work: workFolder, tools: toolsFolder) }

    /// The folder of a job's log pages, which stays when the worker could not upload them all.
    public func pagesFolder(job: JobID) -> String { "\(folders.pages)/\(job)" }
}
