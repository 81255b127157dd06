import FoundationEssentials
import RoostModel
import RoostStore

/// What one caller does in one vault.
///
/// Each answer is given when its entry in the audit is durable. Changes of one secret follow one another, so that what was read is
/// still so when it is changed.
struct VaultWork: Sendable {
    let plane: ControlPlane
    let vault: Vault
    let caller: Caller
    /// The peer's, for the audit.
    let address: String

    /// Most versions, and bytes of values, of a backup.
    private static let backupLimit = (versions: 500, bytes: 8 << 20)

    // MARK: Reading

    func get(_ name: String, version: String?) async throws -> (SecretVersion, Secret) {
        let found = try await live(name, version)
        guard found.enabled else {
            try await note("secret.refused", found, "it is disabled")
            throw VaultError.disabled(found.name, version: found.version)
        }
        guard let value = try await plane.store.secretValue(found) else { throw missing(name, version) }
        try await note("secret.get", found)
        return (found, value)
    }

    /// Newest versions, one more than fit when there are more.
    func list(deleted: Bool, after name: String, limit: Int) async throws -> [SecretVersion] {
        let found = try await plane.store.secrets(of: vault.id, deleted: deleted, after: name, limit: limit + 1)
        try await note(deleted ? "secret.list-deleted" : "secret.list", subject: subject(nil))
        return found
    }

    func versions(_ name: String, after version: String?, limit: Int) async throws -> [SecretVersion] {
        _ = try await live(name, nil)
        let key = SecretKey(vault: vault.id, name: name)
        let found = try await plane.store.secretVersions(key, after: version, limit: limit + 1)
        try await note("secret.list-versions", subject: subject(name))
        return found
    }

    func getDeleted(_ name: String) async throws -> SecretVersion {
        let found = try await deleted(name)
        try await note("secret.get-deleted", found)
        return found
    }

    func backup(_ name: String) async throws -> String {
        let newest = try await live(name, nil)
        let limit = Self.backupLimit
        let all = try await plane.store.secretVersions(newest.key, after: nil, limit: limit.versions + 1)
        guard all.count <= limit.versions else { throw tooMuch(name) }
        var entries: [SecretBackup.Entry] = []
        var bytes = 0
        for version in all {
            guard let value = try await plane.store.secretValue(version) else { continue }
            bytes += value.exposed.utf8.count
            guard bytes <= limit.bytes else { throw tooMuch(name) }
            entries.append(SecretBackup.Entry(version, value))
        }
        let backup = try SecretBackup(entries: entries).sealed(plane.sealer)
        try await note("secret.backup", newest)
        return backup
    }

    private func tooMuch(_ name: String) -> VaultError {
        .badParameter("the secret '\(name)' has more than 500 versions or 8 MiB, the most that a backup holds", at: nil)
    }

    // MARK: Changing

    func set(_ name: String, _ value: Secret, _ facts: SecretFacts) async throws -> SecretVersion {
        try facts.check()
        try SecretFacts.check(value: value)
        return try await alone(name) {
            let newest = try await plane.store.secretVersion(SecretKey(vault: vault.id, name: name), nil)
            if newest?.deletion != nil { throw VaultError.deleted(name) }
            let now = Date()
            var made = SecretVersion(
                vault: vault.id,
                name: newest?.name ?? name,
                version: SecretFacts.makeVersion(),
                createdAt: now,
                updatedAt: now
            )
            facts.apply(to: &made)
            try await commit([.addSecret(made, value: value)], "secret.set", made)
            return made
        }
    }

    func update(_ name: String, version: String?, _ facts: SecretFacts) async throws -> SecretVersion {
        try facts.check()
        return try await alone(name) {
            var found = try await live(name, version)
            facts.apply(to: &found)
            found.updatedAt = Date()
            try await commit([.putSecretFacts(found)], "secret.update", found)
            return found
        }
    }

