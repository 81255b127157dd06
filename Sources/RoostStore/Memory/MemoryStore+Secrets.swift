public import RoostModel

extension MemoryStore {
    public func secretVersion(_ key: SecretKey, _ version: String?) async throws(StoreError) -> SecretVersion? {
        try read { .some($0.secrets.version(key, version)) } ?? nil
    }

    public func secrets(
        of vault: VaultID,
        deleted: Bool,
        after name: String,
        limit: Int
    ) async throws(StoreError) -> [SecretVersion] {
        try read { $0.secrets.secrets(of: vault, deleted: deleted, after: name, limit: limit) }
    }

    public func secretVersions(
        _ key: SecretKey,
        after version: String?,
        limit: Int
    ) async throws(StoreError) -> [SecretVersion] {
        try read { $0.secrets.versions(key, after: version, limit: limit) }
    }

    public func secretValue(_ version: SecretVersion) async throws(StoreError) -> Secret? {
        try read { .some($0.secrets.value(version)) } ?? nil
    }

    public func secretsToPurge(limit: Int) async throws(StoreError) -> [SecretVersion] {
        try read { $0.secrets.toPurge(limit: limit) }
    }
}
