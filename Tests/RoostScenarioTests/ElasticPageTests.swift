import Foundation
import RoostClient
import RoostModel
import RoostProviders
import RoostTesting
import RoostWire
import Testing

@Suite("The page of an elastic pool")
struct ElasticPageTests {
    /// Real machines of this computer: sandboxes, or processes where it makes none.
    private static func provider(_ folder: String) async throws -> any MachineProvider {
        let keeper = KeeperProgram(executable: "\(ChildProgram.buildFolder)/roost")
        let agent = "\(ChildProgram.buildFolder)/roost-agent"
        let keys = AgentKeyStock { Secret(String(decoding: try AgentKey.generate().fileContent, as: UTF8.self)) }
        let sandbox = try SandboxProvider(
            folder: "\(folder)/sandbox",
            program: .agent(agent, authorityFile: nil),
            keeper: keeper,
            keys: keys
        )
        guard await sandbox.readiness().failure != nil else { return sandbox }
        return try ProcessProvider(folder: "\(folder)/process", program: .agent(agent), keeper: keeper, keys: keys)
    }

    @Test("it shows a pool go from none to ten machines and back, by itself, and takes what people ask for")
    func life() async throws {
        let most = 10
        let repository = try ScratchRepository([
            "azure-pipelines.yml":
                "pool: builds\nstrategy: { parallel: \(most + 2) }\nsteps:\n- checkout: none\n- script: sleep 600\n  displayName: Soak\n"
        ])
        defer { repository.remove() }
        let folder = try ScratchFolder()
        defer { folder.remove() }
        let provider = try await Self.provider(folder.path)
        try await TestCluster.with(dashboard: true, providers: ["machines": provider]) { cluster in
            var settings = ElasticSettingsWire()
            (settings.max, settings.standby, settings.idleDelaySeconds) = (most, 0, 1)
            var draft = RoostElasticPoolWire()
            (draft.name, draft.provider, draft.settings) = ("builds", "machines", settings)
            let pool = try #require(try await cluster.client.createElasticPool(draft).poolId)
            let watch = try ChildProgram(
                "roost",
                ["pool", "status", "builds", "--watch"],
                environment: ["ROOST_URL": cluster.address, "ROOST_TOKEN": cluster.token.exposed],
                folder: cluster.folder.path
            )
            defer { watch.send(SIGKILL) }
            try await watch.line(with: "0/0  no machines")
            let pipeline = try await cluster.pipeline(repository, name: "soak")
            let place = ProcessInfo.processInfo.environment["ROOST_SCREENSHOTS"] ?? "\(cluster.folder.path)/screens"
            let words = [place, "\(pool)", "\(pipeline.id)", "\(most)"]
            let seen = try await ClientProgramTests.python("elastic.py", words, cluster)
            #expect(seen["errors"] as? [String] == [])
            for step in ["empty", "asked", "paused", "resumed"] { #expect(seen[step] as? Bool == true, "\(step)") }
            #expect(seen["jobs"] as? Int == most)
            let reason = seen["whyNotMore"] as? String
            #expect(reason?.contains("All 10 machines that the pool may have are there") == true)
            #expect((seen["log"] as? Int ?? 0) >= most)
            #expect(try await cluster.client.elasticStatus(pool).machines.isEmpty)
            #expect(try FileManager.default.contentsOfDirectory(atPath: "\(folder.path)/sandbox/machines").isEmpty)
            try await watch.lines("the end of the last machine") { lines in
                lines.contains { $0.contains("10 busy") } && lines.last?.hasSuffix("  0/0  no machines") == true
            }
            watch.send(SIGINT)
            #expect(await watch.finished().code == 130)
            let lines = watch.lines.map { $0.drop { $0 != " " } }
            #expect(lines.contains { $0.hasPrefix("  10/10  10 busy, 2 waiting  No machine for 2 jobs") }, "\(lines)")
            #expect(zip(lines, lines.dropFirst()).allSatisfy { $0 != $1 }, "\(lines)")
        }
    }
}
