public import FoundationEssentials
public import RoostWire

/// Service principals and the identities of machines.
extension RoostClient {
    private static let identities = "_apis/roost/identities"

    /// The name as one part of a path.
    private static func path(_ identity: String, _ more: String = "") -> String {
        "\(identities)/\(escape(identity))\(more)"
    }

    public func identities() async throws(ClientError) -> [DirectoryIdentityWire] {
        try await call(
            Call(method: "GET", path: Self.identities),
            as: WireList<DirectoryIdentityWire>.self
        ).value
    }

    /// One by its name, its id or its client id.
    public func identity(_ nameOrID: String) async throws(ClientError) -> DirectoryIdentityWire {
        try await call(Call(method: "GET", path: Self.path(nameOrID)))
    }

    public func createIdentity(_ wanted: DirectoryIdentityWire) async throws(ClientError) -> DirectoryIdentityWire {
        try await call(Call(method: "POST", path: Self.identities, body: try Self.body(wanted)))
    }

    public func updateIdentity(
        _ nameOrID: String,
        _ wanted: DirectoryIdentityWire
    ) async throws(ClientError) -> DirectoryIdentityWire {
        try await call(Call(method: "PATCH", path: Self.path(nameOrID), body: try Self.body(wanted)))
    }

    public func deleteIdentity(_ nameOrID: String) async throws(ClientError) {
        try await callForNothing(Call(method: "DELETE", path: Self.path(nameOrID)))
    }

    /// Makes a secret, whose text is in the answer this once.
    public func addSecret(
        to nameOrID: String,
        _ wanted: IdentitySecretWire
    ) async throws(ClientError) -> IdentitySecretWire {
        try await call(Call(method: "POST", path: Self.path(nameOrID, "/secrets"), body: try Self.body(wanted)))
    }

    public func addCertificate(
        to nameOrID: String,
        _ wanted: IdentityCertificateWire
    ) async throws(ClientError) -> DirectoryIdentityWire {
        try await call(Call(method: "POST", path: Self.path(nameOrID, "/certificates"), body: try Self.body(wanted)))
    }

    public func addFederated(
        to nameOrID: String,
        _ wanted: FederatedCredentialWire
    ) async throws(ClientError) -> DirectoryIdentityWire {
        try await call(Call(method: "POST", path: Self.path(nameOrID, "/federated"), body: try Self.body(wanted)))
    }

    public func removeCredential(_ id: UUID, from nameOrID: String) async throws(ClientError) {
        let path = Self.path(nameOrID, "/credentials/\(id.uuidString.lowercased())")
        try await callForNothing(Call(method: "DELETE", path: path))
    }

    /// The keys that the server publishes, newest first.
    public func signingKeys() async throws(ClientError) -> [SigningKeyWire] {
        try await call(Call(method: "GET", path: "_apis/roost/signingkeys"), as: WireList<SigningKeyWire>.self).value
    }

    /// Makes a new key; the keys that are published then.
    public func rotateSigningKey(atOnce: Bool) async throws(ClientError) -> [SigningKeyWire] {
        try await call(
            Call(method: "POST", path: "_apis/roost/signingkeys", query: [("atOnce", atOnce ? "true" : nil)]),
            as: WireList<SigningKeyWire>.self
        ).value
    }
}
