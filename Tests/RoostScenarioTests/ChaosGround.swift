import Foundation
import Glibc
import RoostAgent
import RoostClient
import RoostModel
import RoostTesting
import RoostWire
import Testing

/// A real server and real agents in processes of their own, which are started again whenever they are killed.
actor ChaosGround {
    private let folder: String
    private let mark: String
    private let unseenLines: Int
    private let port: Int
    private var random: SeededNumbers
    private var server: ChildProgram
    private var agents: [ChildProgram] = []
    private let client: RoostClient
    private let project: String
    /// What was killed, for the messages of failures.
    private var history: [String] = []
    private var kills = (server: 0, listener: 0, worker: 0)
    /// Runs that were active when a worker or listener was killed: their output may end early.
    private var disturbed: Set<Int> = []

    init(folder: String, mark: String, seed: UInt64, unseenLines: Int, agents count: Int) async throws {
        self.folder = folder
        self.mark = mark
        self.unseenLines = unseenLines
        random = SeededNumbers(seed: seed)
        port = try FreePort.take()
        try FileManager.default.createDirectory(atPath: "\(folder)/notes", withIntermediateDirectories: true)
        server = try await Self.startServer(folder, port, mark)
        let token = try String(contentsOfFile: "\(folder)/data/admin-token", encoding: .utf8)
            .trimmingCharacters(in: .whitespacesAndNewlines)
        client = try RoostClient(
            url: "http://127.0.0.1:\(port)/",
            credential: .personalToken(Secret(token)),
            options: ClientOptions(userAgent: "chaos")
        )
        project = try #require(try await client.projects().first?.name)
        for number in 1...count {
            let runner = AgentRunner(
                folder: "\(folder)/agent-\(number)",
                name: "chaos-\(number)",
                pool: "Default",
                serverURL: "http://127.0.0.1:\(port)/",
                program: AgentProgram(executable: "\(ChildProgram.buildFolder)/roost-agent"),
                // Jobs leave notes for the test in /tmp.
                isolation: .off
            )
            try await runner.configure(token: Secret(token))
            agents.append(try startAgent(number))
        }
        for agent in agents { try await agent.line(with: "Listening for Jobs") }
    }

    // MARK: Processes

    static func startServer(_ folder: String, _ port: Int, _ mark: String) async throws -> ChildProgram {
        let server = try ChildProgram(
            "roost",
            [
                "server", "--data", "\(folder)/data", "--port", String(port), "--session-expiry", "2s",
                "--assignment-lease", "5s", "--running-lease", "15s", "--log-level", "warning",
            ],
            environment: ["ROOST_CHAOS_MARK": mark],
            folder: folder
        )
        try await server.line(with: "Roost listens on")
        return server
    }

    private func startAgent(_ number: Int) throws -> ChildProgram {
        try ChildProgram(
            "roost-agent",
            ["run", "--root", "\(folder)/agent-\(number)", "--grace", "0"],
            environment: ["ROOST_CHAOS_MARK": mark],
            folder: folder
        )
    }

    func stop() async {
        for agent in agents { agent.send(SIGTERM) }
        for agent in agents { await agent.end() }
        await client.close()
        server.send(SIGTERM)
        await server.end()
    }

    // MARK: The game

    func play(runs: Int, repository: String) async throws {
        let pipeline = try #require(
            try await client.createDefinition(
                project: project,
                BuildDefinitionWire(
                    name: "chaos",
                    repository: BuildRepositoryWire(type: "Git", url: repository, defaultBranch: "main"),
                    process: BuildProcessWire(type: 2, yamlFilename: "azure-pipelines.yml"),
                    variables: ["CHAOS_NOTES": VariableValueWire(value: "\(folder)/notes", allowOverride: true)]
                )
            ).id
        )
        var queued: [Int] = []
        for _ in 0..<runs {
            let run = try await patiently { [client] in
                try await client.runPipeline(project: project, pipeline: pipeline, RunPipelineParametersWire())
            }
            queued.append(try #require(run.id))
            try await Task.sleep(for: .milliseconds(Int.random(in: 0...350, using: &random)))
            try await killSomething()
        }
        for run in queued { try await finish(run) }
        for run in queued { try await examine(run) }
        let life = try String(contentsOfFile: "\(folder)/notes/life", encoding: .utf8).split(separator: "\n")
        let starts = Dictionary(grouping: life.filter { $0.hasPrefix("start") }, by: { $0 }).mapValues(\.count)
        let ends = Dictionary(grouping: life.filter { $0.hasPrefix("end") }, by: { $0 }).mapValues(\.count)
        #expect(starts.values.allSatisfy { $0 == 1 }, "a job was begun twice: \(starts.filter { $0.value > 1 })")
        #expect(ends.values.allSatisfy { $0 == 1 })
        print(
            "chaos: \(runs) runs, killed \(kills.server) servers, \(kills.listener) listeners, \(kills.worker) workers; \(disturbed.count) jobs were under way"
        )
    }

    private func killSomething() async throws {
        switch Int.random(in: 0..<3, using: &random) {
        case 0:
            kills.server += 1
            history.append("server, active \(try await active())")
            server.send(SIGKILL)
            await server.end()
            server = try await Self.startServer(folder, port, mark)
        case 1:
            kills.listener += 1
            let index = Int.random(in: 0..<agents.count, using: &random)
            history.append("listener \(index + 1), active \(try await active())")
            disturbed.formUnion(try await active())
            agents[index].send(SIGKILL)
            await agents[index].end()
            disturbed.formUnion(try await active())
            agents[index] = try startAgent(index + 1)
        default:
            // A worker is a child of a listener; there may be none at this moment.
            let listeners = Set(agents.map(\.pid))
            let workers = Self.processes(with: mark).filter { listeners.contains($0.parent) }
            guard let worker = workers.randomElement(using: &random) else { return }
            disturbed.formUnion(try await active())
            kills.worker += 1
            history.append(
                "worker of \(agents.firstIndex { $0.pid == worker.parent } ?? -1), active \(try await active())"
            )
            kill(worker.pid, SIGKILL)
            // A job may have begun on it meanwhile.
            disturbed.formUnion(try await active())
        }
    }

    private func active() async throws -> [Int] {
        try await client.builds(project: project, status: "inProgress", top: 1000).compactMap(\.id)
    }

    /// Waits until a run is completed.
    private func finish(_ run: Int) async throws {
        while true {
            for try await event in try await client.runEvents(run) {
                guard event.name == "run",
                    let build = try? WireJSON.decode(BuildWire.self, from: Data(event.data.utf8)),
                    build.status == "completed"
                else { continue }
                return
            }
            if try await client.build(run).status == "completed" { return }
        }
    }

    private func examine(_ run: Int) async throws {
        let build = try await client.build(run)
        let records = try await client.buildTimeline(run).records ?? []
        let unfinished = records.filter { $0.state != "completed" }.map { $0.name ?? "" }
        #expect(unfinished.isEmpty, "run \(run) is completed, \(unfinished) are not")
        let notes = (try? String(contentsOfFile: "\(folder)/notes/\(run)", encoding: .utf8)) ?? ""
        let written = notes.split(separator: "\n").map(String.init)
        let log = records.first { $0.name == "talk" }?.log?.id
        var shown: [String] = []
        if let log { shown = try await client.buildLogLines(run, log: log) }
        let lines = shown.map { $0.split(separator: " ", maxSplits: 1).last.map(String.init) ?? "" }
            .filter { $0.hasPrefix("line ") }
        #expect(lines == Array(written.prefix(lines.count)), "run \(run): the log has a gap")
        if disturbed.contains(run) {
            // What was in the pipe when the worker was killed was never seen by the agent: the last moment's lines, more when other
            // tests keep it from the processor.
            #expect(
                written.count - lines.count <= unseenLines,
                "run \(run): \(lines.count) of \(written.count) lines; killed: \(history.filter { $0.contains("\(run)") })"
            )
        } else {
            let issues = records.flatMap { $0.issues ?? [] }.compactMap(\.message)
            #expect(
                build.result == "succeeded",
                "run \(run) was left alone and is \(build.result ?? "?"): \(issues); killed: \(history)"
            )
            #expect(lines.count == 30 && written.count == 30, "run \(run): \(lines.count) of \(written.count) lines")
        }
    }

    /// A request that comes while the server starts is made again.
    private func patiently<Value: Sendable>(_ request: @Sendable () async throws -> Value) async throws -> Value {
        do { return try await request() } catch {
            try await server.line(with: "Roost listens on")
            return try await request()
        }
    }

    // MARK: The system

    struct MarkedProcess: Sendable {
        var pid: Int32
        var parent: Int32
        var command: String
    }

    /// Processes that have the mark in their environment.
    static func processes(with mark: String) -> [MarkedProcess] {
        let entries = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return entries.compactMap { entry in
            guard let pid = Int32(entry),
                let environment = FileManager.default.contents(atPath: "/proc/\(pid)/environ"),
                environment.range(of: Data(mark.utf8)) != nil,
                let status = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8),
                let rest = status.split(separator: ")").last?.split(separator: " "), rest.count > 1, rest[0] != "Z"
            else { return nil }
            let command = (try? String(contentsOfFile: "/proc/\(pid)/cmdline", encoding: .utf8)) ?? ""
            return MarkedProcess(pid: pid, parent: Int32(rest[1]) ?? 0, command: command)
        }
    }
}
