import Foundation
import RoostModel
import Testing

@testable import RoostServer

@Suite("Programs that prove themselves by signed assertions")
struct ClientAssertionTests {
    private static func claims(_ server: LiveServer, _ identity: DirectoryIdentity) -> [String: Any] {
        let now = Date().timeIntervalSince1970
        let client = identity.clientID.uuidString.lowercased()
        return [
            "iss": client, "sub": client, "aud": "\(server.app.address)\(server.tenant)/oauth2/v2.0/token",
            "jti": UUID().uuidString, "nbf": now, "exp": now + 600,
        ]
    }

    @Test("a certificate's key signs assertions by RS256 and PS256; each flaw has its own number")
    func certificate() async throws {
        try await LiveServer.with { server in
            let (identity, _, _) = try await server.identity()
            let own = try TestCertificate(in: server.folder)
            let other = try TestCertificate(in: server.folder)
            let kept = try await server.app.plane.addCertificate(to: "deployer", name: "", pem: own.pem, by: .system)
            let known = try #require(kept.certificates.first)
            func aadsts(
                _ header: [String: String] = [:],
                _ changes: [String: Any?] = [:],
                by signer: TestCertificate? = nil
            ) async throws -> Int? {
                let head = ["alg": "PS256", "x5t#S256": known.sha256].merging(header) { $1 }.filter {
                    !$0.value.isEmpty
                }
                var claims = Self.claims(server, identity)
                for (name, value) in changes { claims[name] = value }
                let assertion = try (signer ?? own).assertion(head, claims)
                return try await server.token(LiveServer.form(identity, assertion: assertion)).aadsts
            }
            #expect(try await aadsts() == nil)
            #expect(try await aadsts(["alg": "RS256", "x5t#S256": "", "x5t": known.sha1]) == nil)
            #expect(try await aadsts(["x5t#S256": "AAAA"]) == 700_027)
            #expect(try await aadsts(["x5t#S256": ""]) == 700_027)
            #expect(try await aadsts(by: other) == 50_027)
            #expect(try await aadsts(["alg": "RS512"]) == 50_027)
            #expect(try await aadsts(["alg": "none"]) == 50_027)
            #expect(try await aadsts([:], ["aud": "https://elsewhere/token"]) == 700_023)
            let now = Date().timeIntervalSince1970
            #expect(try await aadsts([:], ["exp": now - 200]) == nil, "clocks may be five minutes apart")
            #expect(try await aadsts([:], ["exp": now - 301]) == 700_024)
            #expect(try await aadsts([:], ["nbf": now + 400]) == 700_024)
            #expect(try await aadsts([:], ["exp": now + 90_000]) == 50_027)
            #expect(try await aadsts([:], ["jti": nil]) == 50_027)
            _ = try await server.app.plane.removeCredential(known.id, from: "deployer", by: .system)
            #expect(try await aadsts() == 700_027)
        }
    }

    @Test("an assertion is taken from the address that used it first")
    func binding() {
        let binding = AssertionBinding()
        let now = Date()
        #expect(binding.admits("a", from: "10.0.0.1", expires: now + 10, at: now))
        #expect(binding.admits("a", from: "10.0.0.1", expires: now + 10, at: now + 9))
        #expect(!binding.admits("a", from: "10.0.0.2", expires: now + 10, at: now + 9))
        #expect(binding.admits("a", from: "10.0.0.2", expires: now + 20, at: now + 10))
    }

    @Test(
        "what is no token is refused and harms nothing",
        arguments: ["", "a", "a.b.c", "..", "e30.e30.e30", "eyJ.%.x"]
    )
    func garbage(_ text: String) async throws {
        try await LiveServer.with { server in
            let (identity, _, _) = try await server.identity()
            let answer = try await server.token(LiveServer.form(identity, assertion: text))
            #expect(answer.status == 400 || answer.status == 401)
            #expect(answer.error != nil)
        }
    }

