import Foundation
import RoostModel
import RoostWire
import Testing

@testable import RoostServer

/// Each kind of credential that registers agents, with each thing that can be wrong with it.
@Suite("Enrolment by every kind of credential")
struct EnrollmentMatrixTests {
    typealias Refusal = EnrollmentGround.Refusal

    /// Checks that each refusal has a message of its own, with the words that belong to it.
    private static func expect(_ refusals: [(Refusal?, Int, String)]) {
        for (refusal, status, words) in refusals {
            #expect(refusal?.status == status, "\(refusal?.message ?? "registered") instead of: \(words)")
            #expect(
                refusal?.message.contains(words) == true,
                "\(refusal?.message ?? "registered") instead of: \(words)"
            )
        }
        let messages = refusals.compactMap { $0.0?.message }
        #expect(Set(messages).count == messages.count, "\(messages)")
    }

    @Test("a personal token: scope, role, expiry, revocation, and one that is not of this server")
    func personalToken() async throws {
        try await EnrollmentGround.with { ground in
            let good = try await ground.personalToken([.agentPoolsManage])
            #expect(try await ground.register("good", as: .basic(good.text)) == nil)
            let stranger = try await ground.personalToken([.agentPoolsManage], of: "bob")
            let narrow = try await ground.personalToken([.agentPools])
            let short = try await ground.personalToken([.agentPoolsManage], life: .nanoseconds(1))
            let revoked = try await ground.personalToken([.agentPoolsManage])
            try await ground.server.app.plane.revokeToken(revoked.token.id, by: .system)
            Self.expect([
                (try await ground.register("x", as: .basic(narrow.text)), 403, "the scope 'vso.agentpools_manage'"),
                (try await ground.register("x", as: .basic(stranger.text)), 403, "manage"),
                (try await ground.register("x", as: .basic(short.text)), 401, "expired on"),
                (try await ground.register("x", as: .basic(revoked.text)), 401, "has been revoked"),
                (try await ground.register("x", as: .basic(PersonalToken.make().exposed)), 401, "not known here"),
                (try await ground.register("x", as: .nobody), 401, "carries none"),
                (try await ground.register("x", in: 99, as: .basic(good.text)), 404, "no agent pool '99'"),
            ])
        }
    }

    @Test("an enrollment token: pool, uses, revocation, address, and one that is not of this server")
    func enrollmentToken() async throws {
        try await EnrollmentGround.with { ground in
            let good = try await ground.enrollmentToken()
            #expect(try await ground.register("good", as: .basic(good.text)) == nil)
            let other = try await ground.enrollmentToken()
            let revoked = try await ground.enrollmentToken()
            try await ground.server.app.plane.revokeEnrollmentToken(revoked.token.id, of: PoolID(1), by: .system)
            let elsewhere = try await ground.enrollmentToken(from: ["192.0.2.0/24"])
            Self.expect([
                (try await ground.register("x", as: .basic(good.text)), 401, "it was good for 1 registrations"),
                (try await ground.register("x", in: 2, as: .basic(other.text)), 403, "not for pool 2 but for 1"),
                (try await ground.register("x", as: .basic(revoked.text)), 401, "has been revoked"),
                (try await ground.register("x", as: .basic(elsewhere.text)), 401, "from the address '127.0.0.1'"),
                (
                    try await ground.register("x", as: .basic(EnrollmentToken.makeText().exposed)), 401,
                    "not known here"
                ),
            ])
        }
    }

    @Test("another issuer's token: audience, issuer, subject, claim, expiry, signature, algorithm and pool")
    func foreignToken() async throws {
        try await EnrollmentGround.with { ground in
            let issuer = ground.issuer
            #expect(try await ground.register("good", exchanging: issuer.token()) == nil)
            func refusal(_ change: (inout IssuedClaims) -> Void) async throws -> Refusal? {
                try await ground.register("x", exchanging: issuer.token(change))
            }
            let forged = try IssuerKeyPair(.RS256, id: "first", generation: 1)
            let strange = try IssuerKeyPair(.ES256, id: "strange")
            Self.expect([
                (try await refusal { $0.aud = ["vault"] }, 400, "the claim 'aud' is 'vault'"),
                (try await refusal { $0.iss = "https://evil.example" }, 400, "'https://evil.example'"),
                (try await refusal { $0.sub = "repo:evil/app" }, 400, "the claim 'sub' is 'repo:evil/app'"),
                (try await refusal { $0.ref = nil }, 400, "the claim 'ref' is absent"),
                (try await refusal { $0.exp -= 2000 }, 400, "the claim 'exp' is"),
                (try await refusal { $0.nbf += 2000 }, 400, "the claim 'nbf' is"),
                (
                    try await ground.register("x", exchanging: issuer.token(by: forged)), 400,
                    "no key of the issuer made it"
                ),
                (try await ground.register("x", exchanging: issuer.token(by: strange)), 400, "has no key 'strange'"),
                (try await ground.register("x", in: 2, exchanging: issuer.token()), 403, "not for pool 2 but for 1"),
            ])
            let agents = try ground.server.app.plane.agents(in: PoolID(1)).map(\.agent.name)
            #expect(!agents.contains("x"))
        }
    }

    /// Registers with what the authorization server gives for a form; its own refusals carry their number.
    private static func register(
        _ ground: EnrollmentGround,
        in pool: Int = 1,
        _ form: [String: String]
    ) async throws -> Refusal? {
        let answer = try await ground.server.token(form)
        guard answer.status == 200 else {
            return Refusal(status: answer.status, message: answer.json["error_description"] as? String ?? "")
        }
        return try await ground.register("x-\(UUID())", in: pool, as: .bearer(answer.accessToken))
    }

    @Test("a service principal's secret: secret, client, scope, audience, pool, and one that is switched off")
    func clientSecret() async throws {
        try await EnrollmentGround.with { ground in
            let (server, plane) = (ground.server, ground.server.app.plane)
            let (identity, secret, secretID) = try await server.identity(scopes: [], pools: [1])
            let (reader, readerSecret, _) = try await server.identity("reader", scopes: [.agentPools])
            func refusal(in pool: Int = 1, _ changes: [String: String] = [:]) async throws -> Refusal? {
                try await Self.register(ground, in: pool, LiveServer.form(identity, secret).merging(changes) { $1 })
            }
            #expect(try await refusal() == nil)
            let agent = try plane.agents(in: PoolID(1)).last { $0.agent.enrolledBy?.signIn == .clientSecret }
            #expect(agent?.agent.enrolledBy?.actor == "enroller:deployer")
            Self.expect([
                (try await refusal(["client_secret": "wrong"]), 401, "AADSTS7000215"),
                (try await refusal(["client_id": UUID().uuidString]), 400, "AADSTS700016"),
                (try await refusal(["scope": "https://vault.example/.default"]), 401, "The token is meant for"),
                (try await refusal(in: 2), 403, "not for pool 2 but for 1"),
                (try await Self.register(ground, LiveServer.form(reader, readerSecret)), 403, "vso.agentpools_manage"),
            ])
            _ = try await plane.updateIdentity("deployer", IdentityDraft(isEnabled: false), by: .system)
            let disabled = try await refusal()
            _ = try await plane.updateIdentity("deployer", IdentityDraft(isEnabled: true), by: .system)
            _ = try await plane.removeCredential(secretID, from: "deployer", by: .system)
            let removed = try await refusal()
            #expect(disabled?.message.contains("AADSTS7000112") == true)
            #expect(removed?.message.contains("AADSTS7000215") == true)
        }
    }

    @Test("a certificate: signature, audience, expiry and one that is not registered")
    func certificate() async throws {
        try await EnrollmentGround.with { ground in
            let (server, plane) = (ground.server, ground.server.app.plane)
            let (identity, _, _) = try await server.identity(scopes: [], pools: [1])
            let (own, other) = (try TestCertificate(in: server.folder), try TestCertificate(in: server.folder))
            let kept = try await plane.addCertificate(to: "deployer", name: "c", pem: own.pem, by: .system)
            let known = try #require(kept.certificates.first)
            func refusal(
                thumbprint: String? = nil,
                by signer: TestCertificate? = nil,
                _ changes: [String: Any] = [:]
            ) async throws -> Refusal? {
                let (client, now) = (identity.clientID.uuidString.lowercased(), Date().timeIntervalSince1970)
                var claims: [String: Any] = [
                    "iss": client, "sub": client, "aud": "\(server.app.address)\(server.tenant)/oauth2/v2.0/token",
                    "jti": UUID().uuidString, "nbf": now, "exp": now + 600,
                ]
                claims.merge(changes) { $1 }
                let head = ["alg": "PS256", "x5t#S256": thumbprint ?? known.sha256]
                let assertion = try (signer ?? own).assertion(head, claims)
                return try await Self.register(ground, LiveServer.form(identity, assertion: assertion))
            }
            #expect(try await refusal() == nil)
            #expect(try plane.agents(in: PoolID(1)).contains { $0.agent.enrolledBy?.signIn == .certificate })
            Self.expect([
                (try await refusal(by: other), 401, "AADSTS50027"),
                (try await refusal(["aud": "https://elsewhere/token"]), 401, "AADSTS700023"),
                (try await refusal(["exp": Date().timeIntervalSince1970 - 1000]), 401, "AADSTS700024"),
                (try await refusal(thumbprint: "AAAA"), 401, "AADSTS700027"),
            ])
        }
    }

    @Test("an issuer's token for an identity: audience, issuer, subject, expiry, signature and key")
    func federatedIdentity() async throws {
        try await EnrollmentGround.with { ground in
            let (server, issuer) = (ground.server, ground.issuer)
            let (identity, _, _) = try await server.identity(scopes: [], pools: [1])
            let credential = FederatedCredential(
                id: UUID(),
                name: "ci",
                issuer: issuer.address,
                subject: "repo:contoso/app",
                audience: "roost"
            )
            _ = try await server.app.plane.addFederation(to: "deployer", credential, by: .system)
            func refusal(
                by key: IssuerKeyPair? = nil,
                _ change: (inout IssuedClaims) -> Void = { _ in }
            ) async throws -> Refusal? {
                let assertion = try await issuer.token(by: key, change)
                return try await Self.register(ground, LiveServer.form(identity, assertion: assertion))
            }
            #expect(try await refusal() == nil)
            let forged = try IssuerKeyPair(.RS256, id: "first", generation: 1)
            Self.expect([
                (try await refusal { $0.aud = ["vault"] }, 401, "the audience must be 'roost'"),
                (try await refusal { $0.iss = "https://evil.example" }, 401, "none is of this issuer"),
                (try await refusal { $0.sub = "repo:evil/app" }, 401, "none is of this subject"),
                (try await refusal { $0.exp -= 2000 }, 401, "AADSTS700024"),
                (try await refusal(by: forged), 401, "AADSTS50027"),
            ])
            // The issuer's keys change: the next token is accepted at once.
            issuer.publish([try IssuerKeyPair(.ES384, id: "second")])
            #expect(try await refusal() == nil)
        }
    }
}
