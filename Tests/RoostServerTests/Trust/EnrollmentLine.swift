import Foundation
import RoostModel
import Testing

@testable import RoostServer

/// One thing that can be wrong with a credential that registers an agent.
struct EnrollmentLine: Sendable {
    enum Outcome: Sendable {
        /// What the server answers; nil when it registers the agent after all.
        case answered(EnrollmentGround.Refusal?)
        /// Why this credential cannot be wrong in this way.
        case cannotBe(String)
    }

    /// What every way to register has a line for.
    static let common = ["audience", "issuer", "subject", "expiry", "signature", "scope", "pool"]

    var what: String
    var outcome: Outcome

    static func refused(_ what: String, _ refusal: EnrollmentGround.Refusal?) -> EnrollmentLine {
        EnrollmentLine(what: what, outcome: .answered(refusal))
    }

    static func cannotBe(_ what: String, _ reason: String) -> EnrollmentLine {
        EnrollmentLine(what: what, outcome: .cannotBe(reason))
    }
}

/// A way to register agents.
struct EnrollmentWay: Sendable {
    /// As people call it.
    var title: String
    /// Registers an agent as it should be, then with everything that can be wrong.
    ///
    /// The first line is the good one, whose answer must be nil.
    var lines: @Sendable (EnrollmentGround) async throws -> [EnrollmentLine]

    static let all = [
        personalToken, enrollmentToken, deviceCode, clientSecret, certificate, federatedIdentity, machineIdentity,
        foreignToken,
    ]
}

extension EnrollmentLine {
    static let good = "nothing"

    /// What belongs to one run of a test is written as a word.
    func text(_ ground: EnrollmentGround) -> String {
        switch outcome {
        case .cannotBe(let reason): return "-    \(reason)"
        case .answered(nil): return "200  The agent is registered."
        case .answered(let refusal?):
            let message = refusal.words.replacing(ground.issuer.address, with: "ISSUER")
                .replacing(ground.server.app.address, with: "SERVER/")
                .replacing(/[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}/.ignoresCase()) { match in
                    // The one that all servers have.
                    String(match.output.0) == AccessTokenClaims.serviceAudience ? String(match.output.0) : "ID"
                }
                .replacing(/20\d\d-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?Z?/, with: "MOMENT")
                .replacing(/\b[12]\d{9}(\.\d+)?\b/, with: "SECONDS")
                .replacing("\n", with: " ")
            return "\(refusal.status)  \(message)"
        }
    }
}

extension EnrollmentGround {
    /// An access token of this server whose claims were changed, and signed again.
    func resigned(_ token: String, _ change: (inout AccessTokenClaims) -> Void) async throws -> String {
        guard var claims: AccessTokenClaims = SignedToken(token)?.claims() else { return "" }
        change(&claims)
        return try await server.app.plane.sign(claims).exposed
    }

    /// A token with another signature.
    static func forged(_ token: String) -> String {
        var parts = token.split(separator: ".").map(String.init)
        parts[parts.count - 1] = String(parts[parts.count - 1].reversed())
        return parts.joined(separator: ".")
    }

    /// Lines of what an access token of this server can have wrong, whoever got it.
    func tokenLines(_ token: String) async throws -> [EnrollmentLine] {
        let plane = server.app.plane
        let old = try await resigned(token) { $0.exp = Int(Date().timeIntervalSince1970) - 60 }
        let elsewhere = try await resigned(token) { $0.iss = "https://elsewhere.example/v2.0" }
        let unsigned = Self.forged(token)
        #expect(
            try plane.verify(accessToken: token, audience: AccessTokenClaims.serviceAudience, at: Date()).ver == "2.0"
        )
        return [
            .refused("expiry", try await register("x", as: .bearer(old))),
            .refused("issuer", try await register("x", as: .bearer(elsewhere))),
            .refused("signature", try await register("x", as: .bearer(unsigned))),
        ]
    }

    /// Registers with what the authorization server gives for a form; its own refusals carry their number.
    func register(in pool: Int = 1, tenant: String? = nil, _ form: [String: String]) async throws -> Refusal? {
        let answer = try await server.token(form, tenant: tenant)
        guard answer.status == 200 else {
            return Refusal(status: answer.status, message: answer.json["error_description"] as? String ?? "")
        }
        return try await register("x-\(UUID())", in: pool, as: .bearer(answer.accessToken))
    }

    /// Does something else than registering with what an issuer's token was exchanged for.
    func projects(as sender: LiveServer.Sender) async throws -> Refusal? {
        let answer = try await server.send(.GET, "/_apis/projects", as: sender)
        return answer.status == 200 ? nil : Refusal(status: answer.status, message: answer.message)
    }
}
