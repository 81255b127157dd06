public import Logging
import RoostLanguage
public import RoostModel
import RoostPipeline

/// How a server runs: read once at its start, from a file, the environment and the command line.
///
/// ``keys`` is the one table of all keys; the file, the environment names, the flags and the documentation follow from it.
public struct ServerConfiguration: Sendable, Hashable {
    // What and where
    /// Folder of the store, logs, artifacts and mirrors of repositories.
    public var data = "roost-data"
    /// Address to listen on.
    public var host = "127.0.0.1"
    /// 0 takes any free port.
    public var port = 8080
    /// The address agents and people use; nil is made of scheme, host and port.
    public var publicURL: String?
    /// Name of the organization, which may stand first in every path.
    public var organization = "roost"
    /// Pages for people are served.
    public var dashboard = true
    /// File of the keys that secrets in the store are sealed with; nil is a credential of systemd, or one beside the store.
    public var sealingKey: String?

    /// Each vault has the host name `NAME.SUFFIX`.
    public var vaultSuffix = "vault.localhost"

    // Repositories and triggers
    /// File that says where repositories named in pipelines are.
    public var repositoryMap: String?
    /// A fetch of a repository that takes longer is ended.
    public var fetchTimeout = Duration.seconds(300)
    /// Agents may fetch from the server's mirrors.
    public var mirrorService = true
    /// Submodules, too.
    public var mirrorSubmodules = true
    /// A webhook is answered after this, though what it begins may take longer.
    public var webhookPatience = Duration.seconds(8)
    /// How long an issuer of tokens may take for each of the documents that its keys are read from.
    public var issuerPatience = Duration.seconds(10)
    /// Pushes, schedules and ends of other runs begin runs.
    public var triggers = true
    /// A file that says nothing of `trigger` and `pr` has both.
    public var impliedTriggers = true
    /// How late a schedule that was missed is made up for.
    public var scheduleCatchUp = Duration.seconds(3600)
    /// How often the files of pipelines are read anew for their schedules when nothing tells of changes.
    public var scheduleRefresh = Duration.seconds(3600)

    // TLS
    /// PEM file, the server's own certificate first.
    public var tlsCertificate: String?
    /// PEM file.
    public var tlsKey: String?
    /// PEM file with authorities that are trusted, beside the system's, when other issuers are asked for their keys.
    public var issuerAuthorities: String?

    // Limits
    /// Largest body of a request.
    public var bodyLimit = ByteCount.mebibytes(16)
    /// Largest size of all headers of a request together.
    public var headerLimit = ByteCount.kibibytes(32)
    /// Most headers of a request.
    public var headerCount = 100
    /// Requests per second of one client; 0 is no limit.
    public var rateLimit = 2000
    /// Requests a client may make at once after a pause.
    public var rateBurst = 4000
    /// Most open connections; 0 is no limit.
    public var maxConnections = 0
    /// A connection without a request for this long is closed.
    public var idleTimeout = Duration.seconds(120)

    // Limits of pipelines
    /// Files of one run.
    public var pipelineFiles = PipelineLimits.default.files
    /// Templates that include each other.
    public var pipelineTemplateDepth = PipelineLimits.default.templateDepth
    /// Text of an expanded pipeline.
    public var pipelineSize = ByteCount(PipelineLimits.default.expandedBytes)
    /// Memory of one expansion.
    public var pipelineMemory = ByteCount(PipelineLimits.default.memory)
    /// Characters of an expression.
    public var pipelineExpressionLength = PipelineLimits.default.expressions.length
    /// How long one expansion may take.
    public var pipelineTime = PipelineLimits.default.time

    // Times of the protocol
    /// How long a listener's poll is held when there is no message.
    public var longPollHold = Duration.seconds(50)
    /// A listener that has not polled for this long counts as gone.
    public var sessionExpiry = Duration.seconds(30)
    /// From assignment to the first renewal.
    public var assignmentLease = Duration.seconds(60)
    /// From one renewal to the next.
    public var runningLease = Duration.seconds(600)
    /// How long the server waits for an agent after the time-out of a cancel.
    public var cancelGrace = Duration.seconds(60)
    /// Life of a listener's token.
    public var listenerTokenLifetime = Duration.seconds(3000)
    /// Added to a job's time limit for the life of its token.
    public var jobTokenSlack = Duration.seconds(900)
    /// A key signs the tokens of identities for so long.
    public var signingKeyLife = Duration.seconds(90 * 86_400)
    /// The longest life of a personal access token; zero lets nobody make one.
    public var tokenLife = Duration.seconds(366 * 86_400)
    /// How long a login on the dashboard lasts.
    public var dashboardSession = Duration.seconds(12 * 3600)

