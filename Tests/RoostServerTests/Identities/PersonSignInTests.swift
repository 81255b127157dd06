import AsyncHTTPClient
import Crypto
import Foundation
import RoostModel
import Testing

@testable import RoostServer

@Suite("Programs that people let in")
struct PersonSignInTests {
    private static let roost = "726f6f73-7400-4000-8000-000000000001"
    private static let scope = "\(LiveServer.serviceScope) offline_access openid profile"
    private static let deviceGrant = "urn:ietf:params:oauth:grant-type:device_code"

    private static func with(_ body: @Sendable (LiveServer) async throws -> Void) async throws {
        try await LiveServer.with(pages: Dashboard.pages(), body)
    }

    private static func begin(_ server: LiveServer) async throws -> (device: String, user: String) {
        let answer = try await server.post(
            "/organizations/oauth2/v2.0/devicecode",
            ["client_id": roost, "scope": scope]
        )
        let device = try #require(answer.json["device_code"] as? String)
        return (device, try #require(answer.json["user_code"] as? String))
    }

    private static func poll(
        _ server: LiveServer,
        _ code: String,
        client: String = roost
    ) async throws
        -> LiveServer.Answer
    {
        try await server.token(["grant_type": deviceGrant, "client_id": client, "device_code": code])
    }

    @Test("a device waits for a person, who sees what asks and lets it in; the code works once")
    func device() async throws {
        try await Self.with { server in
            let (device, user) = try await Self.begin(server)
            #expect(try await Self.poll(server, device).error == "authorization_pending")
            #expect(try await Self.poll(server, device).error == "slow_down")
            let person = LiveServer.Sender.cookie(try server.session)
            let stranger = try await server.send(.GET, "/device?code=\(user)", as: .nobody)
            #expect(stranger.text.contains("name=\"token\""), "a stranger has to sign in")
            #expect(try await server.send(.GET, "/device", as: person).text.contains("name=\"code\""))
            let wrong = try await server.post("/device", ["code": "AAAA-AAAA"], as: person)
            #expect(wrong.status == 400 && wrong.text.contains("role=\"alert\""))
            let shown = try await server.post("/device", ["code": user.lowercased()], as: person)
            #expect(shown.status == 200)
            for word in ["roost", "ada", "127.0.0.1", "app_token"] { #expect(shown.text.contains(word)) }
            #expect(
                try await server.post("/device/approve", ["code": user], as: .nobody).text.contains("name=\"token\"")
            )
            #expect(try await server.post("/device/approve", ["code": user], as: person).status == 200)
            let other = try await Self.poll(server, device, client: "04b07795-8ddb-461a-bbee-02f9e1bf7b46")
            #expect(other.error == "bad_verification_code", "the code is of another client")
            let given = try await Self.poll(server, device)
            #expect(given.status == 200)
            let bearer = LiveServer.Sender.bearer(given.accessToken)
            let data = try await server.send(.GET, "/_apis/connectionData", as: bearer)
            #expect((data.json["authenticatedUser"] as? [String: Any])?["providerDisplayName"] as? String == "ada")
            #expect(given.claims("id_token")["preferred_username"] as? String == "ada")
            #expect(given.claims("id_token")["aud"] as? String == Self.roost)
            let info = try #require(TokenIssuer.data(base64URL: given.json["client_info"] as? String ?? ""))
            #expect(String(decoding: info, as: UTF8.self).contains("\"utid\":\"\(server.tenant)\""))
            #expect(try await Self.poll(server, device).error == "bad_verification_code")
        }
    }

    @Test("a person who declines ends the wait")
    func declined() async throws {
        try await Self.with { server in
            let (device, user) = try await Self.begin(server)
            let person = LiveServer.Sender.cookie(try server.session)
            #expect(try await server.post("/device/decline", ["code": user], as: person).status == 200)
            let answer = try await Self.poll(server, device)
            #expect(answer.error == "authorization_declined" && answer.aadsts == 65_004)
            #expect(try await server.post("/device/approve", ["code": user], as: person).status == 400)
        }
    }

    @Test("forms of other sites approve nothing")
    func otherSites() async throws {
        try await Self.with { server in
            let (device, user) = try await Self.begin(server)
            let headers = [
                ("Content-Type", "application/x-www-form-urlencoded"), ("Sec-Fetch-Site", "cross-site"),
            ]
            let answer = try await server.send(
                .POST,
                "/device/approve",
                as: .cookie(server.session),
                headers: headers,
                body: "code=\(user)"
            )
            #expect(answer.status == 400)
            #expect(try await Self.poll(server, device).error == "authorization_pending")
        }
    }

    // MARK: Refresh

    /// A sign-in by device, approved by the administrator.
    private static func signedIn(_ server: LiveServer) async throws -> LiveServer.Answer {
        let (device, user) = try await begin(server)
        _ = try await server.post("/device/approve", ["code": user], as: .cookie(server.session))
        return try await poll(server, device)
    }

    private static func refresh(
        _ server: LiveServer,
        _ token: String,
        client: String = roost
    ) async throws
        -> LiveServer.Answer
    {
        try await server.token(["grant_type": "refresh_token", "client_id": client, "refresh_token": token])
    }

    @Test("refresh tokens rotate; the use of an old one ends the sign-in, with its access tokens")
    func rotation() async throws {
        try await Self.with { server in
            let first = try await Self.signedIn(server)
            let one = try #require(first.json["refresh_token"] as? String)
            let second = try await Self.refresh(server, one)
            let two = try #require(second.json["refresh_token"] as? String)
            #expect(two != one)
            #expect(try await !server.store.everything().contains(two))
            let lost = try await Self.refresh(server, one)
            #expect(lost.status == 200 && lost.json["refresh_token"] == nil, "an answer may have been lost")
            let third = try await Self.refresh(server, two)
            #expect(third.status == 200)
            let bearer = LiveServer.Sender.bearer(third.accessToken)
            #expect(try await server.send(.GET, "/_apis/projects", as: bearer).status == 200)
            let reused = try await Self.refresh(server, one)
            #expect(reused.error == "invalid_grant" && reused.aadsts == 50_173)
            let refused = try await server.send(.GET, "/_apis/projects", as: bearer)
            #expect(refused.json["code"] as? String == "access-token.sign-in-revoked")
            let last = try #require(third.json["refresh_token"] as? String)
            #expect(try await Self.refresh(server, last).aadsts == 50_173)
        }
    }

    @Test("a refresh token is of its client; signing out ends it; it outlives the token that its person came with")
    func ends() async throws {
        try await Self.with { server in
            let first = try await Self.signedIn(server)
            let token = try #require(first.json["refresh_token"] as? String)
            let other = try await Self.refresh(server, token, client: "04b07795-8ddb-461a-bbee-02f9e1bf7b46")
            #expect(other.aadsts == 70_000)
            #expect(try await Self.refresh(server, "rsr_made-up").aadsts == 70_000)
            #expect(try await server.post("/common/oauth2/v2.0/revoke", ["token": token]).status == 200)
            #expect(try await Self.refresh(server, token).aadsts == 50_173)
            let second = try await Self.signedIn(server)
            let person = try #require(server.app.plane.tokens(of: "ada").first)
            try await server.app.plane.revokeToken(person.id, by: .system)
            let bearer = LiveServer.Sender.bearer(second.accessToken)
            #expect(try await server.send(.GET, "/_apis/projects", as: bearer).status == 200)
            let next = try await Self.refresh(server, second.json["refresh_token"] as? String ?? "")
            #expect(next.status == 200)
            let made = try await server.send(
                .POST,
                "/_apis/roost/tokens",
                as: .bearer(next.accessToken),
                body: #"{"name": "new", "scopes": ["app_token"], "days": 1}"#
            )
            #expect(made.json["user"] as? String == "ada", "who has no token left makes one")
        }
    }

    // MARK: Browsers

    private static let verifier = String(repeating: "abc", count: 20)
    private static var challenge: String { TokenIssuer.base64URL(Data(SHA256.hash(data: Data(verifier.utf8)))) }

    private static func authorizePath(_ changes: [String: String] = [:]) -> String {
        let values = [
            "client_id": roost, "response_type": "code", "redirect_uri": "http://127.0.0.1:5555/", "scope": scope,
            "state": "s t", "code_challenge": challenge, "code_challenge_method": "S256", "nonce": "n",
        ].merging(changes) { $1 }.filter { !$0.value.isEmpty }
        return "/common/oauth2/v2.0/authorize?"
            + values.sorted { $0.key < $1.key }.map { "\($0.key)=\(PercentCoding.encode($0.value))" }
            .joined(separator: "&")
    }

    /// Presses the button; where the browser is sent.
    private static func decide(_ server: LiveServer, _ path: String, _ decision: String) async throws -> String {
        let client = HTTPClient(configuration: .init(redirectConfiguration: .disallow))
        let headers = [("Content-Type", "application/x-www-form-urlencoded")]
        let answer = try await server.send(
            .POST,
            path,
            as: .cookie(server.session),
            headers: headers,
            body: "decision=\(decision)",
            client: client
        )
        try await client.shutdown()
        return answer.headers["Location"].first ?? ""
    }

    private static func redeem(
        _ server: LiveServer,
        _ code: String,
        _ changes: [String: String] = [:]
    ) async throws
        -> LiveServer.Answer
    {
        try await server.token(
            [
                "grant_type": "authorization_code", "client_id": roost, "code": code, "code_verifier": verifier,
                "redirect_uri": "http://127.0.0.1:5555/",
            ].merging(changes) { $1 }
        )
    }

    @Test("a person is asked, and the program redeems its code once, with its verifier")
    func browser() async throws {
        try await Self.with { server in
            let path = Self.authorizePath()
            let asked = try await server.send(.GET, path, as: .cookie(server.session))
            #expect(asked.status == 200 && asked.text.contains("http://127.0.0.1:5555"))
            let policy = asked.headers["Content-Security-Policy"].first ?? ""
            #expect(policy.contains("form-action 'self' http://127.0.0.1:5555;"))
            let stranger = try await server.send(.GET, path, as: .nobody)
            #expect(stranger.text.contains("name=\"token\""))
            let location = try await Self.decide(server, path, "approve")
            let parts = try #require(URLComponents(string: location))
            let items = Dictionary((parts.queryItems ?? []).map { ($0.name, $0.value ?? "") }) { $1 }
            #expect(parts.port == 5555 && items["state"] == "s t")
            let code = try #require(items["code"])
            #expect(try await Self.redeem(server, code).status == 200)
            let again = try await Self.redeem(server, code)
            #expect(again.aadsts == 54_005)
        }
    }

    @Test("the second use of a code ends what the first gave; a wrong verifier or address gives nothing")
    func codes() async throws {
        try await Self.with { server in
            func code() async throws -> String {
                let location = try await Self.decide(server, Self.authorizePath(), "approve")
                return URLComponents(string: location)?.queryItems?.first { $0.name == "code" }?.value ?? ""
            }
            let stolen = try await code()
            let first = try await Self.redeem(server, stolen)
            #expect(first.claims("id_token")["nonce"] as? String == "n")
            _ = try await Self.redeem(server, stolen)
            let refused = try await server.send(.GET, "/_apis/projects", as: .bearer(first.accessToken))
            #expect(refused.json["code"] as? String == "access-token.sign-in-revoked")
            let wrong = ["code_verifier": String(repeating: "x", count: 50)]
            #expect(try await Self.redeem(server, code(), wrong).aadsts == 501_481)
            let address = ["redirect_uri": "http://127.0.0.1:6666/"]
            #expect(try await Self.redeem(server, code(), address).aadsts == 50_011)
            #expect(try await Self.redeem(server, "nothing").aadsts == 70_008)
        }
    }

    @Test("what is wrong before the address is known is shown here, after that it is sent there")
    func refusals() async throws {
        try await Self.with { server in
            let person = LiveServer.Sender.cookie(try server.session)
            for changes in [
                ["redirect_uri": "https://evil.example.org/"], ["redirect_uri": ""], ["client_id": ""],
                ["client_id": UUID().uuidString],
            ] {
                let answer = try await server.send(.GET, Self.authorizePath(changes), as: person)
                #expect(answer.status == 400 && answer.text.contains("AADSTS"))
            }
            for (changes, error) in [
                (["code_challenge_method": "plain"], "invalid_request"), (["code_challenge": ""], "invalid_request"),
                (["response_type": "token"], "unsupported_response_type"), (["scope": "x"], "invalid_scope"),
            ] {
                let location = try await Self.decide(server, Self.authorizePath(changes), "approve")
                #expect(location.hasPrefix("http://127.0.0.1:5555/?error=\(error)&"), "\(location)")
            }
            let declined = try await Self.decide(server, Self.authorizePath(), "decline")
            #expect(declined.contains("error=access_denied"))
        }
    }
}
