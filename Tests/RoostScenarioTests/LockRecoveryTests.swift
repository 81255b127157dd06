import Foundation
import Glibc
import RoostAgent
import RoostClient
import RoostModel
import RoostTesting
import RoostWire
import Testing

/// Locks and approvals are rows: a server that is killed knows them again, and nobody slips past them meanwhile.
@Suite("Locks and approvals over the end of the server", .serialized, .timeLimit(.minutes(6)))
struct LockRecoveryTests {
    private static func yaml(_ lock: String) -> String {
        """
        lockBehavior: \(lock)
        stages:
        - stage: Ship
          jobs:
          - deployment: Web
            environment: production
            strategy:
              runOnce:
                deploy:
                  steps:
                  - bash: |
                      echo "begin $(Build.BuildId)" >> "$NOTES/life"
                      until [ -e "$NOTES/go-$(Build.BuildId)" ]; do sleep 0.05; done
                      echo "end $(Build.BuildId)" >> "$NOTES/life"
        """
    }

    @Test(
        "a lock is held over the server's end and passes on in the order that the file asks for",
        arguments: [("sequential", [0, 1, 2], "succeeded"), ("runLatest", [0, 2], "canceled")]
    )
    func lock(behavior: String, order: [Int], second: String) async throws {
        try await LockGround.with(Self.yaml(behavior), check: .init(name: "ExclusiveLock")) { ground in
            var runs = [try await ground.queue(), try await ground.queue()]
            try await ground.until(runs[0]) { _ in ground.life == ["begin \(runs[0])"] }
            try await ground.until(runs[1]) { $0["Checkpoint.ExclusiveLock"] == "inProgress" }
            try await ground.killServer()
            // The lock is held by the first still, which its agent goes on with.
            #expect(try await ground.records(runs[1])["Checkpoint.ExclusiveLock"] == "inProgress")
            runs.append(try await ground.queue())
            try await ground.until(runs[2]) { $0["Checkpoint.ExclusiveLock"] == "inProgress" }
            #expect(ground.life == ["begin \(runs[0])"])
            try await ground.killServer()
            #expect(ground.life == ["begin \(runs[0])"])
            for run in order.map({ runs[$0] }) {
                try await ground.until(run) { _ in ground.life.last == "begin \(run)" }
                ground.go(run)
                #expect(try await ground.result(run) == "succeeded")
            }
            #expect(try await ground.result(runs[1]) == second)
            #expect(ground.life == order.flatMap { ["begin \(runs[$0])", "end \(runs[$0])"] })
        }
    }

    @Test("an approval that was asked for before the server's end can be given after it")
    func approval() async throws {
        let settings = CheckSettingsWire(approvers: [IdentityWire(displayName: "admin")])
        try await LockGround.with(Self.yaml("sequential"), check: .init(name: "Approval"), settings) { ground in
            let run = try await ground.queue()
            try await ground.until(run) { $0["Checkpoint.Approval"] == "inProgress" }
            let before = try #require(try await ground.client.approvals(run: run).first)
            try await ground.killServer()
            let after = try #require(try await ground.client.approvals(run: run).first)
            #expect(after == before)
            #expect(ground.life.isEmpty)
            let decided = try await ground.client.decide(
                approval: try #require(after.id),
                isApproved: true,
                comment: "after all"
            )
            #expect(decided?.status == "approved")
            try await ground.killServer()
            try await ground.until(run) { _ in ground.life == ["begin \(run)"] }
            ground.go(run)
            #expect(try await ground.result(run) == "succeeded")
            let kept = try await ground.client.approvals(isPending: false, run: run)
            #expect(kept.map(\.status) == ["approved"])
            #expect(kept.first?.steps?.first?.comment == "after all")
        }
    }
}

