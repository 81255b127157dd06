import Foundation
import RoostModel
import Testing

@testable import RoostServer

@Suite("Tokens of programs")
struct ClientCredentialTests {
    private static let pools = "/_apis/distributedtask/pools"

    @Test("discovery and keys are found under each name of the tenant, and no other")
    func discovery() async throws {
        try await LiveServer.with { server in
            for tenant in [server.tenant, server.tenant.uppercased(), "roost", "organizations", "common"] {
                let path = "/\(tenant)/v2.0/.well-known/openid-configuration"
                let found = try await server.send(.GET, path, as: .nobody)
                #expect(found.json["issuer"] as? String == "\(server.app.address)\(server.tenant)/v2.0")
                let keys = try #require(found.json["jwks_uri"] as? String)
                let list = try await server.send(.GET, "/" + keys.dropFirst(server.app.address.count), as: .nobody)
                #expect((list.json["keys"] as? [[String: Any]])?.first?["kty"] as? String == "RSA")
                #expect(!list.text.contains("\"d\""))
            }
            let other = try await server.token(["grant_type": "client_credentials"], tenant: "contoso")
            #expect(other.status == 400 && other.aadsts == 90_002)
        }
    }

    @Test("a secret gives a token that may do what the identity may, by post and by basic")
    func secret() async throws {
        try await LiveServer.with { server in
            let (identity, secret, _) = try await server.identity()
            let answer = try await server.token(LiveServer.form(identity, secret))
            #expect(answer.status == 200 && answer.json["token_type"] as? String == "Bearer")
            #expect(answer.headers["Cache-Control"] == ["no-store"])
            let claims = answer.claims()
            #expect(claims["aud"] as? String == AccessTokenClaims.serviceAudience)
            #expect(claims["oid"] as? String == identity.id.uuidString.lowercased())
            #expect(claims["tid"] as? String == server.tenant)
            let bearer = LiveServer.Sender.bearer(answer.accessToken)
            #expect(try await server.send(.GET, Self.pools, as: bearer).status == 200)
            #expect(try await server.send(.GET, Self.pools, as: .basic(answer.accessToken)).status == 200)
            #expect(try await server.send(.GET, "/_apis/roost/identities", as: bearer).status == 403)
            #expect(try await server.send(.GET, Self.pools, as: .cookie(answer.accessToken)).status == 401)
            var form = LiveServer.form(identity, secret)
            form["client_secret"] = nil
            let basic = try await server.token(form, client: "\(form["client_id"] ?? ""):\(secret)")
            #expect(basic.status == 200)
            #expect(try await !server.store.everything().contains(secret))
        }
    }

    @Test("an address that asks too often is told when to come again")
    func rate() async throws {
        try await LiveServer.with(flags: ["rate-limit": "1"]) { server in
            // All at once, for on a slow machine the allowance grows as fast as one asks after the other.
            let refused = try await withThrowingTaskGroup(of: LiveServer.Answer.self) { group in
                for _ in 0..<400 { group.addTask { try await server.token([:]) } }
                return try await group.filter { $0.status == 429 }.reduce(into: []) { $0.append($1) }
            }
            #expect(!refused.isEmpty)
            for answer in refused {
                #expect(answer.aadsts == 50_196)
                #expect(answer.headers["Retry-After"].first.flatMap { Int($0) } ?? 0 >= 1)
            }
        }
    }

    @Test("each wrong request has its own number")
    func refusals() async throws {
        try await LiveServer.with { server in
            let (identity, secret, _) = try await server.identity()
            let good = LiveServer.form(identity, secret)
            func aadsts(_ changes: [String: String?]) async throws -> Int? {
                var form = good
                for (name, value) in changes { form[name] = value }
                let answer = try await server.token(form)
                #expect(answer.status == 400 || answer.status == 401)
                let text = answer.json["error_description"] as? String ?? ""
                #expect(text.hasPrefix("AADSTS\(answer.aadsts ?? 0): ") && !text.contains(secret))
                return answer.aadsts
            }
            #expect(try await aadsts(["client_secret": "wrong"]) == 7_000_215)
            #expect(try await aadsts(["client_secret": nil]) == 7_000_218)
            #expect(try await aadsts(["client_id": UUID().uuidString]) == 700_016)
            #expect(try await aadsts(["client_id": "x"]) == 700_016)
            #expect(try await aadsts(["scope": nil]) == 70_011)
            #expect(try await aadsts(["scope": "openid"]) == 70_011)
            #expect(try await aadsts(["grant_type": "password"]) == 70_003)
            #expect(try await aadsts(["grant_type": nil]) == 900_144)
            #expect(try await aadsts(["client_assertion": "a.b.c"]) == 900_144)
        }
    }

    @Test("disabling, deleting, or removing the secret refuses the token at once, and says so")
    func revocation() async throws {
        try await LiveServer.with { server in
            let (identity, secret, secretID) = try await server.identity()
            let plane = server.app.plane
            let bearer = LiveServer.Sender.bearer(
                try await server.token(LiveServer.form(identity, secret)).accessToken
            )
            func code() async throws -> String? {
                try await server.send(.GET, Self.pools, as: bearer).json["code"] as? String
            }
            #expect(try await code() == nil)
            _ = try await plane.updateIdentity("deployer", IdentityDraft(isEnabled: false), by: .system)
            #expect(try await code() == "access-token.identity-disabled")
            #expect(try await server.token(LiveServer.form(identity, secret)).aadsts == 7_000_112)
            _ = try await plane.updateIdentity("deployer", IdentityDraft(isEnabled: true), by: .system)
            #expect(try await code() == nil)
            _ = try await plane.updateIdentity("deployer", IdentityDraft(scopes: [.build]), by: .system)
            #expect(try await code() == "access.forbidden", "the right that was taken is gone")
            _ = try await plane.updateIdentity("deployer", IdentityDraft(scopes: [.agentPools]), by: .system)
            _ = try await plane.removeCredential(secretID, from: "deployer", by: .system)
            #expect(try await code() == "access-token.credential-removed")
            try await plane.deleteIdentity("deployer", by: .system)
            #expect(try await code() == "access-token.identity-removed")
        }
    }

