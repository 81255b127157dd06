import Foundation
import RoostModel
import RoostWire
import Testing

@testable import RoostServer

@Suite("The token endpoint")
struct TokenEndpointTests {
    private static func form(_ assertion: String) -> String {
        "grant_type=client_credentials&client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer&client_assertion=\(assertion)"
    }

    private static let formType = [("Content-Type", "application/x-www-form-urlencoded")]

    private static func address(_ server: LiveServer) -> String {
        "/_apis/oauth2/token/\(server.app.plane.instanceID.uuidString.lowercased())"
    }

    private static func assertion(
        _ server: LiveServer,
        at moment: Date = Date(),
        audience: String? = nil,
        client: ClientID? = nil
    ) throws -> String {
        let key = try #require(ServerSeed.key)
        let audience = audience ?? server.app.address.dropLast() + address(server)
        return try ClientAssertion.make(
            client: client ?? server.seed.agent.clientID,
            audience: audience,
            key: key,
            at: moment
        ).exposed
    }

    private static func ask(_ server: LiveServer, _ assertion: String) async throws -> LiveServer.Answer {
        try await server.send(.POST, address(server), as: .nobody, headers: formType, body: form(assertion))
    }

    @Test("a signed assertion gives a token that is the agent's")
    func success() async throws {
        try await LiveServer.with { server in
            let answer = try await Self.ask(server, Self.assertion(server))
            #expect(answer.status == 200)
            #expect(answer.json["token_type"] as? String == "bearer")
            #expect(answer.json["expires_in"] as? Int == 3000)
            let token = try #require(answer.json["access_token"] as? String)
            let who = try await server.send(.GET, "/_apis/connectionData?connectOptions=1", as: .bearer(token))
            let user = who.json["authenticatedUser"] as? [String: Any]
            #expect(user?["descriptor"] as? String == "Roost.Identity;agent:1")
        }
    }

    @Test("an assertion is taken once")
    func replay() async throws {
        try await LiveServer.with { server in
            let assertion = try Self.assertion(server)
            #expect(try await Self.ask(server, assertion).status == 200)
            let again = try await Self.ask(server, assertion)
            #expect(again.status == 400)
            #expect(again.json["error"] as? String == "invalid_client")
            #expect((again.json["error_description"] as? String)?.contains("used before") == true)
        }
    }

    @Test("a wrong clock is told in the words agents look for")
    func clocks() async throws {
        try await LiveServer.with { server in
            for (shift, words) in [(-3600.0, "The bearer token expired on"), (3600.0, "is not valid until")] {
                let answer = try await Self.ask(server, Self.assertion(server, at: Date() + shift))
                let text = answer.json["error_description"] as? String ?? ""
                #expect(answer.status == 400)
                #expect(text.contains(words))
                #expect(text.contains("Current server time is"))
            }
            #expect(try await Self.ask(server, Self.assertion(server, at: Date() - 400)).status == 200)
        }
    }

    @Test("another server's audience, an unknown client, another key and nonsense are refused")
    func refusals() async throws {
        try await LiveServer.with { server in
            let elsewhere = try await Self.ask(
                server,
                Self.assertion(server, audience: "https://x/_apis/oauth2/token/\(UUID())")
            )
            #expect((elsewhere.json["error_description"] as? String)?.contains("another server") == true)
            let unknown = try await Self.ask(server, Self.assertion(server, client: ClientID(UUID())))
            #expect((unknown.json["error_description"] as? String)?.contains("not registered") == true)
            let otherKey = try ClientAssertion.make(
                client: server.seed.agent.clientID,
                audience: "x",
                key: AgentKey.generate(),
                at: Date()
            ).exposed
            let forged = try await Self.ask(server, otherKey)
            #expect((forged.json["error_description"] as? String)?.contains("not signed") == true)
            let nonsense = try await Self.ask(server, "a.b.c")
            #expect(nonsense.status == 400)
            let noGrant = try await server.send(
                .POST,
                Self.address(server),
                as: .nobody,
                headers: Self.formType,
                body: "grant_type=password"
            )
            #expect(noGrant.json["error"] as? String == "invalid_request")
        }
    }
}
