import Foundation
import RoostClient
import RoostModel
import RoostServer
import RoostTesting
import RoostWire
import Synchronization
import Testing

/// Where outcomes come together.
final class OutcomeBox: Sendable {
    private let state = Mutex((beside: WallOutcomes(log: ""), after: WallOutcomes(log: "")))
    var beside: WallOutcomes {
        get { state.withLock { $0.beside } }
        set { state.withLock { $0.beside = newValue } }
    }
    var after: WallOutcomes {
        get { state.withLock { $0.after } }
        set { state.withLock { $0.after = newValue } }
    }
}

/// Two pipelines of two projects: the first has secrets and runs on the agent `a`; the second looks for them, on `b` beside it and on `a` after it.
struct WallStage: Sendable {
    let ground: WallGround
    /// Addresses of the repositories.
    let first: String
    let second: String
    let repository: ScratchRepository

    private var cluster: TestCluster { ground.cluster }

    /// What the first job has of the server.
    func prepare() async throws {
        let client = cluster.client
        try await cluster.plane.createProject(name: "one", description: "", by: .system)
        let vault = try await client.createVault(VaultWire(name: "team"))
        for pool in ["first", "second"] { _ = try await cluster.plane.createPool(name: pool, by: .system) }
        _ = try await client.grant(.init(grantee: "pool:first", rights: ["get"]), in: "team")
        _ = try await client.setSecret("kept", SecretWire(value: "\(WallScripts.mark)vault"), in: vault)
        _ = try await client.createVariableGroup(
            project: "one",
            VariableGroupWire(
                name: "from-vault",
                type: "AzureKeyVault",
                variables: ["kept": VariableValueWire(isSecret: true)],
                providerData: .init(vault: "team")
            )
        )
        let keys = try ScratchFolder()
        defer { keys.remove() }
        try keys.write("\(WallScripts.mark)secure-file\n", to: "hush.txt")
        _ = try ShortCommand.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", "\(keys.path)/key.pem"])
        for name in ["hush.txt", "key.pem"] {
            _ = try await client.addSecureFile(project: "one", name: name, file: "\(keys.path)/\(name)")
        }
        for pipe in ["ready", "go"] { try ground.makePipe(pipe) }
    }

    func play(into box: OutcomeBox) async throws {
        let endpoint = try await MachineDoor.open(ground)
        defer { endpoint?.close() }
        let one = try cluster.plane.project("one")
        let pipeline = try await self.pipeline("first", in: one.id, url: first, path: "azure-pipelines.yml")
        let run = try await cluster.queue(pipeline)
        let word = try await ground.read("ready")
        guard word.contains("ready") else {
            throw TestFailure("the first job did not come that far: \(try await cluster.output(of: run.id))")
        }
        let token = try String(contentsOfFile: "\(ground.home)/token-of-first", encoding: .utf8)
        try await expectKnown(run.id)
        let beside = try await look("second", "beside", run.id, endpoint)
        try await expectBounds(of: token, own: run.id, other: beside.run)
        try await ground.write("go")
        let view = try await cluster.finished(run.id)
        let output = try await cluster.output(of: run.id)
        #expect(view.run.state == .completed(.succeeded), "\(output)")
        // Its survivors have gone with it, and its token is good for nothing.
        #expect(try ground.processes(with: "\(WallScripts.mark)command-line") == [])
        #expect(try await status("\(cluster.address)one/_apis/build/builds/\(run.id)?api-version=7.1", token) == 401)
        box.beside = beside.outcomes
        box.after = try await look("first", "after", run.id, endpoint).outcomes
    }

    private func pipeline(_ name: String, in project: ProjectID, url: String, path: String) async throws -> Pipeline {
        try await cluster.plane.createPipeline(
            name: name,
            project: project,
            repository: PipelineRepository(url: url, name: name, defaultBranch: "refs/heads/main"),
            yamlPath: path,
            by: .system
        )
    }

    private func look(
        _ pool: String,
        _ when: String,
        _ first: RunID,
        _ endpoint: MachineDoor?
    ) async throws -> (run: RunID, outcomes: WallOutcomes) {
        let yaml = WallScripts.second(
            pool: pool,
            other: ground.root("a"),
            when: when,
            run: first.rawValue,
            endpoint: endpoint?.url ?? ""
        )
        try repository.commit(["\(when).yml": yaml], when)
        let project = try #require(cluster.plane.projects().first { $0.name != "one" })
        let pipeline = try await self.pipeline(when, in: project.id, url: second, path: "\(when).yml")
        let run = try await cluster.queue(pipeline)
        _ = try await cluster.finished(run.id)
        let output = try await cluster.output(of: run.id)
        var outcomes = WallOutcomes(log: output)
        #expect(!outcomes.values.isEmpty, "\(output)")
        let uploaded = try await cluster.plane.attachments(run: run.id, type: "DistributedTask.Core.FileAttachment")
        outcomes.values["upload"] = uploaded.isEmpty ? "no" : "read"
        return (run.id, outcomes)
    }

    /// What the looking script asks the server for is there: an administrator gets it.
    private func expectKnown(_ run: RunID) async throws {
        for (path, text) in [
            ("build/builds/\(run)/artifacts", "things"), ("build/builds/\(run)/logs", "\"count\""),
            ("distributedtask/variablegroups", "kept"), ("distributedtask/securefiles", "hush.txt"),
        ] {
            let (_, output) = try await ShortCommand.runAside(
                ["curl", "-s", "-H", "@-", "\(cluster.address)one/_apis/\(path)?api-version=7.1"],
                input: Data("Authorization: Bearer \(cluster.token.exposed)\n".utf8)
            )
            #expect(String(decoding: output, as: UTF8.self).contains(text), "\(path)")
        }
    }

    /// A job's token opens its own run, and the timeline of no other.
    private func expectBounds(of token: String, own: RunID, other: RunID) async throws {
        let path = "_apis/build/builds"
        #expect(try await status("\(cluster.address)one/\(path)/\(own)?api-version=7.1", token) == 200)
        let projects = cluster.plane.projects().filter { $0.name != "one" }
        let name = try #require(projects.first?.name)
        let refused = try await status("\(cluster.address)\(name)/\(path)/\(other)/timeline?api-version=7.1", token)
        #expect([403, 404].contains(refused), "\(refused)")
    }

    private func status(_ url: String, _ token: String) async throws -> Int {
        let (_, output) = try await ShortCommand.runAside(
            ["curl", "-s", "-o", "/dev/null", "-w", "%{http_code}", "-H", "@-", url],
            input: Data("Authorization: Bearer \(token)\n".utf8)
        )
        return Int(String(decoding: output, as: UTF8.self)) ?? 0
    }
}
