import Foundation
import RoostModel
import RoostWire
import Testing

@testable import RoostServer

@Suite("Open sign-ins", .timeLimit(.minutes(6)))
struct SignInListTests {
    private static func with(_ body: @Sendable (LiveServer) async throws -> Void) async throws {
        try await LiveServer.with(pages: Dashboard.pages(), body)
    }

    private static func cookie(_ server: LiveServer, _ pat: String, _ program: String) throws -> String {
        let session = try server.app.plane.issueDashboardSession(
            pat: pat,
            lifetime: .seconds(600),
            from: "10.0.0.7",
            program: program
        )
        return try #require(session).exposed
    }

    private static func list(
        _ server: LiveServer,
        _ path: String,
        as sender: LiveServer.Sender
    ) async throws -> [SignInWire] {
        try await server.send(.GET, "/_apis/roost/signins\(path)", as: sender).decode(WireList<SignInWire>.self).value
    }

    private static func bob(_ server: LiveServer, scopes: Set<TokenScope> = [.full]) async throws -> AccessToken {
        try await server.app.plane.createToken(
            user: "bob",
            name: "his",
            scopes: scopes,
            lifetime: .seconds(3600),
            by: .system
        ).token
    }

    @Test("a browser is listed with its name and address; its own sign-in is marked; one is ended, then all others")
    func browsers() async throws {
        try await Self.with { server in
            let headers = [
                ("Content-Type", "application/x-www-form-urlencoded"),
                ("User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0"),
            ]
            let login = try await server.send(
                .POST,
                "/login",
                as: .nobody,
                headers: headers,
                body: "token=\(server.admin)"
            )
            #expect(login.status != 401)
            let own = try Self.cookie(server, server.admin, "Chrome on macOS")
            let third = try Self.cookie(server, server.admin, "Safari on iPhone")
            let listed = try await Self.list(server, "", as: .cookie(own))
            #expect(Set(listed.map(\.program)) == ["Firefox on Linux", "Chrome on macOS", "Safari on iPhone"])
            #expect(listed.filter { $0.isCurrent == true }.map(\.program) == ["Chrome on macOS"])
            #expect(listed.first { $0.program == "Firefox on Linux" }?.address == "127.0.0.1")
            #expect(listed.allSatisfy { $0.kind == "session" && $0.user == "ada" && $0.createdAt != nil })
            let phone = try #require(listed.first { $0.program == "Safari on iPhone" }?.id)
            #expect(try await server.send(.DELETE, "/_apis/roost/signins/\(phone)", as: .cookie(own)).status == 204)
            let refused = try await server.send(.GET, "/_apis/projects", as: .cookie(third))
            #expect(refused.status == 401 && refused.json["code"] as? String == "access-token.sign-in-revoked")
            #expect(try await server.send(.DELETE, "/_apis/roost/signins/\(phone)", as: .cookie(own)).status == 404)
            let ended = try await server.send(.DELETE, "/_apis/roost/signins", as: .cookie(own))
            #expect(ended.json["count"] as? Int == 1)
            #expect(try await Self.list(server, "", as: .cookie(own)).map(\.program) == ["Chrome on macOS"])
        }
    }

    @Test("a sign-in goes on without the token it began with, with that token's rights; the rest is ended on request")
    func withoutToken() async throws {
        try await Self.with { server in
            let plane = server.app.plane
            let made = try await plane.createToken(
                user: "ada",
                name: "short",
                scopes: [.build, .tokensManage],
                lifetime: .seconds(3600),
                by: .system
            )
            let cookie = try Self.cookie(server, made.value.exposed, "Firefox")
            let path = "/_apis/roost/tokens/\(made.token.id)"
            #expect(try await server.send(.DELETE, path).status == 204)
            #expect(try await server.send(.GET, "/_apis/projects", as: .basic(made.value.exposed)).status == 401)
            #expect(try await server.send(.GET, "/runs", as: .cookie(cookie)).status == 200)
            let wide = try await server.send(.GET, "/_apis/roost/users", as: .cookie(cookie))
            #expect(wide.status == 403, "the rights are those of the token")
            let listed = try await Self.list(server, "", as: .admin)
            #expect(listed.map(\.tokenId) == [made.token.id.rawValue])
            #expect(try await server.send(.DELETE, "\(path)?endSignIns=true").status == 204)
            #expect(try await Self.list(server, "", as: .admin).isEmpty)
        }
    }

