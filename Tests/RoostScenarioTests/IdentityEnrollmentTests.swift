import Foundation
import Glibc
import RoostClient
import RoostModel
import RoostTesting
import RoostWire
import Testing

@testable import RoostServer

@Suite("Registering an agent with an identity", .timeLimit(.minutes(4)))
struct IdentityEnrollmentTests {
    private static func arguments(_ cluster: TestCluster, _ kind: String, pool: String = "Default") -> [String] {
        ["--unattended", "--url", cluster.address, "--auth", kind, "--pool", pool, "--agent", "one"]
    }

    /// A service principal that may register agents of the first pool.
    private static func principal(
        _ cluster: TestCluster,
        scopes: [String]? = nil
    ) async throws -> (name: String, client: String) {
        let pool = try cluster.defaultPool.id.rawValue
        let made = try await cluster.client.createIdentity(
            DirectoryIdentityWire(
                name: "builder",
                kind: "servicePrincipal",
                scopes: scopes,
                pools: scopes == nil ? [pool] : nil
            )
        )
        return ("builder", try #require(made.clientId).uuidString.lowercased())
    }

    @Test("with a certificate, which the server checks with the registered public part")
    func certificate() async throws {
        try await TestCluster.with { cluster in
            let principal = try await Self.principal(cluster)
            let folder = try AgentFolder("\(cluster.folder.path)/agent")
            let own = try CertificateFiles(in: cluster.folder.path, name: "own")
            let other = try CertificateFiles(in: cluster.folder.path, name: "other")
            let pem = try String(contentsOfFile: own.certificate, encoding: .utf8)
            _ = try await cluster.client.addCertificate(
                to: principal.name,
                IdentityCertificateWire(name: "c", pem: pem)
            )
            let arguments = Self.arguments(cluster, "certificate") + ["--clientid", principal.client]
            func configure(_ files: CertificateFiles) async throws -> (code: Int32, output: String) {
                try await folder.configure(
                    arguments + ["--clientcertificate", files.certificate, "--clientkey", files.key]
                )
            }
            let refused = try await configure(other)
            #expect(refused.code == 1 && refused.output.contains("AADSTS700027"), "\(refused.output)")
            #expect(folder.added == [])
            let done = try await configure(own)
            #expect(done.code == 0, "\(done.output)")
        }
    }

    @Test("a wrong secret, a disabled identity, another pool and a narrow scope each have their own words")
    func refusals() async throws {
        try await TestCluster.with { cluster in
            try await cluster.plane.createPool(name: "Other", by: .system)
            let principal = try await Self.principal(cluster)
            let made = try await cluster.client.addSecret(to: principal.name, IdentitySecretWire(name: "s", days: 1))
            let secret = try #require(made.secret)
            let folder = try AgentFolder("\(cluster.folder.path)/agent")
            func refusal(_ secret: String, pool: String = "Default", client: String? = nil) async throws -> String {
                let done = try await folder.configure(
                    Self.arguments(cluster, "sp", pool: pool) + ["--clientid", client ?? principal.client],
                    environment: ["ROOST_AGENT_INPUT_CLIENTSECRET": secret]
                )
                #expect(done.code == 1 && folder.added == [] && !done.output.contains(secret), "\(done.output)")
                return done.output
            }
            let wrong = try await refusal("no-secret-of-it")
            #expect(wrong.contains("The client secret is wrong: AADSTS7000215"), "\(wrong)")
            let unknown = try await refusal(secret, client: UUID().uuidString.lowercased())
            #expect(unknown.contains("The authority knows no client of this id: AADSTS700016"), "\(unknown)")
            let other = try await refusal(secret, pool: "Other")
            #expect(other.contains("There is no agent pool 'Other'") && other.contains("'Default'"), "\(other)")
            _ = try await cluster.client.updateIdentity(
                principal.name,
                DirectoryIdentityWire(scopes: ["vso.build"], pools: [])
            )
            let narrow = try await refusal(secret)
            #expect(narrow.contains("The service principal is valid but may not do this"), "\(narrow)")
            _ = try await cluster.client.updateIdentity(principal.name, DirectoryIdentityWire(isEnabled: false))
            let disabled = try await refusal(secret)
            #expect(disabled.contains("The identity is disabled: AADSTS7000112"), "\(disabled)")
            #expect(try cluster.plane.agents(in: cluster.defaultPool.id).isEmpty)
        }
    }

    @Test("with a person, who confirms the code elsewhere; an interrupted wait leaves nothing behind")
    func person() async throws {
        try await TestCluster.with(dashboard: true) { cluster in
            let folder = try AgentFolder("\(cluster.folder.path)/agent")
            let given = Self.arguments(cluster, "aad")
            let left = try folder.start("config.sh", given)
            try await left.line(with: "/device")
            let agent = try #require(ProcessTraces(of: left.pid).pids.last)
            kill(agent, SIGTERM)
            #expect(await left.end() != 0)
            #expect(folder.added == [])

            let program = try folder.start("config.sh", given)
            try await program.line(with: "/device")
            let cookie = try #require(
                try cluster.plane.issueDashboardSession(pat: cluster.token.exposed, lifetime: .seconds(60))
            )
            let words = program.lines.joined(separator: " ").split { " .,'\"\n".contains($0) }.map(String.init)
            let code = try #require(words.last { $0.wholeMatch(of: /[A-Z0-9]{4}-[A-Z0-9]{4}/) != nil })
            let approval = try #require(cluster.plane.signedIn(cookie: cookie.exposed))
            #expect(cluster.plane.signIns.decide(userCode: code, approval, at: Date()) != nil)
            let done = await program.finished()
            #expect(done.code == 0, "\(done.output)")
            #expect(try cluster.plane.agents(in: cluster.defaultPool.id).map(\.agent.name) == ["one"])
        }
    }
}