    // Running it
    /// Least level of log lines.
    public var logLevel = Logger.Level.info
    /// How log lines look.
    public var logFormat = LogFormat.text
    /// How long requests under way have to end at a stop.
    public var shutdownGrace = Duration.seconds(10)
    /// How long completed runs are kept; zero is for ever.
    public var runRetention = Duration.zero
    /// A cache entry that was not used for so long goes.
    public var cacheRetention = Duration.seconds(7 * 86_400)
    /// Most bytes of all cache entries together; 0 is no limit.
    public var cacheLimit = ByteCount(20 << 30)
    /// Regions of image galleries: folders by name; `local` is in ``data`` unless it is named.
    public var imageRegions = ImageRegionList()
    /// Most bytes a second that the replication of one image version copies; 0 is no limit.
    public var imageReplicationRate = ByteCount(0)
    /// What makes machines of elastic pools, separated by commas.
    public var machineProviders = "sandbox,vm"
    /// What of this computer machines without an image see besides its programs, separated by commas.
    public var machineFiles = ""
    /// PEM file of the authority that issued the server's certificate, for machines of elastic pools.
    public var machineAuthority: String?
    /// `/metrics` needs no token.
    public var openMetrics = false

    /// All defaults.
    public init() {}

    /// Certificate and key are given.
    public var usesTLS: Bool { tlsCertificate != nil && tlsKey != nil }

    /// The address that agents and people use, ending in a slash.
    ///
    /// - Parameter port: the port that is listened on, for ``port`` may be 0.
    /// - Returns: ``publicURL`` when it is given, else one made of scheme, host and port.
    public func address(port: Int) -> String {
        if let publicURL { return publicURL.hasSuffix("/") ? publicURL : publicURL + "/" }
        let reachable = host == "0.0.0.0" || host == "::" || host == "[::]" ? "localhost" : host
        let bracketed = reachable.contains(":") && !reachable.hasPrefix("[") ? "[\(reachable)]" : reachable
        return "\(usesTLS ? "https" : "http")://\(bracketed):\(port)/"
    }

    private var pipelineLimits: PipelineLimits {
        var limits = PipelineLimits.default
        limits.files = pipelineFiles
        limits.templateDepth = pipelineTemplateDepth
        limits.expandedBytes = pipelineSize.bytes
        limits.memory = pipelineMemory.bytes
        limits.expressions.length = pipelineExpressionLength
        limits.time = pipelineTime
        return limits
    }

    /// What the control plane is told of it.
    ///
    /// - Parameter port: the port that is listened on.
    /// - Returns: settings with all times of the protocol.
    public func controlSettings(port: Int) -> ControlSettings {
        var settings = ControlSettings(publicURL: address(port: port), organization: organization, dataFolder: data)
        settings.assignmentLease = assignmentLease
        settings.runningLease = runningLease
        settings.sessionExpiry = sessionExpiry
        settings.cancelGrace = cancelGrace
        settings.listenerTokenLifetime = listenerTokenLifetime
        settings.jobTokenSlack = jobTokenSlack
        settings.tokenLife = tokenLife
        settings.signingKeyLife = signingKeyLife
        settings.pipelineLimits = pipelineLimits
        settings.repositoryMap = repositoryMap
        settings.fetchTimeout = fetchTimeout
        settings.mirrorService = mirrorService
        settings.mirrorSubmodules = mirrorSubmodules
        settings.webhookPatience = webhookPatience
        settings.triggers = triggers
        settings.impliedTriggers = impliedTriggers
        settings.scheduleCatchUp = scheduleCatchUp
        settings.scheduleRefresh = scheduleRefresh
        settings.cacheRetention = cacheRetention
        settings.cacheLimit = cacheLimit.bytes
        settings.imageRegions = imageRegions
        settings.imageReplicationRate = imageReplicationRate.bytes
        settings.machineAuthority = machineAuthority
        return settings
    }
}