    @Test("tokens for others, old ones, and those of other servers are refused, each with its own code")
    func bearers() async throws {
        try await LiveServer.with { server in
            let (identity, secret, secretID) = try await server.identity()
            var form = LiveServer.form(identity, secret)
            form["scope"] = "https://vault.example.org/.default"
            let vault = try await server.token(form).accessToken
            let refused = try await server.send(.GET, Self.pools, as: .bearer(vault))
            #expect(refused.status == 401 && refused.json["code"] as? String == "access-token.wrong-audience")
            #expect(refused.message.contains("https://vault.example.org"))
            let good = try await server.token(LiveServer.form(identity, secret))
            var claims = try server.app.plane.verify(
                accessToken: good.accessToken,
                audience: AccessTokenClaims.serviceAudience,
                at: Date()
            )
            #expect(claims.credential == secretID)
            claims.exp = Int(Date().timeIntervalSince1970)
            let old = try await server.app.plane.sign(claims).exposed
            let expired = try await server.send(.GET, Self.pools, as: .bearer(old))
            #expect(expired.json["code"] as? String == "access-token.expired")
            let parts = good.accessToken.split(separator: ".")
            let forged = "\(parts[0]).\(TokenIssuer.base64URL(try JSONEncoder().encode(claims))).\(parts[2])"
            let wrong = try await server.send(.GET, Self.pools, as: .bearer(forged))
            #expect(wrong.json["code"] as? String == "access-token.wrong-signature")
            #expect(try await server.send(.GET, Self.pools, as: .bearer(good.accessToken)).status == 200)
            _ = try await server.app.plane.rotateSigningKey(atOnce: true, by: .system)
            let unknown = try await server.send(.GET, "/_apis/projects", as: .bearer(good.accessToken))
            #expect(unknown.json["code"] as? String == "access-token.unknown-key")
        }
    }

    @Test("an identity with pools may look for its pool and register there, and nothing else")
    func enroller() async throws {
        try await LiveServer.with { server in
            let pool = server.seed.pool.id.rawValue
            let (identity, secret, _) = try await server.identity(scopes: [], pools: [pool])
            let bearer = LiveServer.Sender.bearer(
                try await server.token(LiveServer.form(identity, secret)).accessToken
            )
            let agents = "\(Self.pools)/\(pool)/agents?agentName=build-01"
            #expect(try await server.send(.GET, agents, as: bearer).status == 200)
            let other = try await server.send(.GET, "\(Self.pools)/\(server.seed.otherPool.id)/agents", as: bearer)
            #expect(other.status == 403 && other.json["code"] as? String == "enrollment.other-pool")
            #expect(try await server.send(.GET, "/_apis/projects", as: bearer).status == 403)
        }
    }

    @Test("routes make, show, change and delete identities; an administrator only")
    func routes() async throws {
        try await LiveServer.with { server in
            let base = "/_apis/roost/identities"
            let made = try await server.send(.POST, base, body: #"{"name":"ci","scopes":["vso.build"]}"#)
            #expect(made.status == 200 && made.json["tenantId"] as? String == server.tenant)
            #expect(try await server.send(.POST, base, body: #"{"name":"CI","scopes":["vso.build"]}"#).status == 409)
            #expect(try await server.send(.POST, base, body: #"{"name":"x","scopes":["vso.nothing"]}"#).status == 400)
            #expect(try await server.send(.POST, base, body: #"{"name":"x"}"#).status == 400)
            #expect(try await server.send(.POST, base, body: #"{"name":"x","pools":[99]}"#).status == 404)
            let secret = try await server.send(.POST, "\(base)/ci/secrets", body: #"{"days":1}"#)
            let text = try #require(secret.json["secret"] as? String)
            #expect(text.hasPrefix("rsi_") && secret.json["hint"] as? String == String(text.suffix(4)))
            #expect(try await !server.send(.GET, "\(base)/ci").text.contains(text))
            let federated = #"{"issuer":"ftp://x","subject":"s"}"#
            #expect(try await server.send(.POST, "\(base)/ci/federated", body: federated).status == 400)
            #expect(try await server.send(.POST, "\(base)/ci/certificates", body: #"{"pem":"x"}"#).status == 400)
            #expect(try await server.send(.DELETE, "\(base)/ci/credentials/\(UUID())").status == 404)
            #expect(try await server.send(.DELETE, "\(base)/ci").status == 204)
            #expect(try await server.send(.GET, "\(base)/ci").status == 404)
            let scoped = try await server.app.plane.createToken(
                user: "eve",
                name: "t",
                scopes: [.tokensManage, .agentPoolsManage],
                lifetime: .seconds(60),
                by: .system
            )
            #expect(try await server.send(.GET, base, as: .basic(scoped.value.exposed)).status == 403)
        }
    }
}
