import Foundation
import RoostClient
import RoostModel
import RoostServer
import RoostTesting
import RoostWire
import Testing

@Suite("Trust rules on the command line", .timeLimit(.minutes(4)))
struct TrustCommandTests {
    private func roost(_ cluster: TestCluster, _ words: String...) async throws -> (code: Int32, output: String) {
        let environment = ["ROOST_URL": cluster.address, "ROOST_TOKEN": cluster.token.exposed, "NO_COLOR": "1"]
        return try await ChildProgram("roost", words, environment: environment, folder: cluster.folder.path).finished()
    }

    /// A token that nobody has to have signed, for it is only judged.
    private func token(_ change: (inout [String: Any]) -> Void = { _ in }) throws -> String {
        let now = Int(Date().timeIntervalSince1970)
        var claims: [String: Any] = [
            "iss": "https://issuer.example", "aud": ["roost"], "sub": "repo:contoso/app", "exp": now + 600, "iat": now,
            "ref": "refs/heads/main",
        ]
        change(&claims)
        let header = Base64URL.encode(Data(#"{"alg":"RS256","kid":"a"}"#.utf8))
        return "\(header).\(Base64URL.encode(try JSONSerialization.data(withJSONObject: claims))).c2ln"
    }

    @Test("a rule is made, shown, tried with tokens, changed, switched off and removed")
    func life() async throws {
        try await TestCluster.with { cluster in
            let made = try await roost(
                cluster,
                "trust",
                "create",
                "ci",
                "--issuer",
                "https://issuer.example",
                "--audience",
                "roost",
                "--subject",
                "repo:contoso/*",
                "--claim",
                "ref=refs/heads/*",
                "--pool",
                "Default",
                "--minutes",
                "5"
            )
            #expect(made.code == 0, "\(made.output)")
            let shown = try await roost(cluster, "trust", "show", "CI", "--output", "json")
            let rule = try WireJSON.decode(TrustRuleWire.self, from: Data(shown.output.utf8))
            #expect(rule.claims == ["ref": "refs/heads/*"] && rule.tokenLifetime == 300 && rule.pools?.count == 1)
            #expect(try await roost(cluster, "trust", "list").output.contains("repo:contoso/*"))
            try await judge(cluster)
            #expect(try await roost(cluster, "trust", "update", "ci", "--all-pools", "--rename", "all").code == 0)
            #expect(try await roost(cluster, "trust", "show", "all").output.contains("all pools"))
            #expect(try await roost(cluster, "trust", "disable", "all").code == 0)
            try cluster.folder.write(token(), to: "token.txt")
            let disabled = try await roost(cluster, "trust", "test", "token.txt")
            #expect(disabled.code == 1 && disabled.output.contains("it is disabled"))
            #expect(try await roost(cluster, "trust", "enable", "all").code == 0)
            #expect(try await roost(cluster, "trust", "delete", "all").code == 0)
            let gone = try await roost(cluster, "trust", "show", "all")
            #expect(gone.code == 1 && gone.output.contains("There is no trust rule 'all'."))
            let audit = try await roost(cluster, "audit").output
            for word in ["trust-rule.create", "trust-rule.update", "trust-rule.delete"] {
                #expect(audit.contains(word))
            }
        }
    }

    private func judge(_ cluster: TestCluster) async throws {
        try cluster.folder.write(token(), to: "good.txt")
        let good = try await roost(cluster, "trust", "test", "good.txt", "--pool", "Default")
        #expect(good.code == 0 && good.output.contains("accepted"), "\(good.output)")
        let wrong = try token { claims in
            claims["aud"] = "vault"
            claims["ref"] = "refs/pull/7"
        }
        try cluster.folder.write(wrong, to: "wrong.txt")
        let bad = try await roost(cluster, "trust", "test", "wrong.txt")
        #expect(bad.code == 1)
        #expect(bad.output.contains("the claim 'aud' is 'vault', and 'roost' is expected"))
        #expect(bad.output.contains("the claim 'ref' is 'refs/pull/7', and 'refs/heads/*' is expected"))
        try cluster.folder.write("no token", to: "none.txt")
        #expect(try await roost(cluster, "trust", "test", "none.txt").output.contains("is no signed JSON Web Token"))
    }

    @Test("the report of agents, the policy about personal tokens, and warnings are on the command line")
    func reports() async throws {
        try await TestCluster.with { cluster in
            let name = "build-01"
            let pool = try cluster.defaultPool.id.rawValue
            let agent = try await SimulatedAgent(
                cluster: cluster.address,
                registrar: cluster.client,
                pool: pool,
                name: name
            )
            await agent.client.close()
            let pats = try await roost(cluster, "agent", "list", "--enrolled-by", "pat").output
            let others = try await roost(cluster, "agent", "list", "--enrolled-by", "federated").output
            #expect(pats.contains(name) && others.contains("No agent came with such a credential."))
            #expect(try await roost(cluster, "agent", "show", name).output.contains("pat, user:"))
            let closed = try await roost(cluster, "trust", "policy", "--pat-enrollment", "refused")
            #expect(closed.code == 0 && closed.output.contains("register no agents"))
            #expect(try await roost(cluster, "trust", "policy").output.contains("register no agents"))
            let update = try await roost(cluster, "pool", "update", "Default", "--pat-enrollment", "refused")
            #expect(update.code == 0)
            #expect(try await roost(cluster, "pool", "show", "Default").output.contains("register no agents"))
            let quiet = try await roost(cluster, "warnings", "--fail")
            #expect(quiet.code == 0 && quiet.output.contains("No credential expires soon."), "\(quiet.output)")
        }
    }
}
