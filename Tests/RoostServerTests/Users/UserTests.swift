import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import RoostModel
import RoostWire
import Testing

@testable import RoostServer

@Suite("People who are shut out and let in again", .timeLimit(.minutes(6)))
struct UserTests {
    private static let admin = Caller(.user(name: "ada", scopes: [.full]))
    private static let device = "urn:ietf:params:oauth:grant-type:device_code"
    private static let roost = "726f6f73-7400-4000-8000-000000000001"

    /// A person with a token, a browser and a program that are signed in.
    private struct Bob {
        var pat: String
        var cookie: String
        var access: String
        var refresh: String

        var senders: [(String, LiveServer.Sender)] {
            [("token", .basic(pat)), ("browser", .cookie(cookie)), ("program", .bearer(access))]
        }

        init(_ server: LiveServer) async throws {
            let plane = server.app.plane
            let made = try await plane.createToken(
                user: "Bob",
                name: "laptop",
                scopes: [.full],
                lifetime: .seconds(3600),
                by: .system
            )
            pat = made.value.exposed
            cookie = try #require(try plane.issueDashboardSession(pat: pat, lifetime: .seconds(600))).exposed
            let begun = try await server.post(
                "/organizations/oauth2/v2.0/devicecode",
                ["client_id": UserTests.roost, "scope": "\(LiveServer.serviceScope) offline_access"]
            )
            _ = try await server.post(
                "/device/approve",
                ["code": begun.json["user_code"] as? String ?? ""],
                as: .cookie(cookie)
            )
            let given = try await server.token([
                "grant_type": UserTests.device, "client_id": UserTests.roost,
                "device_code": begun.json["device_code"] as? String ?? "",
            ])
            access = given.accessToken
            refresh = given.json["refresh_token"] as? String ?? ""
        }
    }

    private static func with(_ body: @Sendable (LiveServer) async throws -> Void) async throws {
        try await LiveServer.with(pages: Dashboard.pages(), body)
    }

    private static func refresh(_ server: LiveServer, _ token: String) async throws -> LiveServer.Answer {
        try await server.token(["grant_type": "refresh_token", "client_id": roost, "refresh_token": token])
    }

