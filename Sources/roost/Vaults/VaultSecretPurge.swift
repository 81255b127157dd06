import ArgumentParser
import RoostClient
import RoostWire

struct VaultSecretPurge: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "purge",
        abstract: "Remove a deleted secret for good.",
        discussion: """
            Example:
              roost vault secret purge team db-password
            """
    )

    @Argument(help: "Name of the vault.")
    var vault: String

    @Argument(help: "Name of the secret.")
    var name: String

    @OptionGroup(title: "Connection") var connection: ConnectionOptions

    func run(on server: Connection) async throws {
        try await server.client.purgeSecret(name, in: server.vault(vault))
        Terminal.print("Secret '\(name)' is removed for good.")
    }
}