/// A server and two agents in processes of their own, a protected environment, and a pipeline that deploys to it.
private actor LockGround {
    nonisolated let client: RoostClient
    private nonisolated let folder: String
    private let port: Int
    private let mark: String
    private var server: ChildProgram
    private let project: String
    private let pipeline: Int

    static func with(
        _ yaml: String,
        check: CheckConfigurationWire.Kind,
        _ settings: CheckSettingsWire? = nil,
        _ body: (LockGround) async throws -> Void
    ) async throws {
        let repository = try ScratchRepository(["azure-pipelines.yml": yaml])
        defer { repository.remove() }
        let folder = try ScratchFolder()
        defer { folder.remove() }
        let port = try FreePort.take()
        let mark = "locks-\(UUID().uuidString)"
        let server = try await ChaosGround.startServer(folder.path, port, mark)
        let token = try String(contentsOfFile: "\(folder.path)/data/admin-token", encoding: .utf8)
            .trimmingCharacters(in: .whitespacesAndNewlines)
        let client = try RoostClient(
            url: "http://127.0.0.1:\(port)/",
            credential: .personalToken(Secret(token)),
            options: ClientOptions(userAgent: "locks")
        )
        let ground: LockGround
        var agents: [ChildProgram] = []
        do {
            let made = try await prepare(client, repository.path, folder.path, check, settings)
            ground = LockGround(client, folder.path, port, mark, server, project: made.project, pipeline: made.pipeline)
            for number in 1...2 { agents.append(try await startAgent(number, folder.path, port, Secret(token), mark)) }
        } catch {
            await end(agents, client, server)
            throw error
        }
        let outcome: Result<Void, any Error>
        do { outcome = .success(try await body(ground)) } catch { outcome = .failure(error) }
        await end(agents, client, ground.server)
        #expect(ChaosGround.processes(with: mark).isEmpty)
        try outcome.get()
    }

    private init(
        _ client: RoostClient,
        _ folder: String,
        _ port: Int,
        _ mark: String,
        _ server: ChildProgram,
        project: String,
        pipeline: Int
    ) {
        self.client = client
        self.folder = folder
        self.port = port
        self.mark = mark
        self.server = server
        self.project = project
        self.pipeline = pipeline
    }

    // MARK: Making

    private static func prepare(
        _ client: RoostClient,
        _ repository: String,
        _ folder: String,
        _ check: CheckConfigurationWire.Kind,
        _ settings: CheckSettingsWire?
    ) async throws -> (project: String, pipeline: Int) {
        let project = try #require(try await client.projects().first?.name)
        let environment = try await client.createEnvironment(project: project, EnvironmentWire(name: "production"))
        _ = try await client.createCheck(
            project: project,
            CheckConfigurationWire(
                type: check,
                settings: settings,
                resource: .init(type: "environment", id: "\(environment.id ?? 0)")
            )
        )
        let pipeline = try await client.createDefinition(
            project: project,
            BuildDefinitionWire(
                name: "ship",
                repository: BuildRepositoryWire(type: "Git", url: repository, defaultBranch: "main"),
                process: BuildProcessWire(type: 2, yamlFilename: "azure-pipelines.yml"),
                variables: ["NOTES": VariableValueWire(value: "\(folder)/notes")]
            )
        )
        try FileManager.default.createDirectory(atPath: "\(folder)/notes", withIntermediateDirectories: true)
        return (project, try #require(pipeline.id))
    }

    private static func startAgent(
        _ number: Int,
        _ folder: String,
        _ port: Int,
        _ token: Secret,
        _ mark: String
    ) async throws -> ChildProgram {
        let runner = AgentRunner(
            folder: "\(folder)/agent-\(number)",
            name: "locks-\(number)",
            pool: "Default",
            serverURL: "http://127.0.0.1:\(port)/",
            program: AgentProgram(executable: "\(ChildProgram.buildFolder)/roost-agent"),
            // Jobs and the test tell each other things through files in /tmp.
            isolation: .off
        )
        try await runner.configure(token: token)
        let agent = try ChildProgram(
            "roost-agent",
            ["run", "--root", "\(folder)/agent-\(number)", "--grace", "0"],
            environment: ["ROOST_CHAOS_MARK": mark],
            folder: folder
        )
        try await agent.line(with: "Listening for Jobs")
        return agent
    }

    private static func end(_ agents: [ChildProgram], _ client: RoostClient, _ server: ChildProgram) async {
        for agent in agents { agent.send(SIGTERM) }
        for agent in agents { await agent.end() }
        await client.close()
        server.send(SIGTERM)
        await server.end()
    }

    // MARK: Acting

    func killServer() async throws {
        server.send(SIGKILL)
        await server.end()
        server = try await ChaosGround.startServer(folder, port, mark)
    }

    func queue() async throws -> Int {
        let run = try await client.runPipeline(project: project, pipeline: pipeline, RunPipelineParametersWire())
        return try #require(run.id)
    }

    nonisolated func go(_ run: Int) {
        _ = FileManager.default.createFile(atPath: "\(folder)/notes/go-\(run)", contents: nil)
    }

    // MARK: Looking

    /// What the jobs wrote.
    nonisolated var life: [String] {
        let text = (try? String(contentsOfFile: "\(folder)/notes/life", encoding: .utf8)) ?? ""
        return text.split(separator: "\n").map(String.init)
    }

    /// States of a run's records by their kind.
    func records(_ run: Int) async throws -> [String: String] {
        let records = try await client.buildTimeline(run).records ?? []
        return Dictionary(records.map { ($0.type ?? "", $0.state ?? "") }) { first, _ in first }
    }

    /// Waits until something holds, looking at each change of a run.
    func until(_ run: Int, _ holds: ([String: String]) -> Bool) async throws {
        while true {
            if holds(try await records(run)) { return }
            for try await _ in try await client.runEvents(run) where holds(try await records(run)) { return }
            if holds(try await records(run)) { return }
            guard try await client.build(run).status != "completed" else {
                throw TestFailure("run \(run) ended before it held; life is \(life)")
            }
        }
    }

    func result(_ run: Int) async throws -> String {
        while true {
            let build = try await client.build(run)
            if build.status == "completed" { return build.result ?? "" }
            for try await event in try await client.runEvents(run) where event.name == "run" {
                guard try await client.build(run).status != "completed" else { break }
            }
        }
    }
}
