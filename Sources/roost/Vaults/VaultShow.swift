import ArgumentParser
import RoostClient
import RoostWire

struct VaultShow: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show a vault, and who may do what in it.",
        discussion: """
            Example:
              roost vault show team
            """
    )

    @Argument(help: "Name of the vault.")
    var name: String

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run(on server: Connection) async throws {
        let vault = try await server.vault(name)
        try output.print(vault) { terminal in
            var facts = Facts()
            facts.add("Vault", vault.name)
            facts.add("Address", vault.uri)
            facts.add("Keeps deleted", vault.retentionDays.map { "\($0) days" })
            facts.add("Purge protection", vault.purgeProtection == true ? "on" : "off")
            facts.add("Made", TimeText.ago(vault.createdAt))
            facts.add("By", vault.createdBy)
            for grant in vault.grants ?? [] { facts.add(grant.grantee, grant.rights.joined(separator: ", ")) }
            return facts.render(terminal)
        }
    }
}
