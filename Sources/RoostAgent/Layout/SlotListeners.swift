import Glibc
import RoostModel

/// The listeners of an agent with several slots: a process for each, started again when it fails, and this one, which ends with the last of them.
actor SlotListeners {
    private let root: AgentRoot
    private let program: AgentProgram
    private let words: [String]
    private let environment: [String: String]
    private let console: any AgentConsole
    private let service: ServiceManager?
    private var running: [Int: PipedProcess] = [:]
    private var pauses: [Int: Task<Void, Never>] = [:]
    private var isStopping = false

    /// A listener that fails at once again must not take the machine's time; that of a service unit.
    private static let pause = Duration.seconds(3)
    /// What does not pass by itself is looked at again so rarely.
    private static let longPause = Duration.seconds(60)

    /// - Parameters:
    ///   - root: the agent's folder, which has those of its slots.
    ///   - program: of the agent.
    ///   - words: what each listener is told besides its folder.
    ///   - environment: of this process, without what is its own.
    ///   - console: gets what the listeners say, each line with the number of its slot.
    ///   - service: the service manager that started this process.
    init(
        root: AgentRoot,
        program: AgentProgram,
        words: [String],
        environment: [String: String],
        console: any AgentConsole,
        service: ServiceManager?
    ) {
        self.root = root
        self.program = program
        self.words = words
        self.environment = environment
        self.console = console
        self.service = service
    }

    /// Runs them all until they have ended.
    ///
    /// - Parameter stops: each is handed on to all of them.
    /// - Returns: what the first that failed said; success when none did.
    /// - Throws: ``ConfigurationFailure`` when the agent cannot start at all.
    func run(stops: AsyncStream<ShutdownRequests.Request>) async throws(ConfigurationFailure) -> ListenerExit {
        let settings = try AgentFiles(root: root).settings()
        let slots = root.slots
        guard !slots.isEmpty else { throw .notConfigured(root.slot(1).path) }
        let lock = try ListenerLock(root)
        defer { lock.release() }
        try JobGroups.prepare(settings.limits, root)
        service?.tell("READY=1", "STATUS=\(slots.count) slots.")
        return await withTaskGroup(of: ListenerExit?.self) { group in
            group.addTask {
                for await _ in stops { await self.stop() }
                return nil
            }
            group.addTask {
                await self.showLife()
                return nil
            }
            for slot in slots { group.addTask { await self.keep(slot) } }
            var left = slots.count
            var result = ListenerExit.success
            while left > 0, let ended = await group.next() {
                guard let exit = ended else { continue }
                left -= 1
                if result == .success { result = exit }
            }
            group.cancelAll()
            return result
        }
    }

    private func stop() {
        isStopping = true
        for process in running.values { process.signal(SIGTERM) }
        for pause in pauses.values { pause.cancel() }
    }

    /// This process does nothing that could hang: each listener is looked after by a ``SlotPulse``.
    private func showLife() async {
        guard let patience = service?.patience else { return }
        while (try? await Task.sleep(for: patience / 3)) != nil { service?.tell("WATCHDOG=1") }
    }

    // MARK: One slot

    /// Keeps the listener of a slot running; gives its last end.
    private func keep(_ slot: AgentRoot) async -> ListenerExit {
        let number = slot.slotNumber ?? 0
        let pulse = SlotPulse(number, patience: service?.patience)
        defer { pulse?.end() }
        while true {
            guard !isStopping else { return .success }
            let exit: ListenerExit
            do throws(ProcessFailure) { exit = try await listen(slot, number, pulse) } catch {
                console.complain("[\(number)] The listener could not be started: \(error.description)")
                exit = .retryable
            }
            guard !isStopping, exit != .success else { return exit }
            guard await rest(number, after: exit) else { return isStopping ? .success : exit }
        }
    }

    private func listen(
        _ slot: AgentRoot,
        _ number: Int,
        _ pulse: SlotPulse?
    ) async throws(ProcessFailure) -> ListenerExit {
        let lines = LineSplitter { [console] line in console.say("[\(number)] \(line)") }
        let launch = program.inPlace(of: root).launch(
            ["run", "--root", slot.path, "--stopwithinput"] + words,
            environment: environment.merging(pulse?.environment ?? [:]) { $1 },
            directory: slot.path
        )
        let process = try PipedProcess(launch, receive: lines.receive)
        running[number] = process
        pulse?.watch(process)
        let end = await process.end.value
        running[number] = nil
        lines.finish()
        guard case .exited(let code) = end else { return .retryable }
        return ListenerExit(rawValue: code) ?? .retryable
    }

    /// Waits before a listener is started again; false when it is not to be.
    private func rest(_ number: Int, after exit: ListenerExit) async -> Bool {
        // When all of them fail in a way that stays, nobody is served by going on.
        if exit == .terminated, running.isEmpty {
            for pause in pauses.values { pause.cancel() }
            return false
        }
        let time = exit == .terminated ? Self.longPause : Self.pause
        let how = exit == .terminated ? " with an error that a restart alone does not change" : ""
        let seconds = time.components.seconds
        console.complain("[\(number)] The listener has ended\(how); it is started again in \(seconds) s.")
        let pause = Task { _ = try? await Task.sleep(for: time) }
        pauses[number] = pause
        await withTaskCancellationHandler {
            await pause.value
        } onCancel: {
            pause.cancel()
        }
        pauses[number] = nil
        return !pause.isCancelled
    }
}
