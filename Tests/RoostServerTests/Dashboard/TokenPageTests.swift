import Foundation
import RoostModel
import Testing

@testable import RoostServer

@Suite("The page of personal access tokens", .timeLimit(.minutes(6)))
struct TokenPageTests {
    private static func with(
        _ flags: [String: String] = [:],
        _ body: @Sendable (LiveServer) async throws -> Void
    ) async throws {
        try await LiveServer.with(flags: flags, pages: Dashboard.pages(), body)
    }

    /// The value of the field that is shown once.
    private static func value(_ page: String) -> String? {
        page.firstMatch(of: /id="value"[^>]* value="([a-z2-7]{52})"/).map { String($0.1) }
    }

    @Test("a token is made with the rights that were ticked, and its value is in that one answer and nowhere else")
    func once() async throws {
        try await Self.with { server in
            let person = LiveServer.Sender.cookie(try server.session)
            let form = ["name": "nightly <b>", "days": "7", "scope.vso.build": "on", "scope.vso.project": "on"]
            let made = try await server.post("/tokens", form, as: person)
            let value = try #require(Self.value(made.text))
            #expect(made.status == 200 && made.headers["Cache-Control"] == ["no-store"])
            #expect(made.text.contains("nightly &lt;b&gt;"))
            let token = try #require(server.app.plane.tokens(of: "ada").first { $0.name == "nightly <b>" })
            #expect(token.scopes == [.build, .project] && token.hash == PersonalToken.hash(value))
            #expect(abs(token.expiresAt.timeIntervalSince(token.createdAt) - 7 * 86_400) < 1)
            #expect(try await server.send(.GET, "/_apis/projects", as: .basic(value)).status == 200)
            for path in ["/tokens", "/tokens?of=all", "/users/ada", "/tokens/\(token.id)/revoke"] {
                let page = try await server.send(.GET, path, as: person)
                #expect(page.status == 200 && page.text.contains("nightly &lt;b&gt;"), "\(path)")
                #expect(!page.text.contains(value) && !page.text.contains(token.hash), "\(path)")
            }
            let events = try await server.app.plane.auditEvents(limit: 50, before: nil)
            #expect(events.contains { $0.action == "token.create" && $0.subject == "token:\(token.id)" })
            #expect(!events.contains { $0.detail.contains(value) })
            let revoked = try await server.post("/tokens/\(token.id)/revoke", [:], as: person)
            #expect(revoked.text.contains("Revoked"))
            #expect(try await server.send(.GET, "/_apis/projects", as: .basic(value)).status == 401)
        }
    }

    @Test(
        "what is wrong is said in the form, which keeps what was written",
        arguments: [
            (["name": "", "days": "7", "scope.vso.build": "on"], "it is empty"),
            (["name": "x", "days": "many", "scope.vso.build": "on"], "it is no number of days"),
            (["name": "x", "days": "7"], "it has no scope"),
            (["name": "x", "days": "31", "scope.vso.build": "on"], "30 days, which the server allows"),
        ]
    )
    func problems(_ form: [String: String], _ words: String) async throws {
        try await Self.with(["token-life": "30d"]) { server in
            let page = try await server.post("/tokens", form, as: .cookie(server.session))
            #expect(page.status == 400 && page.text.contains(words), "\(page.text)")
            #expect(page.text.contains("max=\"30\"") && page.text.contains("at most 30 days"))
            #expect(page.text.contains("value=\"\(form["days"] ?? "")\""))
            #expect(server.app.plane.tokens(of: nil).count == 1)
        }
    }

    @Test(
        "a server that lets nobody make tokens says so, on the page and to programs; so does the policy of enrollment"
    )
    func policies() async throws {
        try await Self.with(["token-life": "0s"]) { server in
            let policy = EnrollmentPolicy(patEnrollment: .refused)
            _ = try await server.app.plane.setEnrollmentPolicy(policy, by: .system)
            let person = LiveServer.Sender.cookie(try server.session)
            let page = try await server.send(.GET, "/tokens", as: person)
            #expect(page.text.contains("are not allowed on this server") && !page.text.contains("id=\"newtoken\""))
            #expect(page.text.contains("Agents cannot be registered with personal access tokens"))
            let body = #"{"name": "x", "scopes": ["vso.build"], "days": 1}"#
            let refused = try await server.send(.POST, "/_apis/roost/tokens", body: body)
            #expect(refused.status == 403 && refused.message.contains("token-life"))
            let form = ["name": "x", "days": "1", "scope.vso.build": "on"]
            #expect(try await server.post("/tokens", form, as: person).status == 400)
            #expect(server.app.plane.tokens(of: nil).count == 1)
        }
    }

    @Test("nobody hands out more than they have, or touches the tokens of others; forms of other sites do nothing")
    func bounds() async throws {
        try await Self.with { server in
            let plane = server.app.plane
            let made = try await plane.createToken(
                user: "bob",
                name: "his",
                scopes: [.build, .tokensManage],
                lifetime: .seconds(3600),
                by: .system
            )
            let session = try plane.issueDashboardSession(pat: made.value.exposed, lifetime: .seconds(60))
            let bob = LiveServer.Sender.cookie(try #require(session).exposed)
            let page = try await server.send(.GET, "/tokens", as: bob)
            #expect(page.text.contains("scope.vso.build\"") && !page.text.contains("scope.app_token"))
            #expect(!page.text.contains("of=all") && !page.text.contains("href=\"/users\""))
            let form = ["name": "wide", "days": "1", "scope.app_token": "on"]
            let wide = try await server.post("/tokens", form, as: bob)
            #expect(wide.status == 400 && wide.text.contains("app_token"))
            let hers = try #require(plane.tokens(of: "ada").first)
            #expect(try await server.send(.GET, "/tokens/\(hers.id)/revoke", as: bob).status == 400)
            #expect(try await server.post("/tokens/\(hers.id)/revoke", [:], as: bob).status == 400)
            let headers = [
                ("Content-Type", "application/x-www-form-urlencoded"), ("Sec-Fetch-Site", "cross-site"),
            ]
            let person = LiveServer.Sender.cookie(try server.session)
            for path in ["/tokens", "/tokens/\(made.token.id)/revoke", "/users/bob/disable", "/sign-ins/end-others"] {
                let other = try await server.send(
                    .POST,
                    path,
                    as: person,
                    headers: headers,
                    body: "name=x&days=1&scope.vso.build=on"
                )
                #expect(other.status == 400, "\(path)")
            }
            #expect(plane.tokens(of: nil).allSatisfy { $0.revokedAt == nil } && plane.tokens(of: nil).count == 2)
            #expect(plane.refusal(ofUser: "bob") == nil)
        }
    }

    @Test("revoking says how many sign-ins began with a token, and ends them when asked to")
    func signIns() async throws {
        try await Self.with { server in
            let plane = server.app.plane
            let made = try await plane.createToken(
                user: "bob",
                name: "his",
                scopes: [.full],
                lifetime: .seconds(3600),
                by: .system
            )
            let cookie = try #require(try plane.issueDashboardSession(pat: made.value.exposed, lifetime: .seconds(60)))
            let person = LiveServer.Sender.cookie(try server.session)
            let question = try await server.send(.GET, "/tokens/\(made.token.id)/revoke", as: person)
            #expect(question.text.contains("Also end 1 open sign-ins that began with it"))
            _ = try await server.post("/tokens/\(made.token.id)/revoke", ["option": "on"], as: person)
            #expect(plane.signedIn(cookie: cookie.exposed) == nil)
            #expect(plane.openSignIns(of: "ada").count == 1)
        }
    }
}
