import FoundationEssentials
import RoostModel

extension StateReader {
    private func secretVersions(_ rest: String, _ values: [SQLValue]) throws -> [SecretVersion] {
        var found: [SecretVersion] = []
        try connection.query(SecretVersionRow.select(rest), values, table: "secret_versions") { columns in
            found.append(try SecretVersionRow.read(&columns, coding))
        }
        return found
    }

    /// One version, or the newest.
    func secretVersion(_ key: SecretKey, _ version: String?) throws -> SecretVersion? {
        let one = version == nil ? "" : "AND version = ? "
        let values = SecretVersionRow.key(key) + (version.map { [.text($0)] } ?? [])
        return try secretVersions("WHERE vault_id = ? AND name_key = ? \(one)ORDER BY seq DESC LIMIT 1", values).first
    }

    /// The newest version of each secret, by name.
    func secrets(of vault: VaultID, deleted: Bool, after name: String, limit: Int) throws -> [SecretVersion] {
        try secretVersions(
            """
            WHERE vault_id = ? AND name_key > ? AND deleted_at IS \(deleted ? "NOT NULL" : "NULL") \
            AND seq = (SELECT MAX(seq) FROM secret_versions AS newer \
            WHERE newer.vault_id = secret_versions.vault_id AND newer.name_key = secret_versions.name_key) \
            ORDER BY name_key LIMIT ?
            """,
            [.id(vault), .text(name.lowercased()), .integer(max(limit, 0))]
        )
    }

    /// Versions of a secret in the order in which they were made.
    func secretVersions(_ key: SecretKey, after version: String?, limit: Int) throws -> [SecretVersion] {
        let later =
            version == nil
            ? ""
            : "AND seq > (SELECT seq FROM secret_versions WHERE vault_id = ? AND name_key = ? AND version = ?) "
        let place = version.map { SecretVersionRow.key(key) + [.text($0)] } ?? []
        return try secretVersions(
            "WHERE vault_id = ? AND name_key = ? \(later)ORDER BY seq LIMIT ?",
            SecretVersionRow.key(key) + place + [.integer(max(limit, 0))]
        )
    }

    func secretValue(_ version: SecretVersion) throws -> Secret? {
        var sealed: String?
        let values = SecretVersionRow.key(version.key) + [.text(version.version)]
        try connection.query(SecretVersionRow.value, values, table: "secret_versions") { sealed = try $0.text() }
        guard let sealed else { return nil }
        return Secret(try coding.open(sealed: sealed, for: SecretVersionRow.place(version)))
    }

    /// Deleted secrets, those that go first before the others.
    func secretsToPurge(limit: Int) throws -> [SecretVersion] {
        try secretVersions("WHERE purge_at IS NOT NULL ORDER BY purge_at, seq LIMIT ?", [.integer(max(limit, 0))])
    }
}
