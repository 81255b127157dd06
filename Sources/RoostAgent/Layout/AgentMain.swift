import CRoostLinux
import Glibc
import Logging
import RoostClient
import RoostModel

/// The entry of the agent's executable, and of programs that hold the agent in themselves.
public enum AgentMain {
    /// Carries out a command line and ends the process with its exit code.
    ///
    /// The process must not have begun any asynchronous work: a template of workers copies itself, which only a process with one thread can do.
    ///
    /// - Parameters:
    ///   - words: without the program's name.
    ///   - program: how to start this program again, for listeners and workers.
    public static func start(_ words: [String], program: AgentProgram = .current()) -> Never {
        if words.first == WorkerTemplate.verb {
            WorkerTemplate.serve { begin([WorkerMain.verb] + words.dropFirst(), program) }
        }
        begin(words, program)
    }

    private static func begin(_ words: [String], _ program: AgentProgram) -> Never {
        if words.first?.lowercased() == ServiceCommand.word {
            let root = AgentRoot.find(
                executable: program.executable,
                named: ProcessEnvironment.own()["ROOST_AGENT_ROOT"]
            )
            exit(ServiceCommand.become(Array(words.dropFirst()), in: root))
        }
        let walls = WorkerMain.raiseWalls(words)
        Task.detached { exit(await run(words, program: program, walls: walls)) }
        // Nothing is left for this thread, which may be inside an event loop that a copy must not go on with.
        roost_rest()
    }

    /// Carries out a command line.
    ///
    /// - Parameters:
    ///   - words: without the program's name.
    ///   - program: how to start this program again, for listeners and workers.
    /// - Returns: the exit code; see ``ListenerExit``. A worker's is one of ``WorkerExit``.
    public static func run(_ words: [String], program: AgentProgram = .current()) async -> Int32 {
        await run(words, program: program, walls: nil)
    }

    private static func run(
        _ words: [String],
        program: AgentProgram,
        walls: Result<JobWalls, WallFailure>?
    ) async -> Int32 {
        if words.first == WorkerMain.verb {
            RoostClient.useOneThread()
            return await WorkerMain.run(walls: walls)
        }
        // Children of a listener must not inherit the standard state of signals from before this.
        let console = TerminalConsole()
        do throws(CommandLineFault) {
            let (inputs, environment) = try AgentInputs.take(words)
            if let answer = information(inputs) {
                console.say(answer)
                return ListenerExit.success.rawValue
            }
            try inputs.check()
            for notice in inputs.notices { console.complain(notice) }
            return await run(inputs, environment, program, console).rawValue
        } catch {
            complain(error, console)
            return ListenerExit.terminated.rawValue
        }
    }

    /// What `--help`, `--version` and `--commit` print.
    private static func information(_ inputs: AgentInputs) -> String? {
        if inputs.flag("help") { return AgentHelp.text(inputs.hasVerb ? inputs.verb : nil) }
        if inputs.flag("version") { return AgentVersion.level }
        return inputs.flag("commit") ? AgentVersion.roost : nil
    }

    private static func run(
        _ inputs: AgentInputs,
        _ environment: [String: String],
        _ program: AgentProgram,
        _ console: TerminalConsole
    ) async -> ListenerExit {
        let named = inputs.text("root") ?? environment["ROOST_AGENT_ROOT"]
        let root = AgentRoot.find(executable: program.executable, named: named)
        let setup = AgentSetup(root: root, inputs: inputs, console: console, environment: environment)
        do {
            switch inputs.verb {
            case .configure: try await configure(setup)
            case .remove: try await setup.remove()
            case .reauth: try await setup.reauthorize()
            case .boot: return try await boot(setup, program)
            // The latter has been taken care of when it is the first word.
            case .warmup, .service: break
            case .readSecret: try await setup.readSecret()
            case .machineFact: try await setup.machineFact()
            case .wake: try setup.wake()
            case .waitOnline: try await setup.waitOnline()
            case .doctor:
                let doctor = DoctorCommand(root: root, inputs: inputs, environment: environment, console: console)
                return try await doctor.run()
            case .upkeep:
                let upkeep = UpkeepCommand(root: root, inputs: inputs, environment: environment, console: console)
                return try await upkeep.run()
            case .diagnostics:
                try await DiagnosticsCommand(root: root, inputs: inputs, environment: environment, console: console)
                    .run()
            case .run: return try await listen(root, inputs, environment, program, console)
            }
            return .success
        } catch {
            complain(error, console)
            return error is any UserFacingError ? .terminated : .retryable
        }
    }

    /// Configures; a signal to stop undoes it and ends the process.
    private static func configure(_ setup: AgentSetup) async throws(ConfigurationFailure) {
        roost_hold_back_signals()
        let stops = ShutdownRequests(watchesInput: false).stream()
        let watch = Task.detached {
            // Questions block a thread, so that the configuration itself cannot be asked to stop.
            for await _ in stops {
                await setup.undo()
                setup.console.complain("\nInterrupted. Nothing of this attempt is left.")
                exit(ListenerExit.terminated.rawValue)
            }
        }
        defer { watch.cancel() }
        try await setup.withProxyPassword().configure()
    }

