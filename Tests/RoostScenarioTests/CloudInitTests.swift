import Foundation
import RoostClient
import RoostModel
import RoostServer
import RoostTesting
import RoostWire
import Testing
import Yams

@Suite("What machines are told when they first start, and what is found on them", .timeLimit(.minutes(3)))
struct CloudInitTests {
    private struct Config: Decodable {
        struct File: Decodable { var path: String, permissions: String, content: String }
        var packages: [String]?
        var write_files: [File]
        var runcmd: [String]
    }

    private static func roost(_ cluster: TestCluster, _ words: String...) async throws -> (code: Int32, output: String)
    {
        let environment = ["ROOST_URL": cluster.address, "ROOST_TOKEN": cluster.token.exposed, "NO_COLOR": "1"]
        return try await ChildProgram("roost", words, environment: environment, folder: cluster.folder.path).finished()
    }

    @Test("user data has what the agent in an image reads, in a file of root, with a token of its own")
    func plain() async throws {
        try await TestCluster.with { cluster in
            let (code, output) = try await Self.roost(cluster, "pool", "cloud-init", "Default", "--uses", "2")
            try #require(code == 0 && output.hasPrefix("#cloud-config\n"), "\(output)")
            let config = try YAMLDecoder().decode(Config.self, from: output)
            let file = try #require(config.write_files.first)
            #expect(file.path == "/run/roost/boot" && file.permissions == "0600" && config.packages == nil)
            let lines = file.content.split(separator: "\n").map(String.init)
            #expect(lines.first.map { cluster.address.hasPrefix($0.dropFirst("ROOST_URL=".count)) } == true)
            #expect(lines.last == "ROOST_POOL=Default")
            let token = try #require(lines.first { $0.hasPrefix("ROOST_TOKEN=") }?.dropFirst("ROOST_TOKEN=".count))
            #expect(!output.contains(cluster.token.exposed) && !config.runcmd.joined().contains(token))
            let tokens = try await cluster.client.enrollmentTokens(pool: cluster.defaultPool.id.rawValue)
            #expect(tokens.map(\.uses) == [2])
        }
    }

    @Test(
        "an image without an agent gets it from an archive that is checked; containers come without a group or a socket"
    )
    func archive() async throws {
        try await TestCluster.with { cluster in
            let folder = "\(cluster.folder.path)/it's"
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            let sum = String(repeating: "a", count: 64)
            let (code, output) = try await Self.roost(
                cluster,
                "pool",
                "cloud-init",
                "Default",
                "--agent-archive",
                "https://files.example.org/it's/agent.tar?x=1",
                "--agent-sha256",
                sum,
                "--containers",
                "--user",
                "build"
            )
            try #require(code == 0, "\(output)")
            let config = try YAMLDecoder().decode(Config.self, from: output)
            #expect(config.packages?.contains("podman") == true)
            let all = config.runcmd.joined(separator: "\n")
            #expect(!all.contains("docker") && !all.contains("sudo") && !all.contains("groupadd"))
            // Each is a line that a shell takes, and the address is one word of it.
            for line in config.runcmd { #expect(try ShortCommand.run(["sh", "-n", "-c", line]).code == 0, "\(line)") }
            #expect(all.contains("'https://files.example.org/it'\\''s/agent.tar?x=1'") && all.contains("echo '\(sum)"))

            for wrong in [
                ["--agent-archive", "https://a/b"], ["--user", "a b"], ["--address", "ftp://a"],
                ["--agent", "a", "--uses", "2"],
            ] {
                let refused = try await ChildProgram(
                    "roost",
                    ["pool", "cloud-init", "Default"] + wrong,
                    environment: ["ROOST_URL": cluster.address, "ROOST_TOKEN": cluster.token.exposed],
                    folder: cluster.folder.path
                ).finished()
                #expect(refused.code == 64, "\(refused.output)")
            }
        }
    }

    @Test("what makes jobs root of a machine is shown with its agent, and what to do instead")
    func findings() async throws {
        try await TestCluster.with { cluster in
            let agent = try await SimulatedAgent(
                cluster: cluster.address,
                registrar: cluster.client,
                pool: try cluster.defaultPool.id.rawValue,
                name: "open",
                capabilities: [
                    AgentFinding.capability: "engine-socket-open-to-all, something-new, sudo-without-password"
                ]
            )
            let (code, output) = try await Self.roost(cluster, "agent", "show", "open")
            #expect(code == 0)
            for finding in [AgentFinding.openSocket, .freeSudo] {
                #expect(output.contains(finding.summary) && output.contains(finding.advice), "\(output)")
            }
            #expect(!output.contains(AgentFinding.engineGroup.summary))
            await agent.close()
        }
    }
}
