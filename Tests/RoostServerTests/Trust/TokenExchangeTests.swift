import Foundation
import NIOCore
import RoostModel
import RoostWire
import Testing

@testable import RoostServer

@Suite("Exchange of other issuers' tokens")
struct TokenExchangeTests {
    private static let path = "/_apis/roost/enrollment/exchange"

    private static func rule(_ issuer: TestIssuer, _ change: (inout TrustRuleWire) -> Void = { _ in }) -> TrustRuleWire
    {
        var rule = TrustRuleWire(
            name: "ci",
            issuer: issuer.address,
            audience: "roost",
            subject: "repo:contoso/*",
            claims: ["ref": "refs/heads/*"],
            pools: [1]
        )
        change(&rule)
        return rule
    }

    private static func make(_ rule: TrustRuleWire, on server: LiveServer) async throws -> UUID {
        let body = String(decoding: try WireJSON.encode(rule), as: UTF8.self)
        let answer = try await server.send(.POST, "/_apis/roost/trustrules", body: body)
        try #require(answer.status == 200, "\(answer.text)")
        return try #require(try answer.decode(TrustRuleWire.self).id)
    }

    private static func exchange(
        _ token: String,
        pool: String? = nil,
        on server: LiveServer
    ) async throws -> LiveServer.Answer {
        let body = try WireJSON.encode(TokenExchangeWire(subject_token: token, pool: pool))
        return try await server.send(.POST, path, as: .nobody, body: String(decoding: body, as: UTF8.self))
    }

    private static func bearer(_ token: String, on server: LiveServer) async throws -> LiveServer.Sender {
        let answer = try await exchange(token, on: server)
        try #require(answer.status == 200, "\(answer.text)")
        return .bearer(try #require(try answer.decode(TokenExchangeAnswerWire.self).access_token))
    }

    private static func register(
        _ name: String,
        in pool: Int = 1,
        as sender: LiveServer.Sender,
        on server: LiveServer
    ) async throws -> LiveServer.Answer {
        let key = server.seed.agent.publicKey
        let agent = TaskAgentWire(
            name: name,
            version: "4.0.0",
            authorization: TaskAgentAuthorizationWire(
                publicKey: AgentPublicKeyWire(exponent: key.exponent, modulus: key.modulus)
            )
        )
        return try await server.send(
            .POST,
            "/_apis/distributedtask/pools/\(pool)/agents",
            as: sender,
            body: String(decoding: try WireJSON.encode(agent), as: UTF8.self)
        )
    }

    @Test("a token that a rule accepts registers agents in the rule's pools, and does nothing else")
    func accepted() async throws {
        try await TestIssuer.with { issuer in
            try await LiveServer.with { server in
                _ = try await Self.make(Self.rule(issuer), on: server)
                let form = "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Atoken-exchange&pool=default"
                let answer = try await server.send(
                    .POST,
                    Self.path,
                    as: .nobody,
                    headers: [("Content-Type", "application/x-www-form-urlencoded")],
                    body: "\(form)&subject_token=\(try await issuer.token())"
                )
                let given = try answer.decode(TokenExchangeAnswerWire.self)
                #expect(answer.status == 200 && given.expires_in == 600 && given.rule == "ci")
                #expect(answer.headers["Cache-Control"] == ["no-store"])
                let sender = LiveServer.Sender.bearer(try #require(given.access_token))
                #expect(try await Self.register("federated", as: sender, on: server).status == 200)
                let other = try await Self.register("federated", in: 2, as: sender, on: server)
                #expect(other.status == 403 && other.message.contains("not for pool 2 but for 1"))
                #expect(try await server.send(.GET, "/_apis/roost/tokens", as: sender).status == 403)
                let audit = try await server.app.plane.auditEvents(limit: 10, before: nil)
                #expect(
                    audit.contains { $0.action == "enrollment.exchange" && $0.actor == "enroller:ci:repo:contoso/app" }
                )
            }
        }
    }

    /// What is wrong with a token, and what is said of it.
    struct Case: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var code: String
        var words: String
        var pool: String?
        var change: @Sendable (inout IssuedClaims) -> Void = { _ in }
    }

