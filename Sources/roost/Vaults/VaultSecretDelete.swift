import ArgumentParser
import RoostClient
import RoostWire

struct VaultSecretDelete: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete",
        abstract: "Delete a secret; it can be recovered for a while.",
        discussion: """
            Example:
              roost vault secret delete team db-password
            """
    )

    @Argument(help: "Name of the vault.")
    var vault: String

    @Argument(help: "Name of the secret.")
    var name: String

    @OptionGroup(title: "Connection") var connection: ConnectionOptions

    func run(on server: Connection) async throws {
        let deleted = try await server.client.deleteSecret(name, in: server.vault(vault))
        let end = VaultSecretList.date(deleted.scheduledPurgeDate).map { " until \(TimeText.moment($0)) UTC" } ?? ""
        Terminal.print("Secret '\(deleted.name)' is deleted; 'roost vault secret recover' brings it back\(end).")
    }
}