    /// Registers unless that was done before, and listens, in one process.
    private static func boot(_ setup: AgentSetup, _ program: AgentProgram) async throws -> ListenerExit {
        var hasOwnMachine = false
        if !setup.root.isConfigured {
            let joinings = AgentBoot.joinings()
            guard joinings.count < 2 else { return try await AgentSlots(joinings, setup, program).run() }
            let values = try AgentBoot.take(joinings.first ?? "", setup.inputs, setup.root)
            let error = FileTree.make(setup.root.path, mode: 0o700)
            guard error == 0 else { throw ConfigurationFailure.notWritable(path: setup.root.path, error: error) }
            try values.authority?.write()
            hasOwnMachine = values.hasOwnMachine
            let registering = AgentSetup(
                root: setup.root,
                inputs: values.inputs,
                console: setup.console,
                environment: setup.environment,
                givenKey: values.key,
                isBoot: true
            )
            try await registering.configure()
        }
        return try await listen(
            setup.root,
            setup.inputs,
            setup.environment,
            program,
            setup.console,
            isBoot: true,
            hasOwnMachine: hasOwnMachine
        )
    }

    private static func listen(
        _ root: AgentRoot,
        _ inputs: AgentInputs,
        _ environment: [String: String],
        _ program: AgentProgram,
        _ console: any AgentConsole,
        isBoot: Bool = false,
        hasOwnMachine: Bool = false
    ) async throws -> ListenerExit {
        var options = try listenerOptions(inputs)
        (options.isBoot, options.hasOwnMachine) = (isBoot, hasOwnMachine)
        roost_hold_back_signals()
        // Jobs have no business with the service manager.
        let service = ServiceManager(environment: environment)
        for name in ServiceManager.variables { roost_forget_environment("\(name)=") }
        let own = environment.filter { !ServiceManager.variables.contains($0.key) }
        let desk = UpdateDesk()
        let watchesInput = options.isGuarded || inputs.flag("stopwithinput")
        let requests = ShutdownRequests(watchesInput: watchesInput, takesLines: options.isGuarded)
        // A slot says too of how many it is one.
        if root.slotNumber == nil, (try? AgentFiles(root: root).settings())?.slots != nil {
            let slots = SlotListeners(
                root: root,
                program: program,
                words: inputs.runOptions(flags: ["once", "debug"]),
                environment: own,
                console: console,
                service: service
            )
            return try await slots.run(stops: requests.stream())
        }
        let listener = AgentListener(
            root: root,
            program: program,
            options: options,
            environment: own,
            console: console,
            service: service,
            desk: desk
        )
        var exit = try await listener.run(stops: requests.stream())
        // A version that was withdrawn when it was ready: this one goes on.
        while exit == .updating, !options.isGuarded, desk.prepared == nil {
            exit = try await listener.run(stops: requests.stream())
        }
        guard exit == .updating, !options.isGuarded, let update = desk.take() else { return exit }
        let watch = UpdateGuard(
            root: root,
            update: update,
            words: ["run", "--root", root.path] + inputs.runOptions(flags: ["debug", "stopwithinput"]),
            environment: own,
            console: console,
            service: service,
            logger: DiagnosticLog.logger(root: root, level: .info)
        )
        if let code = await watch.run(stops: requests.stream()) { return ListenerExit(rawValue: code) ?? .retryable }
        let forManager = environment.filter { ServiceManager.variables.contains($0.key) }
        return ListenerExit(rawValue: watch.become(forManager)) ?? .retryable
    }

    private static func listenerOptions(_ inputs: AgentInputs) throws(CommandLineFault) -> ListenerOptions {
        var options = ListenerOptions(runsOnce: inputs.flag("once"), isVerbose: inputs.flag("debug"))
        if let text = inputs.text("grace") {
            guard let seconds = Int(text), seconds >= 0 else {
                throw .invalidValue("grace", text, expected: "a number of seconds")
            }
            options.grace = .seconds(seconds)
        }
        options.isGuarded = inputs.flag("guarded")
        options.isolation = try isolation(inputs)
        options.hides = hiddenFolders(inputs)
        options.upkeep = try upkeep(inputs)
        switch inputs.text("startuptype")?.lowercased() {
        case nil, "manual": break
        case "service", "autostartup": options.isService = true
        case let kind?: throw .invalidValue("startuptype", kind, expected: "manual, service or autostartup")
        }
        return options
    }

    /// The value of `--isolation`.
    static func isolation(_ inputs: AgentInputs) throws(CommandLineFault) -> IsolationMode? {
        guard let word = inputs.text("isolation") else { return nil }
        guard let mode = IsolationMode(rawValue: word.lowercased()) else {
            throw .invalidValue("isolation", word, expected: "auto, always or off")
        }
        return mode
    }

    /// The value of `--upkeep`.
    static func upkeep(_ inputs: AgentInputs) throws(CommandLineFault) -> UpkeepPolicy? {
        guard let text = inputs.text("upkeep") else { return nil }
        do throws(UpkeepPolicy.Fault) { return try UpkeepPolicy(parsing: text) } catch {
            throw .invalidValue("upkeep", text, expected: "a policy; \(error.description)")
        }
    }

    /// Those of `--hide`.
    static func hiddenFolders(_ inputs: AgentInputs) -> [String] {
        (inputs.text("hide") ?? "").split(separator: ":").map(String.init)
    }

    private static func complain(_ error: any Error, _ console: TerminalConsole) {
        guard let known = error as? any UserFacingError else {
            console.complain("Something went wrong that nobody expected: \(error)")
            return
        }
        console.complain([known.location.map { "\($0):" }, known.summary].compactMap { $0 }.joined(separator: " "))
        if let advice = known.advice { console.complain(advice) }
    }
}
