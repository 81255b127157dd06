import Foundation
import RoostModel
import RoostWire
import Testing

@testable import RoostServer

/// A server, an issuer that a rule of it trusts, and what registers agents there.
struct EnrollmentGround: Sendable {
    let server: LiveServer
    let issuer: TestIssuer
    /// Of the rule for pool 1.
    let rule: UUID

    /// Why a registration is refused.
    struct Refusal: Sendable, Hashable {
        var status: Int
        var message: String

        /// The message without the numbers of this very request.
        var words: String { message.firstRange(of: " Trace ID: ").map { String(message[..<$0.lowerBound]) } ?? message }
    }

    static func with(_ body: @Sendable (EnrollmentGround) async throws -> Void) async throws {
        try await TestIssuer.with { issuer in
            try await LiveServer.with { server in
                var draft = TrustRuleDraft(
                    name: "ci",
                    issuer: issuer.address,
                    audience: "roost",
                    subject: "repo:contoso/*",
                    claims: ["ref": "refs/heads/*"]
                )
                draft.pools = .some([1])
                let rule = try await server.app.plane.createTrustRule(draft, by: .system)
                try await body(EnrollmentGround(server: server, issuer: issuer, rule: rule.id))
            }
        }
    }

    /// Registers an agent; nil when it is registered.
    func register(_ name: String, in pool: Int = 1, as sender: LiveServer.Sender) async throws -> Refusal? {
        let key = server.seed.agent.publicKey
        let agent = TaskAgentWire(
            name: name,
            authorization: TaskAgentAuthorizationWire(
                publicKey: AgentPublicKeyWire(exponent: key.exponent, modulus: key.modulus)
            )
        )
        let answer = try await server.send(
            .POST,
            "/_apis/distributedtask/pools/\(pool)/agents",
            as: sender,
            body: String(decoding: try WireJSON.encode(agent), as: UTF8.self)
        )
        return answer.status == 200 ? nil : Refusal(status: answer.status, message: answer.message)
    }

    /// Exchanges an issuer's token and registers with what is given for it.
    func register(_ name: String, in pool: Int = 1, exchanging token: String) async throws -> Refusal? {
        let body = String(decoding: try WireJSON.encode(TokenExchangeWire(subject_token: token)), as: UTF8.self)
        let answer = try await server.send(.POST, "/_apis/roost/enrollment/exchange", as: .nobody, body: body)
        guard answer.status == 200, let bearer = try answer.decode(TokenExchangeAnswerWire.self).access_token else {
            let error = try answer.decode(TokenExchangeErrorWire.self)
            return Refusal(status: answer.status, message: error.error_description ?? "")
        }
        return try await register(name, in: pool, as: .bearer(bearer))
    }

    /// A personal token.
    func personalToken(
        _ scopes: Set<TokenScope>,
        life: Duration = .seconds(3600),
        of user: String = "ada"
    ) async throws -> AccessToken.Made {
        let made = try await server.app.plane.createToken(
            user: user,
            name: "matrix",
            scopes: scopes,
            lifetime: life,
            by: .system
        )
        return (made.token, made.value.exposed)
    }

    /// An enrollment token of pool 1.
    func enrollmentToken(uses: Int = 1, from: [String] = []) async throws -> (token: EnrollmentToken, text: String) {
        let made = try await server.app.plane.createEnrollmentToken(
            for: PoolID(1),
            uses: uses,
            days: 1,
            from: from,
            by: .system
        )
        return (made.token, made.value.exposed)
    }
}

extension AccessToken {
    typealias Made = (token: AccessToken, text: String)
}
