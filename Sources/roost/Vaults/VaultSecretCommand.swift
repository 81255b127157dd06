import ArgumentParser
import RoostWire

/// `roost vault secret`: the secrets of a vault.
struct VaultSecretCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "secret",
        abstract: "Set, read and delete the secrets of a vault.",
        discussion: """
            Example:
              printf %s "$PASSWORD" | roost vault secret set team db-password --file -
              roost vault secret show team db-password --value
            """,
        subcommands: [
            VaultSecretList.self, VaultSecretShow.self, VaultSecretSet.self, VaultSecretVersions.self,
            VaultSecretDelete.self, VaultSecretRecover.self, VaultSecretPurge.self,
        ]
    )
}

extension SecretWire {
    /// The parts of the id behind `secrets`.
    private var parts: [Substring] { (id ?? "").split(separator: "/").suffix(while: { $0 != "secrets" }) }

    var name: String { parts.first.map(String.init) ?? "" }
    var version: String { parts.count > 1 ? String(parts[1]) : "" }
}

extension Array where Element == Substring {
    fileprivate func suffix(while isWanted: (Substring) -> Bool) -> [Substring] {
        Array(reversed().prefix(while: isWanted).reversed())
    }
}
