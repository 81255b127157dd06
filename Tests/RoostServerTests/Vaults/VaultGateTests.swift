import FoundationEssentials
import HTTPTypes
import RoostModel
import RoostStore
import RoostTesting
import Testing

@testable import RoostServer

@Suite("Who is let to a vault")
struct VaultGateTests {
    /// Knows one token, for one audience.
    private struct OneToken: AudienceTokens {
        static let identity = Principal.identity(IdentityID(UUID()), name: "deployer", scopes: [])

        func accept(accessToken text: String, audience: String) -> Result<AudienceAdmission, AudienceRefusal> {
            guard text == "one.for.vaults" else { return .failure(AudienceRefusal(reason: "It is not known here.")) }
            guard audience == "https://vault.localhost" else {
                return .failure(AudienceRefusal(reason: "It is for something else."))
            }
            return .success(AudienceAdmission(principal: Self.identity, signIn: .clientSecret))
        }
    }

    private func admit(
        _ text: String?,
        _ plane: ControlPlane,
        resource: String = "https://vault.localhost"
    ) -> Result<VaultGate.Admission, VaultError> {
        let gate = VaultGate(plane: plane, resource: resource, tokens: OneToken())
        var headers = HTTPFields()
        headers[.authorization] = text
        headers[.cookie] = "roost_session=x"
        return Result { () throws(VaultError) in try gate.admit(headers) }
    }

    @Test("an access token for vaults is, whatever its scopes; one for something else is told so")
    func audience() async throws {
        try await LiveServer.with { server in
            let plane = server.app.plane
            let admission = try admit("Bearer one.for.vaults", plane).get()
            #expect(admission.principal == OneToken.identity && admission.signIn == .clientSecret)
            #expect(admission.scopes == nil)
            func problem(_ text: String?, resource: String = "https://vault.localhost") -> VaultError? {
                if case .failure(let error) = admit(text, plane, resource: resource) { error } else { nil }
            }
            #expect(
                problem("Bearer one.for.vaults", resource: "https://other")
                    == .unauthenticated("It is for something else.")
            )
            #expect(problem(nil) == .unauthenticated(nil), "the cookie was looked at")
            #expect(problem("Bearer unknown") != nil && problem("Digest x") != nil)
            #expect(try admit("Bearer \(server.admin)", plane).get().scopes == [.full])
            #expect(try admit(LiveServer.basic(server.admin), plane).get().signIn == .personalToken)
        }
    }

    @Test("the key that tokens are signed with is sealed in a store that had it as it was, and stays the same")
    func tokenKey() async throws {
        let store = MemoryStore()
        let raw = Data((0..<32).map { UInt8($0) })
        let instance = UUID()
        try await store.submit([
            .putSetting(name: "token-key", value: raw),
            .putSetting(name: "instance-id", value: Data(instance.uuidString.utf8)),
        ]).durable()
        try await TestCluster.with(store: store) { cluster in
            let issuer = TokenIssuer(key: raw, issuer: instance.uuidString.lowercased())
            #expect(cluster.plane.currentIdentity.issuer.stamp("x") == issuer.stamp("x"))
            let kept = try #require(try await store.load().settings["token-key"])
            #expect(kept.count > 32 && !kept.base64EncodedString().contains(raw.base64EncodedString().dropLast(2)))
            try await cluster.plane.load()
            #expect(cluster.plane.currentIdentity.issuer.stamp("x") == issuer.stamp("x"))
        }
    }
}
