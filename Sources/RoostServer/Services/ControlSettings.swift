public import RoostPipeline

/// What the control plane can be told.
public struct ControlSettings: Sendable {
    /// The address agents and people reach the server under, ending in a slash; known once the port is.
    public var publicURL: String
    public var organization: String
    /// Folder for mirrors of repositories.
    public var dataFolder: String
    /// From assignment to the first renewal; past it the job goes to another agent.
    public var assignmentLease = Duration.seconds(60)
    /// From one renewal to the next; the agent renews every minute or three times in it.
    public var runningLease = Duration.seconds(600)
    /// A listener that polls no more counts as gone after this.
    public var sessionExpiry = Duration.seconds(30)
    /// After the time-out of a cancel the server waits this long for the agent's word.
    public var cancelGrace = Duration.seconds(60)
    /// Life of a listener's token.
    public var listenerTokenLifetime = Duration.seconds(3000)
    /// The longest life of a personal access token; zero lets nobody make one.
    public var tokenLife = Duration.seconds(366 * 86_400)
    /// A key signs tokens for so long before the next one does.
    public var signingKeyLife = Duration.seconds(90 * 86_400)
    /// Added to a job's time limit for the life of its token.
    public var jobTokenSlack = Duration.seconds(900)
    /// How large a pipeline may become.
    public var pipelineLimits = PipelineLimits.default
    /// Finished runs that stay in memory for readers.
    public var finishedRunsInMemory = 64

    /// A fetch of a repository that takes longer is ended.
    public var fetchTimeout = Duration.seconds(300)
    /// Agents may fetch the repositories of their runs from the server's mirrors.
    public var mirrorService = true
    /// Submodules are fetched and served, too.
    public var mirrorSubmodules = true
    /// Hosts take a message for lost when the answer takes longer than ten seconds.
    public var webhookPatience = Duration.seconds(8)
    /// File that says where repositories named in pipelines are; see ``RepositoryMap``.
    public var repositoryMap: String?
    /// Pushes, schedules and ends of other runs begin runs.
    public var triggers = true
    /// A file that says nothing of `trigger` and `pr` has both.
    public var impliedTriggers = true
    /// How late a schedule that was missed is made up for.
    public var scheduleCatchUp = Duration.seconds(3600)
    /// How often the files of pipelines are read anew for their schedules.
    public var scheduleRefresh = Duration.seconds(3600)

    /// A cache entry that was not used for so long goes.
    public var cacheRetention = Duration.seconds(7 * 86_400)
    /// Most bytes of all cache entries together; 0 is no limit.
    public var cacheLimit = 20 << 30

    /// Regions of image galleries beside `local`.
    public var imageRegions = ImageRegionList()
    /// Most bytes a second of one version's replication; 0 is no limit.
    public var imageReplicationRate = 0

    /// PEM file of the authority that machines of elastic pools are told to trust.
    public var machineAuthority: String?

    public init(publicURL: String, organization: String, dataFolder: String) {
        self.publicURL = publicURL
        self.organization = organization
        self.dataFolder = dataFolder
    }
}
