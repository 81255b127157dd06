import Logging
import RoostClient
import RoostModel
import RoostWire
import Synchronization

extension ListenerLoop {
    /// Keeps a session open and polls it, until no session can be had any more or the task is cancelled.
    func poll() async {
        pulse.rest()
        guard await warmUp() else { return }
        var connection = Connection()
        while !Task.isCancelled {
            pulse.beat()
            let trouble: ServerTrouble?
            if connection.isOpen {
                trouble = await pollOnce(&connection)
            } else {
                guard await awaitRoom() else { return }
                trouble = await open(&connection)
            }
            guard let trouble else {
                connection.succeed()
                continue
            }
            guard !Task.isCancelled else { return }
            connection.fail()
            guard await recover(trouble, &connection) else { return }
        }
    }

    /// Gets the machine ready, again after a while when that fails; false when the listener is to end.
    private func warmUp() async -> Bool {
        // A version that is tried comes to a machine that is warm.
        guard let program = settings.warmUp, !listener.options.isGuarded else { return true }
        let warmUp = WarmUp(
            program: program,
            root: listener.root,
            environment: configuration.network.completing(listener.jobEnvironment.values),
            folders: configuration.folders,
            logger: logger
        )
        var failures = 0
        while !Task.isCancelled {
            say("Warming up.")
            await tell(AgentWarmUpWire(state: "running"))
            guard let reason = await warmUp.run() else { return true }
            guard !Task.isCancelled else { return false }
            failures += 1
            let pause = WarmUp.pause(afterFailures: failures)
            logger.error("the warm-up failed", metadata: ["reason": "\(reason)"])
            say(
                "The warm-up failed: \(reason)\nIt is tried again in \(pause.components.seconds) s; its output is in \(warmUp.log)."
            )
            await tell(AgentWarmUpWire(state: "failed", reason: reason))
            try? await Task.sleep(for: pause)
        }
        return false
    }

    /// Only Roost can be told; another server shows the agent as offline.
    func tell(_ warmUp: AgentWarmUpWire) async {
        try? await client.setWarmUp(pool: settings.poolId, agent: settings.agentId, warmUp)
    }

    /// How the polling goes.
    private struct Connection {
        var isOpen = false
        var hadSession = false
        var failures = 0
        var firstFailure: ContinuousClock.Instant?
        /// A person was told that the server is away.
        var isTold = false

        mutating func succeed() { (failures, firstFailure) = (0, nil) }

        mutating func fail() {
            failures += 1
            firstFailure = firstFailure ?? .now
        }

        func course(skipsRecovery: Bool) -> SessionRule.Course {
            SessionRule.Course(
                failures: failures,
                elapsed: firstFailure.map { ContinuousClock.now - $0 } ?? .zero,
                hadSession: hadSession,
                skipsRecovery: skipsRecovery,
                jitter: Double.random(in: 0...1)
            )
        }
    }

    private func open(_ connection: inout Connection) async -> ServerTrouble? {
        if !connection.hadSession, connection.failures == 0 {
            listener.console.say("Scanning for tool capabilities.")
        }
        let capabilities = await scan(asksVersions: connection.hadSession || !listener.options.isBoot)
        if !connection.hadSession, connection.failures == 0 { listener.console.say("Connecting to the server.") }
        await tellOutcome()
        do throws(ClientError) { try await session.open(capabilities: capabilities) } catch {
            return ServerTrouble(error)
        }
        told.withLock { $0 = capabilities }
        if !connection.hadSession {
            let isRoost = await isRoost()
            serverIsRoost.withLock { $0 = isRoost }
            opened.keep(isRoost)
            news.yield(.opened(isRoost: isRoost))
        }
        if !connection.hadSession { say("Listening for Jobs") } else if connection.isTold { say("Agent reconnected.") }
        logger.notice("a session is open", metadata: ["server": "\(settings.serverUrl)"])
        tellGuard("listening")
        // What was said to an earlier session is not said again.
        maintenance.wish()
        connection.isOpen = true
        connection.hadSession = true
        connection.isTold = false
        return nil
    }

    private func isRoost() async -> Bool {
        guard let info = try? await client.serverInfo() else { return false }
        return info.name?.lowercased() == "roost"
    }

    private func pollOnce(_ connection: inout Connection) async -> ServerTrouble? {
        // A poll that goes well is held by the server for long: whether it is back is asked first.
        if connection.isTold, let trouble = await whetherBack() { return trouble }
        if connection.isTold { say("Agent reconnected.") }
        connection.isTold = false
        let begin = ContinuousClock.now
        do throws(ClientError) {
            switch try await session.next() {
            case .message(let message):
                guard await hasRoom(for: message) else { return .sessionExpired }
                news.yield(.message(message))
            case .nothing: await rest(since: begin)
            case .noSession: return .sessionExpired
            }
            return nil
        } catch {
            // A poll that the server held longer than a client waits is an empty one.
            guard case .timedOut = error else { return ServerTrouble(error) }
            await rest(since: begin)
            return nil
        }
    }

    /// Why the server still does not answer; nil when it does, whatever it says.
    private func whetherBack() async -> ServerTrouble? {
        do throws(ClientError) {
            _ = try await client.serverInfo()
            return nil
        } catch {
            switch ServerTrouble(error) {
            case .passing(let reason): return .passing(reason)
            case .proxyRefuses(let reason): return .proxyRefuses(reason)
            default: return nil
            }
        }
    }

