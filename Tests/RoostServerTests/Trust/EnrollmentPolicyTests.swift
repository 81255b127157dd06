import Foundation
import RoostModel
import RoostStore
import RoostWire
import Testing

@testable import RoostServer

@Suite("Who came how, and who may come")
struct EnrollmentPolicyTests {
    private static func agent(_ name: String, _ server: LiveServer) throws -> String {
        let key = server.seed.agent.publicKey
        let agent = TaskAgentWire(
            name: name,
            authorization: TaskAgentAuthorizationWire(
                publicKey: AgentPublicKeyWire(exponent: key.exponent, modulus: key.modulus)
            )
        )
        return String(decoding: try WireJSON.encode(agent), as: UTF8.self)
    }

    private static func register(
        _ name: String,
        as sender: LiveServer.Sender = .admin,
        on server: LiveServer
    ) async throws -> LiveServer.Answer {
        try await server.send(.POST, "/_apis/distributedtask/pools/1/agents", as: sender, body: agent(name, server))
    }

    private static func enrollmentToken(_ server: LiveServer) async throws -> LiveServer.Sender {
        let made = try await server.send(.POST, "/_apis/roost/pools/1/enrollmenttokens", body: #"{"uses":5}"#)
        return .basic(try #require(try made.decode(EnrollmentTokenWire.self).token))
    }

    @Test("an agent remembers by what kind of credential it came, and replacing it counts anew")
    func enrolledBy() async throws {
        try await LiveServer.with { server in
            let made = try await Self.register("new", on: server).decode(TaskAgentWire.self)
            #expect(made.enrolledBy?.signIn == "personalToken" && made.enrolledBy?.actor == "user:ada")
            let item = "/_apis/distributedtask/pools/1/agents/\(try #require(made.id))"
            let token = try await Self.enrollmentToken(server)
            _ = try await server.send(.PUT, item, as: token, body: Self.agent("new", server))
            let again = try await server.send(.GET, item).decode(TaskAgentWire.self)
            #expect(again.enrolledBy?.signIn == "enrollmentToken")
            #expect(again.enrolledBy?.actor?.hasPrefix("enroller:") == true)
            let old = try await server.send(.GET, "/_apis/distributedtask/pools/1/agents/1").decode(TaskAgentWire.self)
            #expect(old.name == "build-01" && old.enrolledBy == nil)
            #expect(
                try await server.store.load().agents.first { $0.name == "new" }?.enrolledBy?.signIn == .enrollmentToken
            )
        }
    }

    @Test("a pool that refuses personal tokens says so, takes other credentials, and leaves its agents alone")
    func poolPolicy() async throws {
        try await LiveServer.with { server in
            #expect(try await Self.register("before", on: server).status == 200)
            let change = try await server.send(
                .PATCH,
                "/_apis/distributedtask/pools/1",
                body: #"{"patEnrollment":"refused"}"#
            )
            #expect(try change.decode(TaskAgentPoolWire.self).patEnrollment == "refused")
            let refused = try await Self.register("after", on: server)
            #expect(
                refused.status == 403
                    && refused.message.contains("'default' takes no agents registered with a personal")
            )
            let replace = try await server.send(
                .PUT,
                "/_apis/distributedtask/pools/1/agents/1",
                body: Self.agent("build-01", server)
            )
            #expect(replace.status == 403)
            #expect(try await Self.register("after", as: Self.enrollmentToken(server), on: server).status == 200)
            #expect(try await server.openSession().isEmpty == false)
            let wrong = try await server.send(
                .PATCH,
                "/_apis/distributedtask/pools/1",
                body: #"{"patEnrollment":"no"}"#
            )
            #expect(wrong.status == 400)
            #expect(try await server.store.load().pools.first { $0.id == PoolID(1) }?.patEnrollment == .refused)
        }
    }

    @Test("the organization's policy holds in every pool, and survives a restart")
    func organizationPolicy() async throws {
        try await LiveServer.with { server in
            let path = "/_apis/roost/enrollment/policy"
            #expect(try await server.send(.GET, path).json["patEnrollment"] as? String == "allowed")
            _ = try await server.send(.PATCH, path, body: #"{"patEnrollment":"refused"}"#)
            let refused = try await Self.register("after", on: server)
            #expect(refused.status == 403 && refused.message.contains("This organization takes no agents"))
            #expect(EnrollmentPolicy(try await server.store.load().settings).patEnrollment == .refused)
            _ = try await server.send(.PATCH, path, body: #"{"patEnrollment":"allowed"}"#)
            #expect(try await Self.register("after", on: server).status == 200)
        }
    }

    @Test("tokens and pinned keys that end soon are listed, those that were revoked are not")
    func warnings() async throws {
        let set = String(decoding: try IssuerKeyPair.set([try IssuerKeyPair(.ES256, id: "a")]), as: UTF8.self)
        try await LiveServer.with { server in
            let plane = server.app.plane
            _ = try await plane.createToken(
                user: "bob",
                name: "far",
                scopes: [.build],
                lifetime: .seconds(9_000_000),
                by: .system
            )
            var draft = TrustRuleDraft(name: "cluster", issuer: "https://i.example", audience: "a", subject: "s")
            draft.pools = .some(nil)
            draft.pinnedKeys = .some(set)
            draft.pinnedUntil = .some(Date() + 86_400)
            let rule = try await plane.createTrustRule(draft, by: .system)
            let soon = try await plane.createToken(
                user: "bob",
                name: "soon",
                scopes: [.build],
                lifetime: .seconds(3600),
                by: .system
            )
            func names(after seconds: TimeInterval) -> [String] {
                plane.credentialWarnings(at: Date() + seconds).map(\.credential.name)
            }
            #expect(names(after: 3000) == ["test", "soon", "cluster"])
            try await plane.revokeToken(soon.token.id, by: .system)
            #expect(names(after: 3000) == ["test", "cluster"])
            let list = try await server.send(.GET, "/_apis/roost/warnings").list
            #expect(list.map { $0["kind"] as? String } == ["pinnedKeys"] && list.first?["expired"] as? Bool == false)
            _ = try await server.identity("deployer")
            #expect(names(after: 80_000).contains("s"))
            try await plane.deleteTrustRule(rule.id, by: .system)
            #expect(try await server.send(.GET, "/_apis/roost/warnings").list.isEmpty)
        }
    }
}
