import FoundationEssentials
import RoostModel

/// A stored version of a secret; its value is sealed for its vault, name and version.
struct SecretVersionRow {
    struct Body: Codable {
        var name: String
        var contentType: String?
        var tags: [String: String]?
        var disabled: Bool?
        var notBefore: Double?
        var expires: Double?
        var createdAt: Double
        var updatedAt: Double
    }

    static let columns = "vault_id, name_key, version, deleted_at, purge_at, body"

    static let insert = """
        INSERT INTO secret_versions (\(columns), seq, value) \
        VALUES (?, ?, ?, ?, ?, ?, (SELECT COALESCE(MAX(seq), 0) + 1 FROM secret_versions), ?)
        """
    static let update = "UPDATE secret_versions SET body = ? WHERE vault_id = ? AND name_key = ? AND version = ?"
    static let mark = "UPDATE secret_versions SET deleted_at = ?, purge_at = ? WHERE vault_id = ? AND name_key = ?"
    static let delete = "DELETE FROM secret_versions WHERE vault_id = ? AND name_key = ?"
    static let value = "SELECT value FROM secret_versions WHERE vault_id = ? AND name_key = ? AND version = ?"

    static func select(_ rest: String) -> String { "SELECT \(columns) FROM secret_versions \(rest)" }

    static func key(_ key: SecretKey) -> [SQLValue] { [.id(key.vault), .text(key.name)] }

    /// What the sealed value is bound to.
    static func place(_ version: SecretVersion) -> String {
        "vaults/\(version.vault)/\(version.key.name)/\(version.version)"
    }

    static func body(of version: SecretVersion, _ coding: BodyCoding) throws -> String {
        try coding.encode(
            Body(
                name: version.name,
                contentType: version.contentType,
                tags: version.tags.isEmpty ? nil : version.tags,
                disabled: version.enabled ? nil : true,
                notBefore: version.notBefore?.timeIntervalSinceReferenceDate,
                expires: version.expires?.timeIntervalSinceReferenceDate,
                createdAt: version.createdAt.timeIntervalSinceReferenceDate,
                updatedAt: version.updatedAt.timeIntervalSinceReferenceDate
            )
        )
    }

    static func values(_ version: SecretVersion, _ value: Secret, _ coding: BodyCoding) throws -> [SQLValue] {
        key(version.key) + [
            .text(version.version), .date(version.deletion?.deletedAt), .date(version.deletion?.purgeAt),
            .text(try body(of: version, coding)),
            .text(try coding.seal(value.exposed, for: place(version))),
        ]
    }

    static func read(_ columns: inout ColumnReader, _ coding: BodyCoding) throws -> SecretVersion {
        let vault = VaultID(try columns.uuid())
        _ = try columns.text()
        let version = try columns.text()
        let deletedAt = try columns.optionalDate()
        let purgeAt = try columns.optionalDate()
        let body: Body = try coding.decode(try columns.text(), table: "secret_versions", row: version)
        return SecretVersion(
            vault: vault,
            name: body.name,
            version: version,
            contentType: body.contentType,
            tags: body.tags ?? [:],
            enabled: body.disabled != true,
            notBefore: body.notBefore.map { Date(timeIntervalSinceReferenceDate: $0) },
            expires: body.expires.map { Date(timeIntervalSinceReferenceDate: $0) },
            createdAt: Date(timeIntervalSinceReferenceDate: body.createdAt),
            updatedAt: Date(timeIntervalSinceReferenceDate: body.updatedAt),
            deletion: deletedAt.flatMap { deleted in purgeAt.map { SecretDeletion(deletedAt: deleted, purgeAt: $0) } }
        )
    }
}
