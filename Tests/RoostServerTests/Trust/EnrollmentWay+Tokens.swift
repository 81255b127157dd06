import Foundation
import RoostModel

@testable import RoostServer

extension EnrollmentWay {
    private static let noIssuer = "It names no issuer: a token of another server is one that is not known here."

    static let personalToken = EnrollmentWay(title: "(a) A personal access token") { ground in
        let good = try await ground.personalToken([.agentPoolsManage])
        let stranger = try await ground.personalToken([.agentPoolsManage], of: "bob")
        let narrow = try await ground.personalToken([.agentPools])
        let short = try await ground.personalToken([.agentPoolsManage], life: .nanoseconds(1))
        let revoked = try await ground.personalToken([.agentPoolsManage])
        try await ground.server.app.plane.revokeToken(revoked.token.id, by: .system)
        func refused(_ what: String, _ token: String, in pool: Int = 1) async throws -> EnrollmentLine {
            .refused(what, try await ground.register("x", in: pool, as: .basic(token)))
        }
        return [
            .refused(EnrollmentLine.good, try await ground.register("good", as: .basic(good.text))),
            .cannotBe("audience", "It is good for this server and no other."),
            .cannotBe("issuer", noIssuer),
            try await refused("subject", stranger.text),
            try await refused("expiry", short.text),
            try await refused("signature", PersonalToken.make().exposed),
            try await refused("scope", narrow.text),
            try await refused("pool", good.text, in: 99),
            try await refused("revoked", revoked.text),
            .refused("no token", try await ground.register("x", as: .nobody)),
        ]
    }

    /// Its text is given where a personal token is.
    static let enrollmentToken = EnrollmentWay(title: "(a) An enrollment token") { ground in
        let plane = ground.server.app.plane
        let good = try await ground.enrollmentToken()
        let other = try await ground.enrollmentToken()
        let revoked = try await ground.enrollmentToken()
        try await plane.revokeEnrollmentToken(revoked.token.id, of: PoolID(1), by: .system)
        let elsewhere = try await ground.enrollmentToken(from: ["192.0.2.0/24"])
        let old = try await ground.enrollmentToken()
        try await plane.change { state, _ in
            state.enrollmentTokens[old.token.id]?.expiresAt = Date() - 60
        }
        func refused(_ what: String, _ token: String, in pool: Int = 1) async throws -> EnrollmentLine {
            .refused(what, try await ground.register("x", in: pool, as: .basic(token)))
        }
        return [
            .refused(EnrollmentLine.good, try await ground.register("good", as: .basic(good.text))),
            .cannotBe("audience", "It is good for this server and no other."),
            .cannotBe("issuer", noIssuer),
            .cannotBe("subject", "It is nobody's: whoever has it may use it; 'address' and 'uses' narrow that."),
            try await refused("expiry", old.text),
            try await refused("signature", EnrollmentToken.makeText().exposed),
            .refused("scope", try await ground.projects(as: .basic(other.text))),
            try await refused("pool", other.text, in: 2),
            try await refused("uses", good.text),
            try await refused("address", elsewhere.text),
            try await refused("revoked", revoked.text),
        ]
    }
}
