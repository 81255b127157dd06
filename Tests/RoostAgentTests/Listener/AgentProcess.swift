import FoundationEssentials
import Glibc
import RoostModel
import RoostWire
import Testing

@testable import RoostAgent

/// A configured agent, run as the real executable against a scripted server.
struct AgentProcess {
    let server: ScriptedServer
    let root: AgentRoot
    let process: PipedProcess
    let printed: Watched<[String]>

    /// The executable beside the tests; nil when only the tests were built.
    static let executable: String? = {
        guard let own = FileTree.resolved("/proc/self/exe"), let slash = own.lastIndex(of: "/") else { return nil }
        let path = "\(own[..<slash])/roost-agent"
        return FileTree.isFile(path) ? path : nil
    }()

    /// Configures and starts an agent, waits until it listens, and ends it and all it started after the test.
    static func with(
        _ arguments: [String] = [],
        environment: [String: String] = ProcessEnvironment.own(),
        prepare: (ScriptedServer) -> Void = { _ in },
        _ body: (AgentProcess) async throws -> Void
    ) async throws {
        try await ScratchFolder.with { folder in
            try await ScriptedServer.with { server in
                prepare(server)
                try await runner(folder, server).configure(token: Secret(ScriptedServer.personToken))
                let agent = try start(folder, server, arguments, environment)
                defer { agent.process.signal(SIGKILL) }
                await server.state.wait { $0.polls > 0 }
                try await body(agent)
                agent.process.signal(SIGKILL)
                _ = await agent.process.end.value
                ProcessTree(mark: nil, takesAllAdopted: false).end(grace: .zero)
            }
        }
    }

    static func runner(_ folder: String, _ server: ScriptedServer) throws -> AgentRunner {
        let executable = try #require(executable)
        return AgentRunner(
            folder: folder,
            name: "build-01",
            pool: "linux",
            serverURL: server.url,
            program: AgentProgram(executable: executable),
            // Jobs and tests tell each other things through files in /tmp.
            isolation: .off
        )
    }

    static func start(
        _ folder: String,
        _ server: ScriptedServer,
        _ arguments: [String],
        _ environment: [String: String]
    ) throws -> AgentProcess {
        let printed = Watched<[String]>([])
        let lines = LineSplitter { line in printed.change { $0.append(line) } }
        let program = AgentProgram(executable: try #require(executable))
        let launch = program.launch(
            ["run", "--root", folder, "--stopwithinput"] + arguments,
            environment: environment,
            directory: folder
        )
        let process = try PipedProcess(launch, receive: lines.receive)
        return AgentProcess(server: server, root: AgentRoot(folder), process: process, printed: printed)
    }

    /// Waits for a line that has a text.
    func waitForLine(_ text: String) async { await printed.wait { $0.contains { $0.contains(text) } } }

    /// Waits for the end of a job; gives its event.
    func waitForEnd(_ number: Int = 1) async -> JobEventName {
        await server.state.wait { $0.events.count >= number }
        let event = server.state.value.events[number - 1]
        return JobEventName(name: event.name ?? "", result: event.result ?? "")
    }

    struct JobEventName: Hashable {
        var name: String
        var result: String
    }

    /// Workers of this agent: its children that were started as such.
    var workers: [pid_t] {
        ProcessEntry.all().filter { entry in
            guard entry.parent == process.pid, !entry.isZombie,
                let words = ProcFile.read("/proc/\(entry.pid)/cmdline", limit: 4096)
            else { return false }
            return words.split(separator: 0).dropFirst().first.map { String(decoding: $0, as: UTF8.self) } == "worker"
        }.map(\.pid)
    }

    /// The worker that has a job.
    var busyWorker: pid_t? {
        JobJournal.all(root).first?.worker?.pid
    }
}
