import Foundation
import RoostModel
import RoostWire
import Testing

@testable import RoostServer

extension EnrollmentWay {
    static let machineIdentity = EnrollmentWay(title: "(e) A machine's identity") { ground in
        let plane = ground.server.app.plane
        let drafts = [
            IdentityDraft(name: "builders", kind: .managedIdentity, scopes: [], pools: [1]),
            IdentityDraft(name: "reader", kind: .managedIdentity, scopes: [.agentPools]),
            IdentityDraft(name: "other", kind: .managedIdentity, scopes: [], pools: [1]),
        ]
        for draft in drafts { _ = try await plane.createIdentity(draft, by: .system) }
        let machine = try await AskingMachine("build-7", ["builders", "reader"], ground)
        let far = try await AskingMachine("build-8", ["builders"], from: ["192.0.2.0/24"], ground)
        let bare = try await AskingMachine("build-9", [], ground)
        let token = try await machine.token()
        let good = try await ground.register("good", as: .bearer(token))
        #expect(
            try plane.agents(in: PoolID(1)).contains { $0.agent.enrolledBy?.signIn == .managedIdentity }
        )
        var lines = [
            EnrollmentLine.refused(EnrollmentLine.good, good),
            .refused("audience", try await machine.register(resource: "https://vault.example")),
            .refused("subject", try await machine.register(as: "/identities/other")),
            .refused("scope", try await machine.register(as: "/identities/reader")),
            .refused("pool", try await machine.register(in: 2)),
            .refused("resource", try await machine.register(resource: "a b")),
            .refused("address", try await far.register()),
            .refused("machine without identity", try await bare.register()),
        ]
        lines += try await ground.tokenLines(token)
        _ = try await plane.updateIdentity("builders", IdentityDraft(isEnabled: false), by: .system)
        lines.append(.refused("disabled", try await machine.register()))
        lines.append(.refused("disabled, with its token", try await ground.register("x", as: .bearer(token))))
        try await plane.deleteMachine("build-7", by: .system)
        lines.append(.refused("machine that was deleted", try await machine.register()))
        return lines
    }
}

/// What a machine's endpoint does, with the machine's key.
struct AskingMachine: Sendable {
    private let ground: EnrollmentGround
    private let key: String

    init(_ name: String, _ identities: [String], from ranges: [String] = [], _ ground: EnrollmentGround) async throws {
        self.ground = ground
        key = try await ground.server.app.plane.createMachine(
            name: name,
            identities: identities,
            from: ranges,
            by: .system
        ).key.exposed
    }

    private func ask(_ resource: String, _ identity: String?) async throws -> LiveServer.Answer {
        let wanted = MachineTokenRequestWire(resource: resource, identity: identity)
        return try await ground.server.send(
            .POST,
            "/_apis/roost/machine/token",
            as: .bearer(key),
            body: String(decoding: try WireJSON.encode(wanted), as: UTF8.self)
        )
    }

    /// A token of its first identity for the server.
    func token() async throws -> String {
        try await ask(AccessTokenClaims.serviceAudience, nil).decode(MachineTokenWire.self).accessToken
    }

    /// Registers an agent with a token of one of its identities.
    func register(
        in pool: Int = 1,
        resource: String = AccessTokenClaims.serviceAudience,
        as identity: String? = nil
    ) async throws -> EnrollmentGround.Refusal? {
        let answer = try await ask(resource, identity)
        guard answer.status == 200 else {
            return EnrollmentGround.Refusal(status: answer.status, message: answer.message)
        }
        let token = try answer.decode(MachineTokenWire.self).accessToken
        return try await ground.register("x", in: pool, as: .bearer(token))
    }
}
