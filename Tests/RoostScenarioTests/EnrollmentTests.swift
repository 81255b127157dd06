import Foundation
import Glibc
import RoostClient
import RoostModel
import RoostServer
import RoostTesting
import RoostWire
import Testing

@Suite("Joining a pool without a person", .timeLimit(.minutes(6)))
struct EnrollmentTests {
    private static func token(_ cluster: TestCluster, uses: Int) async throws -> (id: UUID, text: String) {
        let pool = try cluster.defaultPool.id.rawValue
        let made = try await cluster.client.createEnrollmentToken(pool: pool, EnrollmentTokenWire(uses: uses))
        return (try #require(made.id), try #require(made.token))
    }

    private static func arguments(_ cluster: TestCluster, _ name: String, pool: String = "Default") -> [String] {
        ["--unattended", "--url", cluster.address, "--auth", "pat", "--pool", pool, "--agent", name]
    }

    private static func names(_ cluster: TestCluster) throws -> [String] {
        try cluster.plane.agents(in: cluster.defaultPool.id).map(\.agent.name).sorted()
    }

    @Test("a token of two uses lets two agents in; the third is told why not, and leaves nothing behind")
    func uses() async throws {
        try await TestCluster.with { cluster in
            let token = try await Self.token(cluster, uses: 2)
            for name in ["one", "two"] {
                let folder = try AgentFolder("\(cluster.folder.path)/\(name)")
                let given = ["VSTS_AGENT_INPUT_TOKEN": token.text]
                let done = try await folder.configure(Self.arguments(cluster, name), environment: given)
                #expect(done.code == 0, "\(done.output)")
                #expect(folder.files(with: token.text) == [])
                #expect(folder.added.contains(".agent"))
            }
            let third = try AgentFolder("\(cluster.folder.path)/three")
            let refused = try await third.configure(Self.arguments(cluster, "three") + ["--token", token.text])
            #expect(refused.code == 1)
            #expect(refused.output.contains("The enrollment token is used up: it was good for 2 registrations."))
            #expect(refused.output.contains("roost pool create-enrollment-token"))
            #expect(!refused.output.contains(token.text))
            #expect(third.added == [])
            #expect(try Self.names(cluster) == ["one", "two"])
        }
    }

    @Test("a token is for its own pool, and a revoked or unknown one is told apart")
    func refusals() async throws {
        try await TestCluster.with { cluster in
            try await cluster.plane.createPool(name: "Other", by: .system)
            let token = try await Self.token(cluster, uses: 2)
            let folder = try AgentFolder("\(cluster.folder.path)/agent")
            func refusal(_ text: String, pool: String = "Default") async throws -> String {
                let arguments = Self.arguments(cluster, "one", pool: pool)
                let done = try await folder.configure(
                    arguments,
                    environment: ["ROOST_AGENT_INPUT_TOKEN": text]
                )
                #expect(done.code == 1 && folder.added == [], "\(done.output) \(folder.added)")
                return done.output
            }
            let other = try await refusal(token.text, pool: "Other")
            #expect(other.contains("The enrollment is not for the pool 'Other' but for 'Default'."), "\(other)")
            #expect(other.contains("Give --pool Default"))
            let unknown = try await refusal("rse_unknown")
            #expect(
                unknown.contains("The server does not accept the token: The token is not known here."),
                "\(unknown)"
            )
            let pool = try cluster.defaultPool.id.rawValue
            try await cluster.client.revokeEnrollmentToken(pool: pool, id: token.id)
            let revoked = try await refusal(token.text)
            #expect(revoked.contains("The enrollment token has been revoked."), "\(revoked)")
            #expect(try Self.names(cluster) == [])
        }
    }

    @Test("after the token is revoked the agent starts, runs a job, holds no trace of it, and leaves without any")
    func afterwards() async throws {
        let repository = try ScratchRepository(["azure-pipelines.yml": "steps:\n- bash: env\n"])
        defer { repository.remove() }
        try await TestCluster.with { cluster in
            let token = try await Self.token(cluster, uses: 1)
            let folder = try AgentFolder("\(cluster.folder.path)/agent")
            let given = ["VSTS_AGENT_INPUT_TOKEN": token.text]
            let done = try await folder.configure(Self.arguments(cluster, "one"), environment: given)
            #expect(done.code == 0, "\(done.output)")
            let pool = try cluster.defaultPool.id.rawValue
            try await cluster.client.revokeEnrollmentToken(pool: pool, id: token.id)
            // As in a container whose variables both scripts inherit.
            let left = given.merging(["ROOST_AGENT_INPUT_CLIENTSECRET": token.text, "ROOST_ID_TOKEN": token.text]) {
                $1
            }
            let agent = try await folder.run(environment: left)
            let run = try await cluster.queue(try await cluster.pipeline(repository))
            let view = try await cluster.finished(run.id)
            #expect(view.run.state == .completed(.succeeded))
            #expect(try await !cluster.output(of: run.id).contains(token.text))
            #expect(folder.files(with: token.text) == [])
            if getuid() == 0 {
                let traces = ProcessTraces(of: agent.pid)
                #expect(try traces.places(of: token.text) == [])
                #expect(try traces.places(of: cluster.address).contains("memory of \(agent.pid)"))
            }
            agent.send(SIGTERM)
            #expect(await agent.end() == 0)
            let gone = try await folder.configure(["remove", "--unattended"])
            #expect(gone.code == 0, "\(gone.output)")
            #expect(try Self.names(cluster) == [])
            #expect(!folder.added.contains { $0.hasPrefix(".credentials") || $0 == ".agent" })
        }
    }
}
