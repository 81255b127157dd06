import Glibc
public import RoostModel
import Synchronization

/// Sets up and runs agents of this machine for another program, each in a process of its own.
public struct AgentRunner: Sendable {
    /// The agent's folder; made when it is not there.
    public var folder: String
    /// Name of the agent.
    public var name: String
    public var pool: String
    public var serverURL: String
    /// How to start the agent's program.
    public var program: AgentProgram
    /// How long a running job may go on after a request to stop.
    public var grace: Duration
    /// Whether it keeps its jobs apart; nil is as it was configured.
    public var isolation: IsolationMode?
    /// Folders that isolated jobs do not see, beside those of agents.
    public var hides: [String]
    /// Gets what the agent prints, line by line and without line ends.
    public var log: @Sendable (String) -> Void

    public init(
        folder: String,
        name: String,
        pool: String,
        serverURL: String,
        program: AgentProgram,
        grace: Duration = .seconds(10),
        isolation: IsolationMode? = nil,
        hides: [String] = [],
        log: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        self.folder = folder
        self.name = name
        self.pool = pool
        self.serverURL = serverURL
        self.program = program
        self.grace = grace
        self.isolation = isolation
        self.hides = hides
        self.log = log
    }

    /// Registers the agent, in the place of one of the same name; does nothing when its folder is configured already for the same address.
    ///
    /// - Parameters:
    ///   - token: a personal access token with the right to manage agent pools; it is used here and not kept.
    ///   - warmUp: a program that gets the machine ready before the agent takes jobs.
    ///   - upkeep: what stays on its disk, as ``UpkeepPolicy`` reads it.
    /// - Throws: ``ConfigurationFailure``.
    public func configure(
        token: Secret,
        warmUp: String? = nil,
        upkeep: String? = nil
    ) async throws(ConfigurationFailure) {
        let error = FileTree.make(folder, mode: 0o700)
        guard error == 0 else { throw .notWritable(path: folder, error: error) }
        let root = AgentRoot(folder)
        if root.isConfigured {
            guard isElsewhere(root) else { return }
            // The server has another address than before: what the agent knows of it is of no use any more.
            AgentFiles(root: root).deleteConfiguration()
        }
        var values = [
            "url": serverURL, "auth": "pat", "token": token.exposed, "pool": pool, "agent": name, "replace": "true",
            "unattended": "true", "keyprotection": "file",
        ]
        values["warmup"] = warmUp
        values["upkeep"] = upkeep
        values["isolation"] = isolation?.rawValue
        let setup = AgentSetup(
            root: root,
            inputs: AgentInputs(AgentCommandLine(verb: .configure, values: values), variables: [:]),
            console: LineConsole(log: log),
            environment: Self.environment()
        )
        try await setup.configure()
    }

    /// Whether the folder's agent was set up for another scheme, host or port.
    private func isElsewhere(_ root: AgentRoot) -> Bool {
        guard let known = try? AgentFiles(root: root).settings().serverUrl else { return true }
        return ServerURL.moved(known, to: serverURL) != known
    }

    /// Runs the agent until it ends or the task is cancelled, which asks it to stop; starts it again when it says that this may help.
    ///
    /// - Returns: how it ended.
    /// - Throws: ``ProcessFailure`` when it cannot be started.
    public func run() async throws -> ListenerExit {
        while true {
            let exit = try await runOnce()
            guard exit == .retryable, !Task.isCancelled else { return exit }
            log("The agent '\(name)' ended unexpectedly and is started again.")
            guard (try? await Task.sleep(for: Self.pauseBeforeRestart)) != nil else { return exit }
        }
    }

    /// An agent that fails at once again must not take the machine's time.
    private static let pauseBeforeRestart = Duration.seconds(2)
    /// What an agent needs after its grace: cancel, report, close the session.
    private static let leavingTime = Duration.seconds(75)

    private func runOnce() async throws -> ListenerExit {
        let lines = LineSplitter(log)
        var arguments = ["run", "--root", folder, "--grace", String(grace.components.seconds), "--stopwithinput"]
        if let isolation { arguments += ["--isolation", isolation.rawValue] }
        if !hides.isEmpty { arguments += ["--hide", hides.joined(separator: ":")] }
        let launch = program.launch(arguments, environment: Self.environment(), directory: folder)
        let process = try PipedProcess(launch, receive: lines.receive)
        let end = await withTaskCancellationHandler {
            await process.end.value
        } onCancel: {
            process.closeInput()
            let deadline = grace + Self.leavingTime
            Task {
                try? await Task.sleep(for: deadline)
                process.signal(SIGKILL)
            }
        }
        lines.finish()
        guard case .exited(let code) = end else { return .retryable }
        return ListenerExit(rawValue: code) ?? .retryable
    }

    private static func environment() -> [String: String] {
        ProcessEnvironment.own().filter { !AgentEnvironment.isOwn($0.key) }
    }
}

/// A console nobody sits at.
private struct LineConsole: AgentConsole {
    let log: @Sendable (String) -> Void

    func say(_ line: String) { line.split(whereSeparator: \.isNewline).forEach { log(String($0)) } }
    func complain(_ line: String) { say(line) }
    func ask(_ question: String, isSecret: Bool) -> String? { nil }
    func secretLine() -> String? { nil }
}

/// Makes lines of bytes that come in pieces.
final class LineSplitter: Sendable {
    /// A line that never ends is cut, so that it cannot fill the memory.
    private static let longest = 16 << 10
    private let rest = Mutex<[UInt8]>([])
    private let line: @Sendable (String) -> Void

    init(_ line: @escaping @Sendable (String) -> Void) { self.line = line }

    @Sendable func receive(_ bytes: UnsafeRawBufferPointer) {
        let lines = rest.withLock { rest -> [String] in
            var lines: [String] = []
            for byte in bytes {
                if byte == UInt8(ascii: "\n") || rest.count >= Self.longest {
                    lines.append(String(decoding: rest, as: UTF8.self))
                    rest.removeAll(keepingCapacity: true)
                }
                if byte != UInt8(ascii: "\n") { rest.append(byte) }
            }
            return lines
        }
        lines.forEach(line)
    }

    /// The last line may have no end.
    func finish() {
        let last = rest.withLock { rest in
            defer { rest = [] }
            return String(decoding: rest, as: UTF8.self)
        }
        if !last.isEmpty { line(last) }
    }
}
