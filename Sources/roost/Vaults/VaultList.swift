import ArgumentParser
import RoostClient
import RoostWire

struct VaultList: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List vaults.",
        discussion: """
            Example:
              roost vault list
            """
    )

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run(on server: Connection) async throws {
        let vaults = try await server.client.vaults()
        try output.print(list: vaults, empty: "There is no vault yet.") { _ in
            var table = Table("NAME", "ADDRESS", "KEEPS DELETED", "MADE", "BY")
            for vault in vaults {
                table.add(
                    vault.name ?? "",
                    vault.uri ?? "",
                    "\(vault.retentionDays ?? 0) days",
                    TimeText.ago(vault.createdAt),
                    vault.createdBy ?? ""
                )
            }
            return table
        }
    }
}