    static let cases = [
        Case(
            testDescription: "audience",
            code: "trust.wrong-audience",
            words: "'aud' is 'vault', and 'roost' is expected"
        ) {
            $0.aud = ["vault"]
        },
        Case(testDescription: "issuer", code: "trust.unknown-issuer", words: "names the issuer 'https://evil.example'")
        {
            $0.iss = "https://evil.example"
        },
        Case(
            testDescription: "subject",
            code: "trust.wrong-subject",
            words: "'sub' is 'repo:fabrikam/app', and 'repo:contoso/*' is expected"
        ) { $0.sub = "repo:fabrikam/app" },
        Case(
            testDescription: "claim",
            code: "trust.wrong-claim",
            words: "'ref' is 'refs/pull/3', and 'refs/heads/*' is expected"
        ) { $0.ref = "refs/pull/3" },
        Case(testDescription: "expiry", code: "trust.expired", words: "the claim 'exp' is 20") { $0.exp -= 1000 },
        Case(testDescription: "not yet", code: "trust.not-yet-valid", words: "the claim 'nbf' is 20") { $0.nbf += 400 },
        Case(
            testDescription: "pool",
            code: "trust.other-pool",
            words: "it is for pool 1, not for pool 2",
            pool: "big machines"
        ),
        Case(testDescription: "no such pool", code: "trust.other-pool", words: "not for pool 77", pool: "77"),
    ]

    @Test("each thing that is wrong with a token has its own code and names rule and claim", arguments: cases)
    func refused(_ testCase: Case) async throws {
        try await TestIssuer.with { issuer in
            try await LiveServer.with { server in
                _ = try await Self.make(Self.rule(issuer), on: server)
                let token = try await issuer.token(testCase.change)
                let answer = try await Self.exchange(token, pool: testCase.pool, on: server)
                #expect(answer.status == 400)
                let error = try answer.decode(TokenExchangeErrorWire.self)
                #expect(error.error == "invalid_grant" && error.code == testCase.code)
                #expect(error.error_description?.contains(testCase.words) == true, "\(error.error_description ?? "")")
                let audit = try await server.app.plane.auditEvents(limit: 5, before: nil)
                let record = try #require(audit.first { $0.action == "enrollment.exchange-refused" })
                #expect(record.subject == testCase.code && record.detail.contains(testCase.words))
                #expect(!record.detail.contains(token) && !answer.text.contains(token))
            }
        }
    }

    @Test("a signature by another key is refused, and nothing is told of the rule")
    func signature() async throws {
        try await TestIssuer.with { issuer in
            try await LiveServer.with { server in
                _ = try await Self.make(Self.rule(issuer), on: server)
                let forged = try await issuer.token(by: try IssuerKeyPair(.RS256, id: "first", generation: 1))
                let answer = try await Self.exchange(forged, on: server)
                let error = try answer.decode(TokenExchangeErrorWire.self)
                #expect(error.code == "trust.wrong-signature" && !answer.text.contains("contoso"))
                for (text, code) in [("x.y", "trust.malformed-token"), ("", "trust.bad-request")] {
                    let answer = try await Self.exchange(text, on: server)
                    #expect(try answer.decode(TokenExchangeErrorWire.self).code == code)
                }
            }
        }
    }

