import Foundation
import RoostModel
import Testing

@testable import RoostServer

extension EnrollmentWay {
    static let clientSecret = EnrollmentWay(title: "(c) A service principal's secret") { ground in
        let (server, plane) = (ground.server, ground.server.app.plane)
        let (identity, secret, secretID) = try await server.identity(scopes: [], pools: [1])
        let (reader, readerSecret, _) = try await server.identity("reader", scopes: [.agentPools])
        let old = try await plane.addSecret(to: "reader", name: "old", days: 1, by: .system)
        try await plane.change { state, _ in
            guard let place = state.identities[reader.id]?.secrets.firstIndex(where: { $0.id == old.secret.id }) else {
                return
            }
            state.identities[reader.id]?.secrets[place].expiresAt = Date() - 60
        }
        let form = LiveServer.form(identity, secret)
        func refused(_ what: String, _ changes: [String: String], tenant: String? = nil) async throws -> EnrollmentLine
        {
            .refused(what, try await ground.register(tenant: tenant, form.merging(changes) { $1 }))
        }
        var lines = [
            EnrollmentLine.refused(EnrollmentLine.good, try await ground.register(form)),
            try await refused("audience", ["scope": "https://vault.example/.default"]),
            try await refused("issuer", [:], tenant: "11111111-2222-4333-8444-555555555555"),
            try await refused("subject", ["client_id": UUID().uuidString.lowercased()]),
            .refused("expiry", try await ground.register(LiveServer.form(reader, old.value.exposed))),
            try await refused("signature", ["client_secret": "wrong"]),
            .refused("scope", try await ground.register(LiveServer.form(reader, readerSecret))),
            .refused("pool", try await ground.register(in: 2, form)),
        ]
        let enroller = try plane.agents(in: PoolID(1)).last { $0.agent.enrolledBy?.signIn == .clientSecret }
        #expect(enroller?.agent.enrolledBy?.actor == "enroller:deployer")
        let token = try await server.token(form).accessToken
        lines += try await ground.tokenLines(token).map { line in
            EnrollmentLine(what: "\(line.what) of its token", outcome: line.outcome)
        }
        _ = try await plane.updateIdentity("deployer", IdentityDraft(isEnabled: false), by: .system)
        lines.append(try await refused("disabled", [:]))
        _ = try await plane.updateIdentity("deployer", IdentityDraft(isEnabled: true), by: .system)
        _ = try await plane.removeCredential(secretID, from: "deployer", by: .system)
        lines.append(.refused("revoked", try await ground.register("x", as: .bearer(token))))
        return lines
    }

    static let certificate = EnrollmentWay(title: "(d) A service principal's certificate") { ground in
        let programs = try await CertificatePrograms(ground)
        let now = Date().timeIntervalSince1970
        let stranger = UUID().uuidString.lowercased()
        let good = try await programs.register()
        #expect(
            try ground.server.app.plane.agents(in: PoolID(1)).contains { $0.agent.enrolledBy?.signIn == .certificate }
        )
        return [
            .refused(EnrollmentLine.good, good),
            .refused("audience", try await programs.register(["aud": "https://elsewhere/token"])),
            .refused("issuer", try await programs.register(["iss": "https://elsewhere.example"])),
            .refused("subject", try await programs.register(["sub": stranger])),
            .refused("expiry", try await programs.register(["exp": now - 1000])),
            .refused("signature", try await programs.register(by: programs.other)),
            .refused("scope", try await programs.register(reader: true)),
            .refused("pool", try await programs.register(in: 2)),
            .refused("thumbprint", try await programs.register(thumbprint: "AAAA")),
            .refused("begin", try await programs.register(["nbf": now + 1000, "exp": now + 2000])),
        ]
    }

    /// Of an identity that trusts an issuer's tokens.
    static let federatedIdentity = EnrollmentWay(title: "(f) An id token for a service principal") { ground in
        let (server, issuer) = (ground.server, ground.issuer)
        let (identity, _, _) = try await server.identity(scopes: [], pools: [1])
        let (reader, _, _) = try await server.identity("reader", scopes: [.agentPools])
        for name in ["deployer", "reader"] {
            let credential = FederatedCredential(
                id: UUID(),
                name: "ci",
                issuer: issuer.address,
                subject: "repo:contoso/app",
                audience: "roost"
            )
            _ = try await server.app.plane.addFederation(to: name, credential, by: .system)
        }
        func refused(
            _ what: String,
            by key: IssuerKeyPair? = nil,
            of asked: DirectoryIdentity? = nil,
            in pool: Int = 1,
            _ change: (inout IssuedClaims) -> Void = { _ in }
        ) async throws -> EnrollmentLine {
            let assertion = try await issuer.token(by: key, change)
            let form = LiveServer.form(asked ?? identity, assertion: assertion)
            return .refused(what, try await ground.register(in: pool, form))
        }
        let forged = try IssuerKeyPair(.RS256, id: "first", generation: 1)
        let lines = [
            try await refused(EnrollmentLine.good),
            try await refused("audience") { $0.aud = ["vault"] },
            try await refused("issuer") { $0.iss = "https://evil.example" },
            try await refused("subject") { $0.sub = "repo:evil/app" },
            try await refused("expiry") { $0.exp -= 2000 },
            try await refused("signature", by: forged),
            try await refused("scope", of: reader),
            try await refused("pool", in: 2),
        ]
        // The issuer's keys change: the next token is accepted at once.
        issuer.publish([try IssuerKeyPair(.ES384, id: "second")])
        let assertion = try await issuer.token()
        #expect(try await ground.register(LiveServer.form(identity, assertion: assertion)) == nil)
        return lines
    }
}

/// Two service principals with the same certificate: one that registers agents, and one that only sees them.
struct CertificatePrograms {
    private let ground: EnrollmentGround
    private let own: TestCertificate
    let other: TestCertificate
    private let identity: DirectoryIdentity
    private let reader: DirectoryIdentity
    private let thumbprint: String

    init(_ ground: EnrollmentGround) async throws {
        let server = ground.server
        self.ground = ground
        (own, other) = (try TestCertificate(in: server.folder), try TestCertificate(in: server.folder))
        identity = try await server.identity(scopes: [], pools: [1]).identity
        reader = try await server.identity("reader", scopes: [.agentPools]).identity
        let kept = try await server.app.plane.addCertificate(to: "deployer", name: "c", pem: own.pem, by: .system)
        _ = try await server.app.plane.addCertificate(to: "reader", name: "c", pem: own.pem, by: .system)
        thumbprint = kept.certificates.first?.sha256 ?? ""
    }

    /// Registers with an assertion whose claims were changed.
    func register(
        _ changes: [String: Any] = [:],
        reader isReader: Bool = false,
        thumbprint shown: String? = nil,
        by signer: TestCertificate? = nil,
        in pool: Int = 1
    ) async throws -> EnrollmentGround.Refusal? {
        let (server, asked) = (ground.server, isReader ? reader : identity)
        let (client, now) = (asked.clientID.uuidString.lowercased(), Date().timeIntervalSince1970)
        var claims: [String: Any] = [
            "iss": client, "sub": client, "aud": "\(server.app.address)\(server.tenant)/oauth2/v2.0/token",
            "jti": UUID().uuidString, "nbf": now, "exp": now + 600,
        ]
        claims.merge(changes) { $1 }
        let head = ["alg": "PS256", "x5t#S256": shown ?? thumbprint]
        let assertion = try (signer ?? own).assertion(head, claims)
        return try await ground.register(in: pool, LiveServer.form(asked, assertion: assertion))
    }
}
