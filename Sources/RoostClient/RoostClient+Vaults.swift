import FoundationEssentials
public import RoostWire

extension RoostClient {
    // MARK: Vaults

    public func vaults() async throws(ClientError) -> [VaultWire] {
        try await call(Call(method: "GET", path: "_apis/roost/vaults"), as: WireList<VaultWire>.self).value
    }

    public func vault(_ name: String) async throws(ClientError) -> VaultWire {
        try await call(Call(method: "GET", path: Self.vaultPath(name)))
    }

    public func createVault(_ wanted: VaultWire) async throws(ClientError) -> VaultWire {
        try await call(Call(method: "POST", path: "_apis/roost/vaults", body: try Self.body(wanted)))
    }

    public func deleteVault(_ name: String) async throws(ClientError) {
        try await callForNothing(Call(method: "DELETE", path: Self.vaultPath(name)))
    }

    /// Says what somebody may do from now on; no right takes all away.
    public func grant(_ grant: VaultWire.Grant, in name: String) async throws(ClientError) -> VaultWire {
        try await call(Call(method: "PUT", path: "\(Self.vaultPath(name))/grants", body: try Self.body(grant)))
    }

    private static func vaultPath(_ name: String) -> String { "_apis/roost/vaults/\(escape(name))" }

    // MARK: Secrets

    /// A secret with its value; the newest version when none is given.
    public func secret(
        _ name: String,
        version: String? = nil,
        in vault: VaultWire
    ) async throws(ClientError)
        -> SecretWire
    {
        try await callSecret("GET", "secrets/\(Self.escape(name))/\(version.map { Self.escape($0) } ?? "")", in: vault)
    }

    public func setSecret(
        _ name: String,
        _ draft: SecretWire,
        in vault: VaultWire
    ) async throws(ClientError) -> SecretWire {
        try await callSecret("PUT", "secrets/\(Self.escape(name))", body: try Self.body(draft), in: vault)
    }

    public func deleteSecret(_ name: String, in vault: VaultWire) async throws(ClientError) -> SecretWire {
        try await callSecret("DELETE", "secrets/\(Self.escape(name))", in: vault)
    }

    public func recoverSecret(_ name: String, in vault: VaultWire) async throws(ClientError) -> SecretWire {
        try await callSecret("POST", "deletedsecrets/\(Self.escape(name))/recover", in: vault)
    }

    public func purgeSecret(_ name: String, in vault: VaultWire) async throws(ClientError) {
        try await callForNothing(secretCall("DELETE", "deletedsecrets/\(Self.escape(name))", in: vault))
    }

    /// All versions of a secret with their values, sealed; only the same server opens it.
    public func backupSecret(_ name: String, in vault: VaultWire) async throws(ClientError) -> String {
        let call = try secretCall("POST", "secrets/\(Self.escape(name))/backup", in: vault)
        return try await self.call(call, as: SecretBackupWire.self).value
    }

    /// All secrets of a vault, or all deleted ones, without their values.
    public func secrets(isDeleted: Bool = false, in vault: VaultWire) async throws(ClientError) -> [SecretWire] {
        try await allSecrets(isDeleted ? "deletedsecrets" : "secrets", in: vault)
    }

    /// All versions of a secret, oldest first.
    public func secretVersions(_ name: String, in vault: VaultWire) async throws(ClientError) -> [SecretWire] {
        try await allSecrets("secrets/\(Self.escape(name))/versions", in: vault)
    }

    private func allSecrets(_ path: String, in vault: VaultWire) async throws(ClientError) -> [SecretWire] {
        var found: [SecretWire] = []
        var next: String? = path
        while let page = next {
            let answer: SecretListWire = try await call(secretCall("GET", page, in: vault))
            found += answer.value
            next = answer.nextLink.map { String($0.dropFirst(vault.uri?.count ?? 0)) }
        }
        return found
    }

    private func callSecret(
        _ method: String,
        _ path: String,
        body: Data? = nil,
        in vault: VaultWire
    ) async throws(ClientError) -> SecretWire {
        try await call(secretCall(method, path, body: body, in: vault))
    }

    /// To the server's address with the vault's host name, which need not be known to this machine.
    private func secretCall(
        _ method: String,
        _ path: String,
        body: Data? = nil,
        in vault: VaultWire
    ) throws(ClientError) -> Call {
        guard let uri = vault.uri, let url = URL(string: uri), let host = url.host else {
            throw .malformedAnswer(url: baseURL, reason: "the vault has no address")
        }
        let authority = host + (url.port.map { ":\($0)" } ?? "")
        return Call(
            method: method,
            path: path,
            body: body,
            headers: [("Host", authority)],
            atRoot: true
        )
    }
}
