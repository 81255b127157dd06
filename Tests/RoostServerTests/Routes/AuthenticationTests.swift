import Foundation
import RoostModel
import Testing

@testable import RoostServer

@Suite("Signing in to the service")
struct AuthenticationTests {
    @Test("a refusal names both schemes, and says what is wrong with the credential")
    func refusals() async throws {
        try await LiveServer.with { server in
            let nobody = try await server.send(.GET, "/_apis/distributedtask/pools", as: .nobody)
            #expect(nobody.status == 401)
            let authority = server.app.address + server.app.plane.instanceID.uuidString.lowercased()
            #expect(
                nobody.headers["WWW-Authenticate"] == [
                    "Bearer authorization_uri=\(authority)", #"Basic realm="Roost""#,
                ]
            )
            #expect(nobody.json["code"] as? String == "access.no-credential")

            let wrong = try await server.send(.GET, "/_apis/distributedtask/pools", as: .basic("wrong"))
            #expect(wrong.json["code"] as? String == "token.unknown")
            let forged = try await server.send(.GET, "/_apis/distributedtask/pools", as: .bearer("a.b.c"))
            #expect(forged.json["code"] as? String == "token.unknown")
            let other = try await server.send(
                .GET,
                "/_apis/distributedtask/pools",
                as: .nobody,
                headers: [("Authorization", "Negotiate x")]
            )
            #expect(other.json["code"] as? String == "access.unreadable-credential")
        }
    }

    @Test("revoked, expired and too narrow tokens are told apart")
    func tokens() async throws {
        try await LiveServer.with { server in
            let plane = server.app.plane
            let revoked = try await plane.createToken(
                user: "a",
                name: "",
                scopes: [.full],
                lifetime: .seconds(60),
                by: .system
            )
            try await plane.revokeToken(revoked.token.id, by: .system)
            let expired = try await plane.createToken(
                user: "a",
                name: "",
                scopes: [.full],
                lifetime: .milliseconds(1),
                by: .system
            )
            let narrow = try await plane.createToken(
                user: "a",
                name: "",
                scopes: [.build],
                lifetime: .seconds(60),
                by: .system
            )
            let codes = [revoked, expired, narrow].map(\.value.exposed)
            var answers: [LiveServer.Answer] = []
            for token in codes {
                answers.append(try await server.send(.GET, "/_apis/distributedtask/pools", as: .basic(token)))
            }
            #expect(answers.map(\.status) == [401, 401, 403])
            #expect(
                answers.map { $0.json["code"] as? String } == ["token.revoked", "token.expired", "access.forbidden"]
            )
            #expect(answers[2].message.contains("vso.agentpools"))
        }
    }

    @Test("a personal token is taken as Basic with any user and as Bearer, a dashboard session as cookie only")
    func schemes() async throws {
        try await LiveServer.with { server in
            let path = "/_apis/distributedtask/pools"
            #expect(try await server.send(.GET, path, as: .bearer(server.admin)).status == 200)
            let named = "Basic \(Data("VstsAgent:\(server.admin)".utf8).base64EncodedString())"
            #expect(try await server.send(.GET, path, as: .nobody, headers: [("Authorization", named)]).status == 200)
            let session = try #require(
                try server.app.plane.issueDashboardSession(pat: server.admin, lifetime: .seconds(60))
            ).exposed
            #expect(try await server.send(.GET, path, as: .cookie(session)).status == 200)
            #expect(try await server.send(.GET, path, as: .bearer(session)).status == 401)
            #expect(try await server.send(.GET, path, as: .cookie(server.job)).status == 401)
        }
    }

    @Test("tokens are made with at most the maker's scopes, shown once, listed without their text, and revoked")
    func tokenRoutes() async throws {
        try await LiveServer.with { server in
            let made = try await server.send(
                .POST,
                "/_apis/roost/tokens",
                body: #"{"name":"ci","scopes":["vso.tokens_manage"],"days":1}"#
            )
            #expect(made.status == 200)
            let text = try #require(made.json["token"] as? String)
            let id = try #require(made.json["id"] as? String)
            let list = try await server.send(.GET, "/_apis/roost/tokens", as: .basic(text))
            #expect(list.list.count == 2)
            #expect(list.list.allSatisfy { $0["token"] == nil && $0["hash"] == nil })
            let wider = try await server.send(
                .POST,
                "/_apis/roost/tokens",
                as: .basic(text),
                body: #"{"scopes":["vso.build"]}"#
            )
            #expect(wider.status == 403)
            let unknown = try await server.send(.POST, "/_apis/roost/tokens", body: #"{"scopes":["vso.everything"]}"#)
            #expect(unknown.status == 400)
            #expect(try await server.send(.DELETE, "/_apis/roost/tokens/\(id)").status == 204)
            #expect(try await server.send(.GET, "/_apis/roost/tokens", as: .basic(text)).status == 401)
        }
    }

    @Test("changes are in the audit with who, what and the request")
    func audit() async throws {
        try await LiveServer.with { server in
            _ = try await server.send(
                .POST,
                "/_apis/distributedtask/pools",
                headers: [("X-Request-Id", "r1")],
                body: #"{"name":"p"}"#
            )
            let events = try await server.send(.GET, "/_apis/roost/audit?$top=5").list
            let event = try #require(events.first { $0["action"] as? String == "pool.create" })
            #expect(event["actor"] as? String == "user:ada")
            #expect(event["requestId"] as? String == "r1")
        }
    }
}
