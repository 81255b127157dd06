import ArgumentParser
import RoostClient
import RoostWire

struct VaultDelete: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete",
        abstract: "Delete a vault that has no secrets; deleted ones must be purged before.",
        discussion: """
            Example:
              roost vault delete team
            """
    )

    @Argument(help: "Name of the vault.")
    var name: String

    @OptionGroup(title: "Connection") var connection: ConnectionOptions

    func run(on server: Connection) async throws {
        try await server.client.deleteVault(name)
        Terminal.print("Vault '\(name)' is deleted.")
    }
}
