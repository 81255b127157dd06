import Foundation
import RoostModel
import RoostWire
import Testing

@testable import RoostServer

extension EnrollmentWay {
    static let foreignToken = EnrollmentWay(title: "(f) An id token of another issuer, by a trust rule") { ground in
        let issuer = ground.issuer
        func refused(
            _ what: String,
            by key: IssuerKeyPair? = nil,
            in pool: Int = 1,
            _ change: (inout IssuedClaims) -> Void = { _ in }
        ) async throws -> EnrollmentLine {
            let token = try await issuer.token(by: key, change)
            return .refused(what, try await ground.register("x", in: pool, exchanging: token))
        }
        let forged = try IssuerKeyPair(.RS256, id: "first", generation: 1)
        let strange = try IssuerKeyPair(.ES256, id: "strange")
        let good = try await ground.register("good", exchanging: issuer.token())
        let given = try await ground.exchanged(issuer.token())
        let revoked = try await ground.exchanged(issuer.token())
        var lines = [
            EnrollmentLine.refused(EnrollmentLine.good, good),
            try await refused("audience") { $0.aud = ["vault"] },
            try await refused("issuer") { $0.iss = "https://evil.example" },
            try await refused("subject") { $0.sub = "repo:evil/app" },
            try await refused("expiry") { $0.exp -= 2000 },
            try await refused("signature", by: forged),
            .refused("scope", try await ground.projects(as: .bearer(given))),
            try await refused("pool", in: 2),
            try await refused("claim") { $0.ref = nil },
            try await refused("begin") { $0.nbf += 2000 },
            try await refused("key", by: strange),
        ]
        try await ground.server.app.plane.deleteTrustRule(ground.rule, by: .system)
        lines.append(.refused("rule that was deleted", try await ground.register("x", as: .bearer(revoked))))
        return lines
    }
}

extension EnrollmentGround {
    /// What an issuer's token is exchanged for.
    func exchanged(_ token: String) async throws -> String {
        let body = String(decoding: try WireJSON.encode(TokenExchangeWire(subject_token: token)), as: UTF8.self)
        let answer = try await server.send(.POST, "/_apis/roost/enrollment/exchange", as: .nobody, body: body)
        return try answer.decode(TokenExchangeAnswerWire.self).access_token ?? ""
    }
}
