import Foundation
import RoostClient
import RoostModel
import RoostServer
import RoostTesting
import RoostWire
import Testing

@Suite("Registering an agent by a trust rule", .timeLimit(.minutes(4)))
struct TrustEnrollmentTests {
    private static func arguments(_ cluster: TestCluster, _ kind: String, pool: String = "Default") -> [String] {
        ["--unattended", "--url", cluster.address, "--auth", kind, "--pool", pool, "--agent", "one"]
    }

    private static func rule(_ cluster: TestCluster, _ issuer: ForeignIssuer, audience: String) async throws -> UUID {
        let made = try await cluster.client.createTrustRule(
            TrustRuleWire(
                name: "cloud",
                issuer: ForeignIssuer.name,
                audience: audience,
                subject: "machine:*",
                pools: [try cluster.defaultPool.id.rawValue],
                pinnedKeys: issuer.keys,
                enabled: true
            )
        )
        return try #require(made.id)
    }

    @Test("with a token of another issuer that a rule trusts; the rule is removed, and the agent goes on")
    func federated() async throws {
        try await TestCluster.with { cluster in
            let issuer = try ForeignIssuer(in: cluster.folder.path)
            let rule = try await Self.rule(cluster, issuer, audience: "api://agents")
            let folder = try AgentFolder("\(cluster.folder.path)/agent")
            func configure(_ token: String, pool: String = "Default") async throws -> (code: Int32, output: String) {
                try await folder.configure(
                    Self.arguments(cluster, "federated", pool: pool),
                    environment: ["ROOST_ID_TOKEN": token]
                )
            }
            let stranger = try ForeignIssuer(in: cluster.folder.path, keyID: "key-2")
            try await cluster.plane.createPool(name: "Other", by: .system)
            let wrong: [(token: String, pool: String)] = [
                (try issuer.token(.init(sub: "person:7")), "Default"),
                (try issuer.token(.init(aud: "api://x")), "Default"),
                (try issuer.token(.init(exp: 1000)), "Default"),
                (try issuer.token(.init(iss: "https://x/")), "Default"),
                (try stranger.token(), "Default"), (try issuer.token(), "Other"),
            ]
            var words: Set<String> = []
            for (token, pool) in wrong {
                let refused = try await configure(token, pool: pool)
                #expect(refused.code == 1 && folder.added == [] && !refused.output.contains(token), "\(refused.output)")
                words.insert(refused.output)
            }
            #expect(words.count == wrong.count, "\(words)")
            let token = try issuer.token()
            let done = try await configure(token)
            #expect(done.code == 0, "\(done.output)")
            try await cluster.client.deleteTrustRule(rule)
            try await folder.expectIndependence(cluster, of: [token], environment: ["ROOST_ID_TOKEN": token])
            let again = try AgentFolder("\(cluster.folder.path)/again")
            let refused = try await again.configure(
                Self.arguments(cluster, "federated") + ["--replace"],
                environment: ["ROOST_ID_TOKEN": token]
            )
            #expect(refused.code == 1 && again.added == [], "\(refused.output)")
        }
    }

    @Test("with the machine's own identity, whose token another issuer signs")
    func machine() async throws {
        try await TestCluster.with { cluster in
            let issuer = try ForeignIssuer(in: cluster.folder.path)
            _ = try await Self.rule(cluster, issuer, audience: "499b84ac-1321-427f-aa17-267ca6975798")
            let token = try issuer.token(.init(aud: "499b84ac-1321-427f-aa17-267ca6975798"))
            let endpoint = try await MetadataEndpoint(token: token, folder: cluster.folder.path)
            defer { endpoint.stop() }
            let folder = try AgentFolder("\(cluster.folder.path)/agent")
            let arguments = Self.arguments(cluster, "machine")
            var wrong = endpoint.environment
            wrong["IDENTITY_HEADER"] = "another"
            let refused = try await folder.configure(arguments, environment: wrong)
            #expect(
                refused.code == 1 && refused.output.contains("This machine has no such identity"),
                "\(refused.output)"
            )
            #expect(folder.added == [])
            let done = try await folder.configure(arguments, environment: endpoint.environment)
            #expect(done.code == 0, "\(done.output)")
            #expect(folder.files(with: token) == [])
        }
    }
}