    @Test("an issuer changes its keys, and its clock may be four minutes off, not six")
    func rollOver() async throws {
        for (clock, status) in [(240.0, 200), (-840, 200), (360, 400), (-960, 400)] {
            try await TestIssuer.with(clock: clock) { issuer in
                try await LiveServer.with { server in
                    _ = try await Self.make(Self.rule(issuer), on: server)
                    #expect(try await Self.exchange(issuer.token(), on: server).status == status, "\(clock)")
                }
            }
        }
        try await TestIssuer.with { issuer in
            let cache = IssuerKeyCache(IssuerKeyFetch(patience: .seconds(120)))
            let check = TrustCheck(keys: cache)
            let rule = TrustRule(
                id: UUID(),
                name: "ci",
                issuer: issuer.address,
                audience: "roost",
                subject: "repo:*",
                createdAt: Date(),
                createdBy: "user:ada"
            )
            let now = Date()
            _ = try await check.accept(issuer.token(), [rule], pool: nil, at: now)
            issuer.publish([try IssuerKeyPair(.ES384, id: "second")])
            _ = try await check.accept(issuer.token(), [rule], pool: nil, at: now + 1)
            issuer.publish([try IssuerKeyPair(.ES256, id: "third")])
            let refusal = await #expect(throws: TrustRefusal.self) {
                try await check.accept(issuer.token(), [rule], pool: nil, at: now + 2)
            }
            #expect(refusal?.code == "trust.wrong-signature" && issuer.keyReads == 2)
            _ = try await check.accept(issuer.token(), [rule], pool: nil, at: now + 31)
            #expect(issuer.keyReads == 3)
        }
    }

    @Test("a rule that is changed, disabled or removed refuses what it gave, and agents that joined by it stay")
    func ruleGone() async throws {
        try await TestIssuer.with { issuer in
            try await LiveServer.with { server in
                let id = try await Self.make(Self.rule(issuer), on: server)
                let address = "/_apis/roost/trustrules/\(id.uuidString.lowercased())"
                let first = try await Self.bearer(issuer.token(), on: server)
                #expect(try await Self.register("one", as: first, on: server).status == 200)
                _ = try await server.send(.PATCH, address, body: #"{"subject":"repo:contoso/app*"}"#)
                let changed = try await Self.register("two", as: first, on: server)
                #expect(changed.status == 401 && changed.message.contains("has been changed"))
                let second = try await Self.bearer(issuer.token(), on: server)
                _ = try await server.send(.PATCH, address, body: #"{"enabled":false}"#)
                let disabled = try await Self.register("two", as: second, on: server)
                #expect(disabled.status == 401 && disabled.message.contains("is disabled"))
                let unknown = try await Self.exchange(issuer.token(), on: server)
                #expect(try unknown.decode(TokenExchangeErrorWire.self).code == "trust.unknown-issuer")
                #expect(try await server.send(.DELETE, address).status == 204)
                let removed = try await Self.register("two", as: second, on: server)
                #expect(removed.status == 401 && removed.message.contains("has been removed"))
                let names = try server.app.plane.agents(in: PoolID(1)).map(\.agent.name)
                #expect(names.contains("one") && !names.contains("two"))
            }
        }
    }

    @Test("pinned keys are used without the issuer, until they end")
    func pinned() async throws {
        let key = try IssuerKeyPair(.ES256, id: "a")
        let set = String(decoding: try IssuerKeyPair.set([key]), as: UTF8.self)
        try await TestIssuer.with { issuer in
            try await LiveServer.with { server in
                let offline = "https://offline.example"
                let rule = Self.rule(issuer) { rule in
                    rule.issuer = offline
                    rule.pinnedKeys = set
                }
                let id = try await Self.make(rule, on: server)
                let token = try await issuer.token(by: key) { $0.iss = offline }
                #expect(try await Self.exchange(token, on: server).status == 200)
                let end = #"{"pinnedUntil":"2020-01-01T00:00:00Z"}"#
                _ = try await server.send(.PATCH, "/_apis/roost/trustrules/\(id.uuidString.lowercased())", body: end)
                let answer = try await Self.exchange(token, on: server)
                #expect(answer.status == 503)
                #expect(try answer.decode(TokenExchangeErrorWire.self).code == "trust.keys-unavailable")
            }
        }
    }

    /// A rule that is not taken.
    struct BadRule: Sendable, CustomTestStringConvertible {
        var words: String
        var change: @Sendable (inout TrustRuleWire) -> Void
        var testDescription: String { words }
    }

    static let badRules = [
        BadRule(words: "no https address") { $0.issuer = "http://issuer.example" },
        BadRule(words: "no https address") { $0.issuer = "ftp://x" },
        BadRule(words: "no audience") { $0.audience = "" },
        BadRule(words: "no subject") { $0.subject = nil },
        BadRule(words: "any subject") {
            $0.subject = "**"
            $0.claims = nil
        },
        BadRule(words: "names no pool") { $0.pools = nil },
        BadRule(words: "no agent pool '9'") { $0.pools = [9] },
        BadRule(words: "exclude each other") { $0.allPools = true },
        BadRule(words: "between 60 and 600") { $0.tokenLifetime = 3600 },
        BadRule(words: "keys cannot be used") { $0.pinnedKeys = "{}" },
        BadRule(words: "no certificate in PEM") { $0.authority = "x" },
    ]

    @Test("a rule that makes no sense or trusts everybody is not made")
    func badRules() async throws {
        try await TestIssuer.with { issuer in
            try await LiveServer.with { server in
                for bad in Self.badRules {
                    let body = String(decoding: try WireJSON.encode(Self.rule(issuer, bad.change)), as: UTF8.self)
                    let answer = try await server.send(.POST, "/_apis/roost/trustrules", body: body)
                    #expect([400, 404].contains(answer.status) && answer.message.contains(bad.words), "\(answer.text)")
                }
                _ = try await Self.make(Self.rule(issuer), on: server)
                let again = String(decoding: try WireJSON.encode(Self.rule(issuer) { $0.name = "CI" }), as: UTF8.self)
                #expect(try await server.send(.POST, "/_apis/roost/trustrules", body: again).status == 409)
            }
        }
    }

    @Test("an address that asks too often is held back")
    func limited() async throws {
        try await LiveServer.with { server in
            // All at once: one that waits for the answer of the one before may be slower than the limit.
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<200 { group.addTask { try await Self.exchange("x", on: server).status } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(statuses.contains(429))
        }
    }
}