    @Test("everybody has their own list; an administrator sees and ends those of others")
    func others() async throws {
        try await Self.with { server in
            let plane = server.app.plane
            let made = try await plane.createToken(
                user: "bob",
                name: "his",
                scopes: [.tokensManage],
                lifetime: .seconds(3600),
                by: .system
            )
            let bob = LiveServer.Sender.basic(made.value.exposed)
            _ = try Self.cookie(server, server.admin, "Chrome")
            let his = try Self.cookie(server, made.value.exposed, "Firefox")
            #expect(try await Self.list(server, "", as: bob).map(\.user) == ["bob"])
            #expect(try await server.send(.GET, "/_apis/roost/signins?user=ada", as: bob).status == 403)
            #expect(try await server.send(.DELETE, "/_apis/roost/signins?user=ada", as: bob).status == 403)
            let all = try await Self.list(server, "", as: .admin)
            #expect(Set(all.compactMap(\.user)) == ["ada", "bob"])
            let hers = try #require(all.first { $0.user == "ada" }?.id)
            #expect(try await server.send(.DELETE, "/_apis/roost/signins/\(hers)", as: bob).status == 403)
            let ended = try await server.send(.DELETE, "/_apis/roost/signins?user=BOB")
            #expect(ended.json["count"] as? Int == 1)
            #expect(try await server.send(.GET, "/_apis/projects", as: .cookie(his)).status == 401)
            #expect(try await Self.list(server, "", as: .admin).map(\.user) == ["ada"])
        }
    }

    @Test("signing out on the dashboard ends the sign-in on the server")
    func signOut() async throws {
        try await Self.with { server in
            let cookie = try Self.cookie(server, server.admin, "Firefox")
            _ = try await server.post("/logout", [:], as: .cookie(cookie))
            #expect(try await server.send(.GET, "/_apis/projects", as: .cookie(cookie)).status == 401)
        }
    }

    @Test("a use is noted, though not each one")
    func lastUse() async throws {
        try await Self.with { server in
            let cookie = try Self.cookie(server, server.admin, "Firefox")
            let plane = server.app.plane
            let grant = try #require(plane.signIn(ofCookie: cookie))
            func use(after seconds: Double) throws -> Date {
                _ = try plane.person(ofSignIn: grant.id, at: grant.createdAt + seconds)
                return try #require(plane.signIn(grant.id)).lastUse
            }
            #expect(try use(after: 299) == grant.createdAt)
            #expect(try use(after: 300) == grant.createdAt + 300)
            #expect(try use(after: 400) == grant.createdAt + 300)
        }
    }

    @Test("what an earlier release stored keeps the rights of its token, and ended with it")
    func earlier() throws {
        let now = Date(timeIntervalSince1970: 1_800_000_000)
        var token = AccessToken(
            id: TokenID(UUID()),
            user: "ada",
            name: "",
            hash: "",
            scopes: [.build],
            createdAt: now,
            expiresAt: now + 100
        )
        var grant = SignInGrant(
            id: UUID(),
            user: "ada",
            token: token.id.rawValue,
            client: UUID(),
            clientName: "roost",
            signIn: .deviceCode,
            resource: "r",
            rotatedAt: now,
            createdAt: now,
            expiresAt: now + 1000
        )
        func read() throws -> SignInGrant? {
            try SignInGrant.all([grant.settingName: JSONEncoder().encode(grant)], [token.id: token])[grant.id]
        }
        let old = try read()
        #expect(old?.scopes == [.build] && old?.expiresAt == now + 100)
        token.revokedAt = now + 5
        #expect(try read()?.revokedAt == now + 5)
        grant.scopes = [.project]
        #expect(try read() == grant, "it stands on its own now")
    }

    @Test(
        "browsers are called by their names",
        arguments: [
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36 Edg/131.0.0.0",
                "Edge on Windows"
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1",
                "Safari on iPhone"
            ),
            (
                "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Mobile Safari/537.36",
                "Chrome on Android"
            ),
            ("curl/8.5.0", "curl"), ("", "browser"),
        ]
    )
    func names(_ header: String, _ name: String) { #expect(BrowserName.read(header) == name) }
}
