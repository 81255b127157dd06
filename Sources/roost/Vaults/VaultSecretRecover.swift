import ArgumentParser
import RoostClient
import RoostWire

struct VaultSecretRecover: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "recover",
        abstract: "Bring a deleted secret back, with all its versions.",
        discussion: """
            Example:
              roost vault secret recover team db-password
            """
    )

    @Argument(help: "Name of the vault.")
    var vault: String

    @Argument(help: "Name of the secret.")
    var name: String

    @OptionGroup(title: "Connection") var connection: ConnectionOptions

    func run(on server: Connection) async throws {
        let secret = try await server.client.recoverSecret(name, in: server.vault(vault))
        Terminal.print("Secret '\(secret.name)' is back.")
    }
}
