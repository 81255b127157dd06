import ArgumentParser
import RoostClient
import RoostModel
import RoostWire

struct VaultCreate: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Make a vault; you may do everything in it, and nobody else anything.",
        discussion: """
            The name becomes part of a host name: 3 to 24 letters, digits and dashes.

            Example:
              roost vault create team --retention-days 30 --purge-protection
            """
    )

    @Argument(help: "Name of the vault.")
    var name: String

    @Option(help: "Days for which deleted secrets can be recovered, 7 to 90.")
    var retentionDays = Vault.retention.upperBound

    @Flag(help: "Nobody purges a deleted secret before that time is over.")
    var purgeProtection = false

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run(on server: Connection) async throws {
        let wanted = VaultWire(name: name, retentionDays: retentionDays, purgeProtection: purgeProtection)
        let made = try await server.client.createVault(wanted)
        try output.print(made) { _ in "Vault '\(made.name ?? name)' is made. Its secrets are at \(made.uri ?? "")." }
    }
}
