import FoundationEssentials

/// A program that lets people sign in.
struct SignInClient: Hashable, Sendable {
    var id: UUID
    var name: String
    /// Where a browser may be sent with a code.
    var redirects: [String]
    /// It proves itself by nothing; its codes are bound to it by PKCE alone.
    var isPublic: Bool

    /// What browsers are clients of; no program can be it.
    static let dashboard = NameUUID.make(UUID(uuid: (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)), "dashboard")

    private static let loopback = ["http://localhost", "http://127.0.0.1", "http://[::1]"]

    private static func known(_ id: String, _ name: String) -> SignInClient? {
        UUID(uuidString: id).map { SignInClient(id: $0, name: name, redirects: loopback, isPublic: true) }
    }

    /// Programs that everybody has.
    static let wellKnown: [UUID: SignInClient] = {
        let clients = [
            known("97877f11-0fc6-4aee-b1ff-febb0519dd00", "Azure Pipelines agent"),
            known("04b07795-8ddb-461a-bbee-02f9e1bf7b46", "Azure CLI"),
            known("726f6f73-7400-4000-8000-000000000001", "roost"),
        ].compactMap(\.self)
        return Dictionary(clients.map { ($0.id, $0) }) { first, _ in first }
    }()
}

extension ControlPlane {
    /// A program by the id it gives; nil when nobody knows it.
    func signInClient(_ id: UUID) -> SignInClient? {
        if let known = SignInClient.wellKnown[id] { return known }
        guard let identity = directoryIdentity(client: id), identity.isEnabled else { return nil }
        return SignInClient(id: id, name: identity.name, redirects: identity.redirects, isPublic: false)
    }
}