    @Test("every way in is refused at once, with what to do; enabling gives back tokens, sign-ins and roles")
    func disabled() async throws {
        try await Self.with { server in
            let bob = try await Bob(server)
            _ = try await server.app.plane.assignRole(.reader, to: .user("bob"), on: .pools, by: Self.admin)
            let answer = try await server.send(.PATCH, "/_apis/roost/users/bob", body: #"{"isEnabled": false}"#)
            #expect(answer.status == 200 && answer.json["isEnabled"] as? Bool == false)
            for (way, sender) in bob.senders {
                let refused = try await server.send(.GET, "/_apis/projects", as: sender)
                #expect(refused.status == 401 && refused.json["code"] as? String == "user.disabled", "\(way)")
                #expect(refused.message.contains("'Bob' is disabled"), "\(way)")
                #expect(refused.text.contains("roost user enable Bob"), "\(way)")
            }
            let grant = try await Self.refresh(server, bob.refresh)
            #expect(grant.aadsts == 50_057 && grant.error == "invalid_grant")
            let page = try await server.send(.GET, "/runs", as: .cookie(bob.cookie))
            #expect(page.status == 401 && page.text.contains("is disabled"), "the page says why")
            let login = try await server.post("/login", ["token": bob.pat])
            #expect(login.status == 401 && login.text.contains("is disabled"))
            await #expect(throws: ControlError.self) {
                try await server.app.plane.createToken(
                    user: "BOB",
                    name: "another",
                    scopes: [.build],
                    lifetime: .seconds(60),
                    by: Self.admin
                )
            }
            let on = try await server.send(.PATCH, "/_apis/roost/users/Bob", body: #"{"isEnabled": true}"#)
            #expect(on.json["isEnabled"] as? Bool == true)
            for (way, sender) in bob.senders {
                #expect(try await server.send(.GET, "/_apis/projects", as: sender).status == 200, "\(way)")
            }
            #expect(try await Self.refresh(server, bob.refresh).status == 200, "the refused try used nothing up")
            let roles = (on.json["roles"] as? [[String: Any]] ?? []).map { $0["role"] as? String }
            #expect(roles == ["reader"])
            let audit = try await server.app.plane.auditEvents(limit: 20, before: nil)
            let changes = audit.filter { $0.subject == "user:Bob" }.map { "\($0.actor) \($0.action)" }
            #expect(changes == ["user:ada user.enable", "user:ada user.disable"])
        }
    }

    @Test("vaults refuse the tokens of who is disabled, too")
    func vaults() async throws {
        try await Self.with { server in
            _ = try await Bob(server)
            let plane = server.app.plane
            let grant = try #require(plane.openSignIns(of: "bob").first { $0.signIn == .deviceCode })
            let resource = "https://vault.example.org"
            let token = try await plane.issueAccessToken(for: grant, resource: resource).token.exposed
            func reason() -> String? {
                switch VaultTokens(plane: plane).accept(accessToken: token, audience: resource) {
                case .success: nil
                case .failure(let refusal): refusal.reason
                }
            }
            #expect(reason() == nil)
            try await plane.disableUser("bob", by: Self.admin)
            #expect(reason()?.contains("'Bob' is disabled") == true)
        }
    }

    @Test("what a person let in a moment before gets nothing any more")
    func approvedBefore() async throws {
        try await Self.with { server in
            let bob = try await Bob(server)
            let begun = try await server.post(
                "/organizations/oauth2/v2.0/devicecode",
                ["client_id": Self.roost, "scope": LiveServer.serviceScope]
            )
            _ = try await server.post(
                "/device/approve",
                ["code": begun.json["user_code"] as? String ?? ""],
                as: .cookie(bob.cookie)
            )
            try await server.app.plane.disableUser("bob", by: Self.admin)
            let refused = try await server.token([
                "grant_type": Self.device, "client_id": Self.roost,
                "device_code": begun.json["device_code"] as? String ?? "",
            ])
            #expect(refused.status == 400 && refused.aadsts == 50_057)
            #expect(server.app.plane.openSignIns(of: "bob").count == 2)
        }
    }

    @Test("the last administrator who may come in is not disabled, and does not lose the role")
    func lastAdministrator() async throws {
        try await Self.with { server in
            _ = try await Bob(server)
            let alone = try await server.send(.PATCH, "/_apis/roost/users/ada", body: #"{"isEnabled": false}"#)
            #expect(alone.status == 409 && alone.json["code"] as? String == "role.last-administrator")
            let plane = server.app.plane
            _ = try await plane.assignRole(.administrator, to: .user("bob"), on: .organization, by: Self.admin)
            try await plane.disableUser("bob", by: Self.admin)
            await #expect(throws: ControlError.self, "the other one may not come in") {
                try await plane.removeRole(of: .user("ada"), on: .organization, by: Self.admin)
            }
            await #expect(throws: ControlError.self) { try await plane.disableUser("ada", by: Self.admin) }
            try await plane.enableUser("bob", by: Self.admin)
            try await plane.disableUser("ada", by: Self.admin)
            #expect(try await server.send(.GET, "/_apis/projects").status == 401)
        }
    }

    @Test("people are known by tokens, roles, sign-ins and what they changed; it lasts over a restart")
    func known() async throws {
        try await Self.with { server in
            _ = try await Bob(server)
            let plane = server.app.plane
            _ = try await plane.assignRole(.reader, to: .user("cleo"), on: .pools, by: Self.admin)
            try await plane.createPool(name: "Theirs", by: Caller(.user(name: "Dan", scopes: [.full])))
            let listed = try await server.send(.GET, "/_apis/roost/users").decode(WireList<UserWire>.self).value
            #expect(listed.map(\.name) == ["ada", "Bob", "cleo", "Dan"])
            #expect(listed[1].goodTokens == 1 && listed[1].openSignIns == 2 && listed[1].lastSeenAt != nil)
            #expect(listed[3].lastChangeAt != nil && listed[3].tokens == 0)
            let dan = try await server.send(.GET, "/_apis/roost/users/dan").decode(UserWire.self)
            #expect(dan.made == ["pools": 1])
            #expect(try await server.send(.GET, "/_apis/roost/users/nobody").status == 404)
            try await plane.disableUser("Dan", by: Self.admin)
            try await plane.reload()
            #expect(plane.refusal(ofUser: "dan")?.by == "user:ada")
        }
    }

    @Test("only who manages the organization sees people and shuts them out")
    func others() async throws {
        try await Self.with { server in
            let bob = try await Bob(server)
            for sender in bob.senders.map(\.1) {
                #expect(try await server.send(.GET, "/_apis/roost/users", as: sender).status == 403)
                let body = #"{"isEnabled": false}"#
                #expect(try await server.send(.PATCH, "/_apis/roost/users/ada", as: sender, body: body).status == 403)
            }
            for path in ["/users", "/users/ada", "/users/ada/disable", "/tokens?of=all", "/sign-ins?of=all"] {
                let page = try await server.send(.GET, path, as: .cookie(bob.cookie))
                #expect(page.status == 400 && page.text.contains("no role allows it"), "\(path)")
            }
            let post = try await server.post("/users/ada/disable", [:], as: .cookie(bob.cookie))
            #expect(post.status == 400)
            #expect(try await server.send(.GET, "/_apis/projects").status == 200)
        }
    }

    @Test("who is shut out sees nothing more of what was open")
    func streams() async throws {
        try await Self.with { server in
            let bob = try await Bob(server)
            let plane = server.app.plane
            let pool = server.seed.pool.id
            let path = "/_apis/roost/pools/\(pool)/events"
            var seen: [Int] = []
            for (index, sender) in [LiveServer.Sender.basic(bob.pat), .admin].enumerated() {
                let response = try await server.head(.GET, path, as: sender)
                #expect(response.status == .ok)
                var parts = response.body.makeAsyncIterator()
                _ = try await parts.next()
                if index == 0 { try await plane.disableUser("bob", by: Self.admin) }
                _ = try await plane.updateAgent(
                    server.seed.agent.id,
                    in: pool,
                    enabled: index == 1,
                    name: nil,
                    by: Self.admin
                )
                let next = try? await parts.next()
                seen.append(next.flatMap(\.self)?.readableBytes ?? 0)
            }
            #expect(seen[0] == 0 && seen[1] > 0, "\(seen)")
        }
    }
}
