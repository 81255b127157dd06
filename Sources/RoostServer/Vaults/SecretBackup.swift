import FoundationEssentials
import RoostModel
import RoostStore

/// All versions of a secret with their values, sealed with the server's key: only this server opens it.
struct SecretBackup: Codable, Sendable {
    struct Entry: Codable, Sendable {
        var name: String
        var version: String
        var value: String
        var contentType: String?
        var tags: [String: String]
        var enabled: Bool
        var notBefore: Date?
        var expires: Date?
        var createdAt: Date
        var updatedAt: Date

        init(_ version: SecretVersion, _ value: Secret) {
            name = version.name
            self.version = version.version
            self.value = value.exposed
            contentType = version.contentType
            tags = version.tags
            enabled = version.enabled
            notBefore = version.notBefore
            expires = version.expires
            createdAt = version.createdAt
            updatedAt = version.updatedAt
        }

        func version(in vault: VaultID) -> SecretVersion {
            SecretVersion(
                vault: vault,
                name: name,
                version: version,
                contentType: contentType,
                tags: tags,
                enabled: enabled,
                notBefore: notBefore,
                expires: expires,
                createdAt: createdAt,
                updatedAt: updatedAt
            )
        }
    }

    /// The newest last.
    var entries: [Entry]

    private static let place = "vault-backup"
    static let notReadable = VaultError.badParameter(
        "the backup is damaged, or was made with another sealing key",
        at: "value"
    )

    init(entries: [Entry]) { self.entries = entries }

    /// Opens a backup.
    ///
    /// - Throws: ``VaultError/badParameter(_:at:)``.
    init(sealed text: String, _ sealer: any SecretSealer) throws(VaultError) {
        var base64 = text.replacing("-", with: "+").replacing("_", with: "/")
        while base64.utf8.count % 4 != 0 { base64 += "=" }
        guard let bytes = Data(base64Encoded: base64), let opened = try? sealer.open(bytes, for: Self.place),
            let backup = try? JSONDecoder().decode(SecretBackup.self, from: Data(opened.utf8))
        else { throw Self.notReadable }
        self = backup
    }

    /// In base64 for URLs.
    func sealed(_ sealer: any SecretSealer) throws -> String {
        let text = String(decoding: try JSONEncoder().encode(self), as: UTF8.self)
        return try sealer.seal(text, for: Self.place).base64EncodedString()
            .replacing("+", with: "-").replacing("/", with: "_").filter { $0 != "=" }
    }
}
