import Foundation
import Glibc
import RoostClient
import RoostModel
import RoostServer
import RoostTesting
import RoostWire
import Testing

/// `roost user` and `roost sign-in`, and an agent whose person is shut out.
@Suite("People from the command line", .timeLimit(.minutes(6)))
struct PeopleCommandTests {
    private static func roost(
        _ cluster: TestCluster,
        _ words: String...,
        token: Secret? = nil
    ) async throws -> (code: Int32, output: String) {
        let program = try ChildProgram(
            "roost",
            words,
            environment: ["ROOST_URL": cluster.address, "ROOST_TOKEN": (token ?? cluster.token).exposed],
            folder: cluster.folder.path
        )
        return await program.finished()
    }

    @Test("people are listed, shown, shut out and let in; the last administrator stays")
    func people() async throws {
        try await TestCluster.with { cluster in
            let dana = try await cluster.user("dana")
            await dana.client.close()
            let listed = try await Self.roost(cluster, "user", "list").output
            for part in ["NAME", "admin", "administrator", "dana", "enabled"] { #expect(listed.contains(part)) }
            #expect(try await Self.roost(cluster, "user", "disable", "Dana").code == 0)
            let refused = try await Self.roost(cluster, "pool", "list", token: dana.token)
            #expect(refused.code == 3 && refused.output.contains("roost user enable dana"), "\(refused.output)")
            let shown = try await Self.roost(cluster, "user", "show", "dana").output
            #expect(shown.contains("disabled") && shown.contains("user:admin") && shown.contains("1 good of 1"))
            #expect(try await Self.roost(cluster, "user", "enable", "dana").code == 0)
            #expect(try await Self.roost(cluster, "pool", "list", token: dana.token).code == 0)
            let last = try await Self.roost(cluster, "user", "disable", "admin")
            #expect(last.code == 1 && last.output.contains("without an administrator"))
            let unknown = try await Self.roost(cluster, "user", "show", "nobody")
            #expect(unknown.code == 1 && unknown.output.contains("roost user list"))
            let audit = try await Self.roost(cluster, "audit").output
            #expect(audit.contains("user.disable") && audit.contains("user.enable"))
        }
    }

    @Test("sign-ins are listed and ended; a token that is revoked says what it leaves open")
    func signIns() async throws {
        try await TestCluster.with { cluster in
            let plane = cluster.plane
            let dana = try await cluster.user("dana")
            await dana.client.close()
            let programs = ["Firefox on Linux", "Edge on Windows", "Safari on iPhone"]
            for program in programs {
                _ = try plane.issueDashboardSession(
                    pat: dana.token.exposed,
                    lifetime: .seconds(600),
                    from: "10.0.0.7",
                    program: program
                )
            }
            let listed = try await Self.roost(cluster, "sign-in", "list", "--user", "dana").output
            for part in programs + ["10.0.0.7", "dashboard"] { #expect(listed.contains(part), "\(listed)") }
            let own = try await Self.roost(cluster, "sign-in", "list", token: dana.token).output
            let line = try #require(own.split(separator: "\n").first { $0.contains("Edge") })
            let id = String(line.prefix { $0 != " " })
            #expect(try await Self.roost(cluster, "sign-in", "end", String(id.prefix(13)), token: dana.token).code == 0)
            let left = try await Self.roost(cluster, "sign-in", "list", "--output", "json").output
            #expect(!left.contains("Edge") && left.contains("Safari"))
            let revoked = try await Self.roost(cluster, "token", "revoke", "test", token: dana.token)
            #expect(revoked.code == 0)
            let mine = try #require(plane.tokens(of: "admin").first)
            _ = try plane.issueDashboardSession(pat: cluster.token.exposed, lifetime: .seconds(600))
            let ended = try await Self.roost(cluster, "sign-in", "end", "--others", "--user", "dana")
            #expect(ended.output.contains("2 sign-ins are ended."))
            let wrong = try await Self.roost(cluster, "sign-in", "end", "ffff")
            #expect(wrong.code == 1 && wrong.output.contains("roost sign-in list"))
            let other = try await cluster.user("admin")
            await other.client.close()
            let name = mine.id.description
            let hinted = try await Self.roost(cluster, "token", "revoke", name, token: other.token)
            #expect(hinted.output.contains("1 sign-in that began with it is still open"), "\(hinted.output)")
            let all = try await Self.roost(cluster, "token", "revoke", name, "--end-sign-ins", token: other.token)
            #expect(all.code == 0 && !all.output.contains("still open"))
        }
    }

    @Test(
        "an agent that a person registered starts again and runs jobs when the person is shut out and the token is gone"
    )
    func agent() async throws {
        let repository = try ScratchRepository(["azure-pipelines.yml": "steps:\n- script: echo still at work\n"])
        defer { repository.remove() }
        try await TestCluster.with { cluster in
            let dana = try await cluster.user("dana")
            await dana.client.close()
            _ = try await cluster.client.assignRole(
                RoleAssignmentWire(holder: "user:dana", role: "administrator", on: "organization")
            )
            let folder = try AgentFolder("\(cluster.folder.path)/agent")
            let done = try await folder.configure(
                ["--unattended", "--url", cluster.address, "--auth", "pat", "--pool", "Default", "--agent", "hers"],
                environment: ["VSTS_AGENT_INPUT_TOKEN": dana.token.exposed]
            )
            #expect(done.code == 0, "\(done.output)")
            let token = try #require(cluster.plane.tokens(of: "dana").first)
            try await cluster.plane.revokeToken(token.id, by: .system)
            try await cluster.plane.disableUser("dana", by: .system)
            let agent = try await folder.run()
            let run = try await cluster.queue(try await cluster.pipeline(repository))
            let ended = try await cluster.finished(run.id)
            #expect(ended.run.state == .completed(.succeeded))
            #expect(try await cluster.output(of: run.id).contains("still at work"))
            kill(agent.pid, SIGTERM)
            _ = await agent.end()
        }
    }
}