    @Test("a job of another server gets a token here by its id token, after a rule; each difference is named")
    func federated() async throws {
        try await LiveServer.with { other in
            let url = "/_apis/roost/server"
            #expect(try await other.send(.GET, url).status == 200)
            let path = "\(other.seed.planPath)/jobs/\(other.seed.job.id)/oidctoken"
            let answer = try await other.send(.POST, path, as: .bearer(other.job), body: "{}")
            let idToken = try #require(answer.json["oidcToken"] as? String)
            let stranger = try await other.send(
                .POST,
                "\(path)?audience=api://other",
                as: .bearer(other.job),
                body: "{}"
            )
            let elsewhere = try #require(stranger.json["oidcToken"] as? String)
            let issuer = other.app.plane.tokenIssuerURL
            try await LiveServer.with { server in
                let (identity, _, _) = try await server.identity()
                func ask(_ assertion: String) async throws -> LiveServer.Answer {
                    try await server.token(LiveServer.form(identity, assertion: assertion))
                }
                #expect(try await ask(idToken).aadsts == 70_021)
                let wrong = FederatedCredential(
                    id: UUID(),
                    name: "",
                    issuer: issuer,
                    subject: "p://roost/Fabrikam Fibre/other",
                    audience: FederatedCredential.defaultAudience
                )
                _ = try await server.app.plane.addFederation(to: "deployer", wrong, by: .system)
                let refused = try await ask(idToken)
                #expect(refused.aadsts == 70_021)
                #expect((refused.json["error_description"] as? String)?.contains("p://roost/Fabrikam Fibre/ci") == true)
                var right = wrong
                right.id = UUID()
                right.subject = "p://roost/Fabrikam Fibre/ci"
                _ = try await server.app.plane.addFederation(to: "deployer", right, by: .system)
                let good = try await ask(idToken)
                #expect(good.status == 200)
                #expect(good.claims()["roost_signin"] as? String == "federated")
                #expect(try await ask(elsewhere).aadsts == 70_021)
                // The other server changes its keys: the new ones are found, what the old ones signed is refused.
                _ = try await other.app.plane.rotateSigningKey(atOnce: true, by: .system)
                let next = try await other.send(.POST, path, as: .bearer(other.job), body: "{}")
                #expect(try await ask(next.json["oidcToken"] as? String ?? "").status == 200)
                #expect(try await ask(idToken).aadsts == 50_027)
                let bearer = LiveServer.Sender.bearer(good.accessToken)
                #expect(try await server.send(.GET, "/_apis/distributedtask/pools", as: bearer).status == 200)
                _ = try await server.app.plane.removeCredential(right.id, from: "deployer", by: .system)
                #expect(try await server.send(.GET, "/_apis/distributedtask/pools", as: bearer).status == 401)
            }
        }
    }

    @Test("a job's id token says who it is; other jobs' and wrong audiences are refused")
    func jobToken() async throws {
        try await LiveServer.with { server in
            let seed = server.seed
            let path = "\(seed.planPath)/jobs/\(seed.job.id)/oidctoken"
            let answer = try await server.send(.POST, path, as: .bearer(server.job), body: "{}")
            let claims = answer.claims("oidcToken")
            #expect(claims["sub"] as? String == "p://roost/Fabrikam Fibre/ci")
            #expect(claims["aud"] as? String == "api://AzureADTokenExchange")
            #expect(claims["branch"] as? String == "refs/heads/main")
            #expect(claims["iss"] as? String == server.app.plane.tokenIssuerURL)
            let missing = try await server.send(
                .POST,
                "\(path)?serviceConnectionId=nothing",
                as: .bearer(server.job),
                body: "{}"
            )
            #expect(missing.status == 404)
            _ = try await server.app.plane.createTaskConnection(
                TaskConnectionDraft(name: "prod", type: "generic", url: "https://example.org/"),
                in: seed.project.id,
                by: .system
            )
            let unnamed = try await server.send(
                .POST,
                "\(path)?serviceConnectionId=prod",
                as: .bearer(server.job),
                body: "{}"
            )
            #expect(unnamed.status == 403 && unnamed.message.contains("No step of this job names"))
            let other = "\(seed.planPath)/jobs/\(UUID())/oidctoken"
            #expect(try await server.send(.POST, other, as: .bearer(server.job), body: "{}").status == 403)
            let own = "\(path)?audience=\(AccessTokenClaims.serviceAudience)"
            #expect(try await server.send(.POST, own, as: .bearer(server.job), body: "{}").status == 400)
            let token = answer.json["oidcToken"] as? String ?? ""
            #expect(try await server.send(.GET, "/_apis/projects", as: .bearer(token)).status == 401)
            let events = try await server.app.plane.auditEvents(limit: 10, before: nil)
            #expect(events.contains { $0.action == "job-token.issue" && $0.detail.contains("p://roost") })
        }
    }
}
