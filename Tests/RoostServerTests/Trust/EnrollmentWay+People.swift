import Foundation
import RoostModel

@testable import RoostServer

extension EnrollmentWay {
    static let deviceCode = EnrollmentWay(title: "(b) A code that a person confirms") { ground in
        let server = ground.server
        let own = try await DevicePerson("ada", [.full], server)
        let bob = try await DevicePerson("bob", [.full], server)
        let narrow = try await DevicePerson("ada", [.agentPools], server)
        // Bob may manage the other pool.
        _ = try await server.app.plane.assignRole(
            .administrator,
            to: .user("bob"),
            on: .pool(PoolID(2)),
            by: .system
        )
        func refused(_ what: String, _ form: [String: String], tenant: String? = nil) async throws -> EnrollmentLine {
            .refused(what, try await ground.register(tenant: tenant, form))
        }
        let token = try await server.token(own.approve()).accessToken
        let revoked = try await server.token(own.approve()).accessToken
        let approved = try own.approve()
        var lines = [
            EnrollmentLine.refused(EnrollmentLine.good, try await ground.register("good", as: .bearer(token))),
            try await refused("audience", own.approve(scope: "https://vault.example/.default")),
            try await refused("subject", bob.approve()),
            try await refused("scope", narrow.approve()),
            .refused("pool", try await ground.register(in: 99, own.approve())),
            try await refused("tenant", approved, tenant: UUID().uuidString.lowercased()),
            try await refused("client", approved.merging(["client_id": UUID().uuidString.lowercased()]) { $1 }),
            try await refused("code that expired", own.begin(at: Date() - 3600)),
            try await refused("code of nobody", own.form(PersonalToken.make().exposed)),
            try await refused("code not confirmed", own.begin(at: Date())),
            try await refused("code declined", own.decline()),
        ]
        lines += try await ground.tokenLines(token)
        try await own.revokeSignIns()
        lines.append(.refused("revoked", try await ground.register("x", as: .bearer(revoked))))
        return lines
    }
}

/// A person who confirms codes with a personal token of some scopes.
struct DevicePerson: Sendable {
    private static let client = "97877f11-0fc6-4aee-b1ff-febb0519dd00"
    private let server: LiveServer
    private let approval: Approval
    private let token: TokenID

    init(_ user: String, _ scopes: Set<TokenScope>, _ server: LiveServer) async throws {
        self.server = server
        let plane = server.app.plane
        let made = try await plane.createToken(
            user: user,
            name: "device",
            scopes: scopes,
            lifetime: .seconds(3600),
            by: .system
        )
        token = made.token.id
        let cookie = try plane.issueDashboardSession(pat: made.value.exposed, lifetime: .seconds(600))
        guard let approval = plane.signedIn(cookie: cookie?.exposed ?? "") else {
            throw SignInMissing()
        }
        self.approval = approval
    }

    struct SignInMissing: Error {}

    /// The form of a device that asks for its token.
    func form(_ code: String) -> [String: String] {
        [
            "grant_type": "urn:ietf:params:oauth:grant-type:device_code", "client_id": Self.client, "device_code": code,
        ]
    }

    /// A sign-in that began at a moment, and that nobody has confirmed.
    func begin(at moment: Date) throws -> [String: String] {
        form(try start(LiveServer.serviceScope, at: moment).code.exposed)
    }

    private func start(_ scope: String, at moment: Date) throws -> (code: Secret, device: DeviceSignIn) {
        guard let client = UUID(uuidString: Self.client).flatMap({ server.app.plane.signInClient($0) }),
            let begun = server.app.plane.signIns.begin(
                client,
                try RequestedScope(scope, isApp: false),
                from: "127.0.0.1",
                at: moment
            )
        else { throw SignInMissing() }
        return begun
    }

    /// One that the person has confirmed.
    func approve(scope: String = LiveServer.serviceScope) throws -> [String: String] {
        let begun = try start("\(scope) offline_access", at: Date())
        _ = server.app.plane.signIns.decide(userCode: begun.device.userCode, approval, at: Date())
        return form(begun.code.exposed)
    }

    func decline() throws -> [String: String] {
        let begun = try start(LiveServer.serviceScope, at: Date())
        _ = server.app.plane.signIns.decide(userCode: begun.device.userCode, nil, at: Date())
        return form(begun.code.exposed)
    }

    /// Ends what the person confirmed, with the token that it hangs on.
    func revokeSignIns() async throws { _ = try await server.app.plane.endSignIns(begunWith: token, by: .system) }
}
