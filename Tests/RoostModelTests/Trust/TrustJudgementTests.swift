import Foundation
import RoostModel
import Testing

@Suite("Patterns of claims")
struct ClaimPatternTests {
    @Test(
        "a star stands for any characters, all others for themselves",
        arguments: [
            ("repo:a/b", "repo:a/b", true), ("repo:a/b", "repo:a/B", false), ("repo:a/b", "repo:a/bc", false),
            ("repo:a/*", "repo:a/b:ref:main", true), ("repo:a/*", "repo:ab/c", false), ("*", "", true),
            ("*", "x", true),
            ("", "", true), ("", "x", false), ("*:main", "repo:a:main", true), ("*:main", "repo:a:mainly", false),
            ("a*b*c", "aXbXbXc", true), ("a*b*c", "aXbX", false), ("a**c", "ac", true), ("ä*", "äö", true),
            ("a?c", "abc", false), ("[a]", "a", false),
        ]
    )
    func matches(_ pattern: String, _ value: String, _ expected: Bool) {
        #expect(ClaimPattern(pattern).matches(value) == expected)
    }

    @Test("many stars take no more time than both lengths allow")
    func manyStars() {
        let pattern = ClaimPattern(String(repeating: "a*", count: 400) + "b")
        #expect(!pattern.matches(String(repeating: "a", count: 2000)))
    }
}

@Suite("Trust rules")
struct TrustJudgementTests {
    private static let now = Date(timeIntervalSince1970: 1_800_000_000)

    private static func rule(
        _ name: String = "rule",
        claims: [String: String] = [:],
        pools: [Int]? = [3, 5],
        enabled: Bool = true,
        issuer: String = "https://issuer.example"
    ) -> TrustRule {
        TrustRule(
            id: UUID(),
            name: name,
            issuer: issuer,
            audience: "roost",
            subject: "repo:contoso/*",
            claims: claims,
            pools: pools,
            isEnabled: enabled,
            createdAt: now,
            createdBy: "user:ada"
        )
    }

