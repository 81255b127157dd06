public import RoostModel

extension SQLiteStore {
    public func secretVersion(_ key: SecretKey, _ version: String?) async throws(StoreError) -> SecretVersion? {
        try await read { try $0.secretVersion(key, version) }
    }

    public func secrets(
        of vault: VaultID,
        deleted: Bool,
        after name: String,
        limit: Int
    ) async throws(StoreError) -> [SecretVersion] {
        try await read { try $0.secrets(of: vault, deleted: deleted, after: name, limit: limit) }
    }

    public func secretVersions(
        _ key: SecretKey,
        after version: String?,
        limit: Int
    ) async throws(StoreError) -> [SecretVersion] {
        try await read { try $0.secretVersions(key, after: version, limit: limit) }
    }

    public func secretValue(_ version: SecretVersion) async throws(StoreError) -> Secret? {
        try await read { try $0.secretValue(version) }
    }

    public func secretsToPurge(limit: Int) async throws(StoreError) -> [SecretVersion] {
        try await read { try $0.secretsToPurge(limit: limit) }
    }
}
