import ArgumentParser
import RoostClient
import RoostWire

struct VaultSecretVersions: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "versions",
        abstract: "List the versions of a secret, oldest first.",
        discussion: """
            Example:
              roost vault secret versions team db-password
            """
    )

    @Argument(help: "Name of the vault.")
    var vault: String

    @Argument(help: "Name of the secret.")
    var name: String

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run(on server: Connection) async throws {
        let versions = try await server.client.secretVersions(name, in: server.vault(vault))
        try output.print(list: versions, empty: "There is no version.") { _ in
            var table = Table("VERSION", "ENABLED", "MADE")
            for version in versions {
                table.add(
                    version.version,
                    version.attributes?.enabled == false ? "no" : "yes",
                    TimeText.ago(VaultSecretList.date(version.attributes?.created))
                )
            }
            return table
        }
    }
}
