import Logging
import RoostClient
import RoostModel

/// How a listener runs, beside what the agent's files say.
struct ListenerOptions: Sendable {
    /// Ends after one job.
    var runsOnce = false
    /// How long a running job may go on after a request to stop.
    var grace = ListenerOptions.usualGrace
    /// Started by a service manager: PATH comes from the file.
    var isService = false
    var isVerbose = false
    /// The machine was made for this agent: it is online before it knows versions of tools, which it asks for when no job keeps it busy.
    var isBoot = false
    /// Another version watches whether this one works, and is told so.
    var isGuarded = false
    /// The machine is its one job's alone, and keeps it from everything else.
    var hasOwnMachine = false
    /// Nil is what the agent's settings say.
    var isolation: IsolationMode?
    /// Folders that jobs do not see, beside those of the settings.
    var hides: [String] = []
    /// What stays on the disk; nil is what the agent's settings say.
    var upkeep: UpkeepPolicy?

    /// A minute less than a service unit gives (`TimeoutStopSec=5min`), so that a canceled job can still be reported.
    static let usualGrace = Duration.seconds(240)
}

/// Listens for jobs of one configured agent, from start to stop.
struct AgentListener: Sendable {
    let root: AgentRoot
    let program: AgentProgram
    let options: ListenerOptions
    /// The environment of this process without inputs.
    let environment: [String: String]
    let console: any AgentConsole
    /// Nil when no service manager listens.
    var service: ServiceManager?
    /// Where a version is left that is ready to be tried.
    var desk = UpdateDesk()

    /// Runs until it is to stop.
    ///
    /// - Parameter stops: an element for each request to stop.
    /// - Returns: the exit code; ``ListenerExit/updating`` when a version is ready to be tried.
    /// - Throws: ``ConfigurationFailure`` when the agent cannot start at all.
    func run(stops: AsyncStream<ShutdownRequests.Request>) async throws(ConfigurationFailure) -> ListenerExit {
        hideMemory()
        let files = AgentFiles(root: root)
        let settings = try files.settings()
        let identity = try await AgentIdentity(files: files, environment: environment)
        let upkeep = if let policy = options.upkeep { policy } else { try settings.upkeepPolicy() }
        let lock = try ListenerLock(root)
        defer { lock.release() }
        let logger = DiagnosticLog.logger(root: root, level: options.isVerbose ? .debug : .info)
        logger.notice(
            "the listener starts",
            metadata: ["agent": "\(settings.agentName)", "version": "\(AgentVersion.roost)"]
        )
        // Before anything is started that would stand in the way.
        var groups: JobGroups?
        if let limits = settings.limits { groups = try JobGroups(limits, root) }
        ProcessTree.becomeSubreaper()
        // It is up, whatever the network is like; whether the server is reached is its status.
        service?.tell("READY=1", "STATUS=Connecting to \(settings.serverUrl).")
        let folders = AgentFolders(
            root: root.path,
            work: settings.workFolder,
            tools: environment["AGENT_TOOLSDIRECTORY"]
        )
        await LeftoverSweep(root: root, folders: folders, logger: logger).run()
        // What another slot prepares is left alone.
        if !options.isGuarded, root.slotNumber == nil { UpdateFiles(root: root).sweep() }
        await groups?.sweep(logger)
        let connection = ConnectionSettings(
            root: root,
            environment: jobEnvironment.values,
            serverURL: settings.serverUrl
        )
        try connection.check()
        let network = JobNetwork(connection, authorities: try AuthorityBundle.write(connection.authorityFile, root))
        let client: RoostClient
        do throws(ClientError) {
            client = try RoostClient(
                url: settings.serverUrl,
                credential: identity.credential,
                options: connection.clientOptions(for: settings.serverUrl)
            )
        } catch {
            throw .server(ServerRefusal(error))
        }
        let isolation = await isolation(settings)
        logger.notice("isolation of jobs", metadata: ["state": "\(isolation.capability)"])
        let loop = ListenerLoop(
            self,
            settings,
            client,
            identity.key,
            configuration(settings, folders, network, isolation),
            groups,
            Upkeep(
                root: root,
                folders: folders,
                policy: upkeep,
                environment: jobEnvironment.values,
                logger: logger
            ),
            logger
        )
        let exit = await loop.run(stops: stops)
        await client.close()
        logger.notice("the listener ends", metadata: ["code": "\(exit.rawValue)"])
        return exit
    }

    /// What jobs inherit now; read again whenever `.env` changes.
    var jobEnvironment: AgentEnvironment {
        AgentEnvironment(root: root, base: environment, usesPathFile: options.isService)
    }

    private func isolation(_ settings: AgentSettings) async -> JobIsolation {
        if options.hasOwnMachine { return JobIsolation(mode: .off, hasOwnMachine: true) }
        return await IsolationProbe(
            mode: options.isolation ?? settings.isolation ?? .auto,
            root: root.home,
            hides: (settings.hiddenFolders ?? []) + options.hides,
            environment: jobEnvironment.values
        ).run()
    }

    private func configuration(
        _ settings: AgentSettings,
        _ folders: AgentFolders,
        _ network: JobNetwork,
        _ isolation: JobIsolation
    ) -> WorkerConfiguration {
        WorkerConfiguration(
            rootFolder: root.path,
            workFolder: folders.work,
            toolsFolder: folders.tools,
            agentName: settings.agentName,
            agentID: settings.agentId,
            agentVersion: AgentVersion.level,
            serverURL: settings.serverUrl,
            network: network,
            isolation: isolation
        )
    }
}