    func delete(_ name: String) async throws -> SecretVersion {
        try await alone(name) {
            var found = try await live(name, nil)
            let now = Date()
            let purgeAt = now + Double(vault.retentionDays * 86_400)
            found.deletion = SecretDeletion(deletedAt: now, purgeAt: purgeAt)
            try await commit([.markSecret(found.key, found.deletion)], "secret.delete", found)
            plane.secretDeadlines.arm(for: purgeAt)
            return found
        }
    }

    func recover(_ name: String) async throws -> SecretVersion {
        try await alone(name) {
            var found = try await deleted(name)
            found.deletion = nil
            try await commit([.markSecret(found.key, nil)], "secret.recover", found)
            return found
        }
    }

    func purge(_ name: String) async throws {
        guard !vault.purgeProtection else { throw VaultError.purgeProtected(vault: vault.name) }
        try await alone(name) {
            let found = try await deleted(name)
            try await commit([.deleteSecret(found.key)], "secret.purge", found)
        }
    }

    func restore(_ text: String) async throws -> SecretVersion {
        let backup = try SecretBackup(sealed: text, plane.sealer)
        guard let last = backup.entries.last, Vault.isSecretName(last.name) else { throw SecretBackup.notReadable }
        return try await alone(last.name) {
            let known = try await plane.store.secretVersion(SecretKey(vault: vault.id, name: last.name), nil)
            if let known { throw known.deletion == nil ? VaultError.exists(known.name) : .deleted(known.name) }
            let versions = backup.entries.map { $0.version(in: vault.id) }
            let changes = zip(versions, backup.entries).map {
                StoreChange.addSecret($0, value: Secret($1.value))
            }
            guard let newest = versions.last else { throw SecretBackup.notReadable }
            try await commit(changes, "secret.restore", newest)
            return newest
        }
    }

    // MARK: Inside

    private func live(_ name: String, _ version: String?) async throws -> SecretVersion {
        let found = try await plane.store.secretVersion(
            SecretKey(vault: vault.id, name: name),
            version?.lowercased()
        )
        guard let found, found.deletion == nil else { throw missing(name, version) }
        return found
    }

    private func deleted(_ name: String) async throws -> SecretVersion {
        let found = try await plane.store.secretVersion(SecretKey(vault: vault.id, name: name), nil)
        guard let found, found.deletion != nil else { throw missing(name, nil) }
        return found
    }

    private func missing(_ name: String, _ version: String?) -> VaultError {
        .secretNotFound(name, vault: vault.name, version: version)
    }

    private func alone<Value: Sendable>(
        _ name: String,
        _ body: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        let key = SecretKey(vault: vault.id, name: name)
        return try await plane.secretWork.perform(key) { () async -> Result<Value, any Error> in
            do { return .success(try await body()) } catch { return .failure(error) }
        }.get()
    }

    private func commit(_ changes: [StoreChange], _ action: String, _ version: SecretVersion) async throws {
        try await plane.change {
            [subject = subject(version.name), detail = detail(version)] (state, change) throws(ControlError) in
            guard let known = state.vaults[vault.id], !state.closingVaults.contains(known.id) else {
                throw ControlError.vaultNotFound(vault.name)
            }
            change.store += changes
            change.audit(caller, action, subject, detail)
        }
    }

    private func note(_ action: String, _ version: SecretVersion, _ more: String? = nil) async throws {
        let detail = [detail(version), more].compactMap(\.self).joined(separator: ": ")
        try await note(action, subject: subject(version.name), detail)
    }

    func note(_ action: String, subject: String, _ detail: String? = nil) async throws {
        try await plane.change { _, change in
            change.audit(caller, action, subject, detail ?? "from \(address)")
        }
    }

    func subject(_ name: String?) -> String { "vault:\(vault.name)" + (name.map { "/\($0)" } ?? "") }

    private func detail(_ version: SecretVersion) -> String { "version \(version.version) from \(address)" }
}