    private static func claims(_ more: String = "", without: Set<String> = []) throws -> TokenClaims {
        let all = [
            ("iss", #""https://issuer.example""#), ("aud", #"["other","roost"]"#), ("sub", #""repo:contoso/app""#),
            ("exp", "1800000600"), ("nbf", "1799999990"), ("iat", "1799999990"),
        ]
        let members =
            all.filter { !without.contains($0.0) }.map { #""\#($0.0)":\#($0.1)"# } + (more.isEmpty ? [] : [more])
        return try TokenClaims(payload: Data("{\(members.joined(separator: ","))}".utf8))
    }

    /// One thing that is not as the rule wants it.
    struct Case: Sendable, CustomTestStringConvertible {
        var without: Set<String> = []
        var more = ""
        var conditions: [String: String] = [:]
        var pool: Int?
        var enabled = true
        /// Claim, what is expected, what was got; nil is accepted.
        var failure: [String]?
        var code: String?
        var testDescription: String { failure?.joined(separator: " ") ?? "accepted \(more)" }
    }

    static let cases: [Case] = [
        Case(),
        Case(pool: 3),
        Case(
            without: ["iss"],
            more: #""iss":"https://issuer.example/""#,
            failure: ["iss", "'https://issuer.example'", "'https://issuer.example/'"],
            code: "trust.wrong-issuer"
        ),
        Case(
            without: ["aud"],
            more: #""aud":"other""#,
            failure: ["aud", "'roost'", "'other'"],
            code: "trust.wrong-audience"
        ),
        Case(without: ["aud"], failure: ["aud", "'roost'", "absent"], code: "trust.wrong-audience"),
        Case(
            without: ["sub"],
            more: #""sub":"repo:contos/app""#,
            failure: ["sub", "'repo:contoso/*'", "'repo:contos/app'"],
            code: "trust.wrong-subject"
        ),
        Case(without: ["sub"], failure: ["sub", "'repo:contoso/*'", "absent"], code: "trust.wrong-subject"),
        Case(
            without: ["exp"],
            failure: ["exp", "a moment after 2027-01-15T08:00:00Z", "absent"],
            code: "trust.expired"
        ),
        Case(without: ["exp"], more: #""exp":1799999701"#),
        Case(
            without: ["exp"],
            more: #""exp":1799999699"#,
            failure: ["exp", "a moment after 2027-01-15T08:00:00Z", "2027-01-15T07:54:59Z"],
            code: "trust.expired"
        ),
        Case(without: ["nbf"], more: #""nbf":1800000299"#),
        Case(
            without: ["nbf"],
            more: #""nbf":1800000301"#,
            failure: ["nbf", "a moment before 2027-01-15T08:00:00Z", "2027-01-15T08:05:01Z"],
            code: "trust.not-yet-valid"
        ),
        Case(
            without: ["iat"],
            more: #""iat":1800000301"#,
            failure: ["iat", "a moment before 2027-01-15T08:00:00Z", "2027-01-15T08:05:01Z"],
            code: "trust.not-yet-valid"
        ),
        Case(more: #""ref":"refs/heads/main""#, conditions: ["ref": "refs/heads/*"]),
        Case(more: #""run":17,"fork":false"#, conditions: ["run": "17", "fork": "false"]),
        Case(more: #""kubernetes.io":{"namespace":"build"}"#, conditions: ["kubernetes.io/namespace": "build"]),
        Case(more: #""groups":["a","b"]"#, conditions: ["groups": "b"]),
        Case(
            more: #""ref":"refs/pull/1""#,
            conditions: ["ref": "refs/heads/*"],
            failure: ["ref", "'refs/heads/*'", "'refs/pull/1'"],
            code: "trust.wrong-claim"
        ),
        Case(conditions: ["ref": "*"], failure: ["ref", "'*'", "absent"], code: "trust.wrong-claim"),
        Case(pool: 4, failure: ["pool", "pool 3, 5", "pool 4"], code: "trust.other-pool"),
        Case(enabled: false, failure: ["rule", "enabled", "disabled"], code: "trust.disabled"),
    ]

    @Test("each condition that fails is named with what is expected and what was got", arguments: cases)
    func judge(_ testCase: Case) throws {
        let rule = Self.rule(claims: testCase.conditions, enabled: testCase.enabled)
        let claims = try Self.claims(testCase.more, without: testCase.without)
        switch judgeTrust(claims, [rule], pool: testCase.pool.map { PoolID($0) }, at: Self.now) {
        case .accepted(let accepted):
            #expect(testCase.failure == nil && accepted == rule)
        case .refused(let verdicts):
            let failures = verdicts.first?.failures ?? []
            #expect(failures.map { [$0.claim, $0.expected, $0.got] } == [testCase.failure])
            #expect(failures.map(\.code) == [testCase.code])
        }
    }

    @Test("the first rule that accepts a token counts, and all that fail at the others is told")
    func severalRules() throws {
        let other = Self.rule("other", issuer: "https://elsewhere.example")
        let closed = Self.rule("closed", claims: ["ref": "x"], pools: [9])
        let (open, later) = (Self.rule("open", pools: nil), Self.rule("later"))
        let claims = try Self.claims()
        #expect(judgeTrust(claims, [other, closed, open, later], pool: PoolID(4), at: Self.now) == .accepted(open))
        guard case .refused(let verdicts) = judgeTrust(claims, [other, closed], pool: PoolID(4), at: Self.now) else {
            Issue.record("it was accepted")
            return
        }
        #expect(verdicts.map(\.name) == ["other", "closed"])
        #expect(verdicts.map { $0.failures.map(\.claim) } == [["iss"], ["ref", "pool"]])
    }

    @Test("no rule accepts nothing")
    func noRules() throws {
        #expect(judgeTrust(try Self.claims(), [], at: Self.now) == .refused([]))
    }

    @Test("what a message takes from a token is short and on one line")
    func messages() throws {
        let claims = try Self.claims(#""sub":"\#(String(repeating: "x", count: 900))\nline""#, without: ["sub"])
        let failure = try #require(Self.rule().failures(of: claims, at: Self.now).first)
        #expect(failure.got.count <= 301 && !failure.got.contains("\n"))
    }

    @Test(
        "what is no payload is refused",
        arguments: [#"[]"#, #""x""#, "", "{", #"{"exp":"soon"}"#, #"{"nbf":[1]}"#, #"{"iat":1e300}"#]
    )
    func malformed(_ payload: String) {
        #expect(throws: TokenClaims.Flaw.self) { try TokenClaims(payload: Data(payload.utf8)) }
    }
}
