import CRoostLinux
import Glibc

/// The agents of a machine that runs several jobs at once: one process for each, in folders side by side, and this one, which ends with the last of them.
struct AgentSlots: Sendable {
    /// What each joins, as lines.
    let joinings: [String]
    let program: AgentProgram
    let root: AgentRoot
    /// Words that each gets besides its folder.
    let words: [String]
    let environment: [String: String]

    init(_ joinings: [String], _ setup: AgentSetup, _ program: AgentProgram) {
        self.joinings = joinings
        self.program = program
        root = setup.root
        environment = setup.environment
        words = ["sslcacert", "isolation", "hide", "upkeep", "grace"].flatMap { name in
            setup.inputs.text(name).map { ["--\(name)", $0] } ?? []
        }
    }

    /// A child that does not read what it joins is not one of ours.
    private static let patience = Duration.seconds(30)

    /// Starts all agents and waits for their ends; signals to stop are handed on.
    ///
    /// - Returns: what the first that failed said; success when none did.
    /// - Throws: ``ConfigurationFailure``, ``ProcessFailure`` when one cannot be started, or what its input meets; the end of this process then ends the others.
    func run() async throws -> ListenerExit {
        let error = FileTree.make(root.path, mode: 0o700)
        guard error == 0 else { throw ConfigurationFailure.notWritable(path: root.path, error: error) }
        roost_hold_back_signals()
        var processes: [PipedProcess] = []
        for (index, joining) in joinings.enumerated() {
            processes.append(try await start(joining, slot: index + 1))
        }
        let children = processes
        let stops = ShutdownRequests(watchesInput: false).stream()
        let handing = Task.detached { for await _ in stops { for child in children { child.signal(SIGTERM) } } }
        defer { handing.cancel() }
        var result = ListenerExit.success
        for child in children {
            let code = ProcessOutcome(end: await child.end.value).exitCode
            if result == .success, code != 0 { result = ListenerExit(rawValue: code) ?? .retryable }
        }
        return result
    }

    private func start(_ joining: String, slot: Int) async throws -> PipedProcess {
        let launch = program.launch(
            ["boot", "--root", "\(root.path)/\(slot)"] + words,
            environment: environment,
            directory: root.path
        )
        let process = try PipedProcess(launch) { bytes in
            // The machine's console has the lines of all; one that is full loses some, and no agent waits for it.
            _ = Glibc.write(1, bytes.baseAddress, bytes.count)
        }
        try await process.write(Array(joining.utf8), patience: Self.patience)
        process.closeInput()
        return process
    }
}
