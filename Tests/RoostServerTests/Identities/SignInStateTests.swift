import Crypto
import Foundation
import RoostModel
import Testing

@testable import RoostServer

@Suite("Sign-ins of people, as states")
struct SignInStateTests {
    private static let now = Date(timeIntervalSince1970: 1_800_000_000)
    private static let approval = Approval(user: "ada", token: UUID())

    private func device() throws -> DeviceSignIn {
        let client = try #require(SignInClient.wellKnown.values.first)
        return DeviceSignIn(
            userCode: "BCDF-GHJK",
            client: client,
            scope: try RequestedScope("openid", isApp: false),
            address: "10.0.0.1",
            expiresAt: Self.now + DeviceSignIn.life
        )
    }

    @Test("a device waits, is told to slow down, and gets the approval once")
    func decided() throws {
        var device = try device()
        let waiting = [0, 1, 6, 22].map { device.poll(at: Self.now + $0) }
        #expect(waiting == [.pending, .slowDown, .slowDown, .pending], "the interval grows")
        let decisions = [Self.approval, nil].map { device.decide($0, at: Self.now + 23) }
        #expect(decisions == [true, false])
        let polls = [23, 30].map { device.poll(at: Self.now + $0) }
        #expect(polls == [.approved(Self.approval), .used])
    }

    @Test("a device whose person declines or never comes is told so")
    func refused() throws {
        var declined = try device()
        let isDeclined = declined.decide(nil, at: Self.now)
        let poll = declined.poll(at: Self.now)
        #expect(isDeclined && poll == .declined)
        var late = try device()
        let isLate = late.decide(Self.approval, at: Self.now + DeviceSignIn.life)
        let end = late.poll(at: Self.now + DeviceSignIn.life)
        #expect(!isLate && end == .expired)
    }

    @Test(
        "a code is read as people write it",
        arguments: [("bcdf-ghjk", "BCDF-GHJK"), (" BCDFGHJK ", "BCDF-GHJK"), ("bcdf ghjk", "BCDF-GHJK"), ("bcdf", "")]
    )
    func normalized(_ text: String, _ code: String) { #expect(DeviceSignIn.normalized(text) == code) }

    @Test("one address cannot take all the room for codes")
    func room() throws {
        let pending = PendingSignIns()
        let client = try #require(SignInClient.wellKnown.values.first)
        let scope = try RequestedScope("openid", isApp: false)
        let begun = (0..<201).map { _ in pending.begin(client, scope, from: "10.0.0.1", at: Self.now) != nil }
        #expect(begun.filter(\.self).count == 200)
        #expect(pending.begin(client, scope, from: "10.0.0.2", at: Self.now) != nil)
        #expect(pending.begin(client, scope, from: "10.0.0.1", at: Self.now + DeviceSignIn.life) != nil)
    }

    @Test("an old refresh token is taken for half a minute and betrays a copy after that")
    func refresh() {
        var grant = SignInGrant(
            id: UUID(),
            user: "ada",
            token: UUID(),
            client: UUID(),
            clientName: "roost",
            signIn: .deviceCode,
            resource: "r",
            hash: "new",
            previous: "old",
            rotatedAt: Self.now,
            createdAt: Self.now,
            expiresAt: Self.now + 1000
        )
        #expect(grant.verdict(on: "new", at: Self.now + 500) == .current)
        #expect(grant.verdict(on: "old", at: Self.now + 29) == .justReplaced)
        #expect(grant.verdict(on: "old", at: Self.now + 30) == .reused)
        #expect(grant.verdict(on: "older", at: Self.now) == .reused)
        #expect(grant.verdict(on: "new", at: Self.now + 1000) == .expired)
        grant.revokedAt = Self.now
        #expect(grant.verdict(on: "new", at: Self.now) == .revoked)
    }

    @Test("a refresh token that this server did not make is no member of a family")
    func forged() throws {
        let issuer = TokenIssuer(key: Data(repeating: 1, count: 32), issuer: "x")
        let other = TokenIssuer(key: Data(repeating: 2, count: 32), issuer: "x")
        let family = UUID()
        let text = RefreshToken.make(family: family, issuer: issuer).exposed
        #expect(RefreshToken(text, issuer: issuer)?.family == family)
        #expect(RefreshToken(text, issuer: other) == nil)
        #expect(RefreshToken(text + "x", issuer: issuer) == nil)
        #expect(RefreshToken("rsr_", issuer: issuer) == nil && RefreshToken("", issuer: issuer) == nil)
    }

    @Test("a browser goes back to registered addresses only; on its own machine the port is free")
    func redirects() throws {
        let known = ["http://localhost", "https://app.example.org/back"]
        func isRegistered(_ text: String) -> Bool { RedirectAddress(text)?.isRegistered(known) ?? false }
        #expect(isRegistered("http://localhost:8400") && isRegistered("http://localhost:8400/"))
        #expect(isRegistered("http://127.0.0.1:1") && isRegistered("https://app.example.org/back"))
        for wrong in [
            "http://localhost:8400/evil", "https://app.example.org/back/", "https://app.example.org:444/back",
            "http://app.example.org/back", "https://app.example.org.evil.org/back", "javascript:alert(1)",
            "http://localhost@evil.org", "https://app.example.org/back#x", "http://localhost:1\r\nX: y", "",
        ] { #expect(!isRegistered(wrong), "\(wrong)") }
    }

    @Test("a scope names one resource")
    func scopes() throws {
        let own = AccessTokenClaims.serviceAudience
        #expect(try RequestedScope("\(own)/.default offline_access openid", isApp: false).resource == own)
        #expect(
            try RequestedScope("https://vault.example.org/.default", isApp: true).resource
                == "https://vault.example.org"
        )
        #expect(try RequestedScope("openid profile", isApp: false).resource == own)
        for (text, isApp) in [
            ("\(own)/user_impersonation", true), ("openid", true), ("x", false), ("x/.default", true),
            ("\(own)/.default https://vault.example.org/.default", false), ("/.default", true), ("://x/.default", true),
        ] {
            #expect(throws: RequestedScope.Problem.self) { try RequestedScope(text, isApp: isApp) }
        }
        #expect(throws: RequestedScope.Problem.missing) { try RequestedScope(nil, isApp: true) }
    }

    @Test("a verifier proves its challenge")
    func pkce() throws {
        let verifier = String(repeating: "v", count: 43)
        let challenge = TokenIssuer.base64URL(Data(SHA256.hash(data: Data(verifier.utf8))))
        #expect(CodeSignIn.isChallenge(challenge) && !CodeSignIn.isChallenge("short"))
        let client = try #require(SignInClient.wellKnown.values.first)
        let signIn = CodeSignIn(
            client: client,
            redirect: "http://localhost",
            challenge: challenge,
            scope: try RequestedScope("openid", isApp: false),
            approval: Self.approval,
            expiresAt: Self.now
        )
        #expect(signIn.isProved(by: verifier) && !signIn.isProved(by: verifier + "v"))
        #expect(!signIn.isProved(by: challenge))
    }
}