    private func rest(since begin: ContinuousClock.Instant) async {
        let pause = SessionRule.pause(afterEmptyPollOf: .now - begin, jitter: Double.random(in: 0...1))
        if pause > .zero { try? await Task.sleep(for: pause) }
    }

    /// Does what the rule says; false when it is over.
    private func recover(_ trouble: ServerTrouble, _ connection: inout Connection) async -> Bool {
        let course = connection.course(skipsRecovery: settings.skipSessionRecover == true)
        let verdict =
            connection.isOpen ? SessionRule.afterPolling(trouble, course) : SessionRule.afterOpening(trouble, course)
        switch verdict {
        case .renew:
            logger.notice("the session is renewed", metadata: ["reason": "\(trouble)"])
            connection.isOpen = false
        case .retry(let pause):
            logger.warning("the server is away", metadata: ["reason": "\(trouble)", "pause": "\(pause)"])
            if !connection.isTold {
                say("Agent connect error: \(trouble.words) Retrying until reconnected.")
                connection.isTold = true
            }
            try? await Task.sleep(for: pause)
        case .end(let exit, let reason):
            news.yield(.sessionEnded(exit, reason))
            return false
        }
        return true
    }

    // MARK: Capabilities

    func scan(asksVersions: Bool = true) async -> Capabilities {
        guard settings.skipCapabilitiesScan != true else { return [:] }
        let scan = CapabilityScan(
            root: listener.root,
            agentName: settings.agentName,
            environment: listener.jobEnvironment.values,
            isInteractive: !listener.options.isService,
            asksVersions: asksVersions,
            isIsolated: configuration.isolation?.isOn == true
        )
        let keptBack = scan.keptBack
        if !keptBack.isEmpty {
            logger.info(
                "variables that look secret are no capabilities",
                metadata: ["names": "\(keptBack.joined(separator: ","))"]
            )
        }
        var found = await scan.run()
        let folders = AgentFolders(root: listener.root.path, work: settings.workFolder)
        if listener.options.isGuarded { found["Roost.UpdateGuard"] = "on" }
        found["Roost.Platform"] = UpdateBlocker.platform
        found["Roost.UpdateBlocker"] = UpdateBlocker.reason(
            listener.root,
            listener.program,
            listener.options,
            listener.jobEnvironment.values
        )
        found["Agent.JobIsolation"] = configuration.isolation?.capability
        for (name, value) in slotFacts { found[name] = value }
        found[AgentDisk.capability] = AgentDisk(of: folders.work)?.text
        if let profile = PodmanProbe.lastFound(work: folders.work) { found["Roost.Containers"] = profile.summary }
        return found
    }

    /// A job has used or freed so much of the disk that the server is to know it.
    var hasOtherDisk: Bool {
        guard serverIsRoost.withLock({ $0 }), let known = told.withLock({ $0 }) else { return false }
        return AgentDisk(of: configuration.folders.work)?.text != known[AgentDisk.capability]
    }

    /// How many jobs this machine runs at once, and what each may use.
    private var slotFacts: [(String, String?)] {
        let limits = settings.limits
        return [
            ("Agent.Slots", settings.slots.map(String.init)),
            ("Agent.Slot", settings.slots == nil ? nil : listener.root.slotNumber.map(String.init)),
            ("Agent.LimitProcessors", limits?.milliProcessors.map(MachineSize.processors)),
            ("Agent.LimitMemoryMB", limits?.memory.map { String($0 >> 20) }),
            ("Agent.LimitProcesses", limits?.processes.map(String.init)),
        ]
    }

    /// A machine that was made for a job has it by then, and need not ask dozens of programs for their versions beside it.
    private static let timeToFirstJob = Duration.seconds(2)

    /// Waits for changes of tools and files as long as the listener runs.
    func watchCapabilities() async {
        guard settings.skipCapabilitiesScan != true else { return }
        if listener.options.isBoot, (try? await Task.sleep(for: Self.timeToFirstJob)) == nil { return }
        while !Task.isCancelled {
            let interests = CapabilityWatch.interests(root: listener.root, environment: listener.jobEnvironment)
            guard let watch = CapabilityWatch(interests) else {
                logger.warning("changes of tools are not noticed: the kernel gives no watch")
                return
            }
            // What changed while there was no watch is found by the scan this asks for.
            if told.withLock({ $0 != nil }) { news.yield(.capabilitiesChanged) }
            guard await watch.change() else { return }
        }
    }

    /// Looks again, and tells the server and the next worker when something is different.
    func rescan() async {
        await stock.change(environment: listener.jobEnvironment.values)
        let capabilities = await scan()
        guard told.withLock({ $0 != capabilities }) else { return }
        logger.notice("the capabilities have changed")
        guard serverIsRoost.withLock({ $0 }) else {
            // Azure DevOps takes them with a session only: the poll finds this one closed and opens another.
            await session.close()
            return
        }
        do throws(ClientError) {
            try await client.setSystemCapabilities(
                pool: settings.poolId,
                agent: settings.agentId,
                version: AgentVersion.level,
                capabilities.dictionary
            )
            told.withLock { $0 = capabilities }
        } catch {
            // The next session tells them.
            logger.warning("the capabilities could not be told", metadata: ["reason": "\(error.summary)"])
        }
    }
}

extension ServerTrouble {
    /// One sentence.
    var words: String {
        switch self {
        case .registrationGone(let text), .accessDenied(let text), .sessionConflict(let text), .clockSkew(let text),
            .leaseGone(let text), .proxyRefuses(let text), .passing(let text):
            text.hasSuffix(".") ? text : "\(text)."
        case .sessionExpired: "The session has ended."
        }
    }
}
