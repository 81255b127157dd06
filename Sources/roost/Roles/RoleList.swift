import ArgumentParser
import RoostClient
import RoostWire

struct RoleList: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List roles: all that you may see, or those on one thing.",
        discussion: """
            Example:
              roost role list --on project:shop
            """
    )

    @Option(name: .long, help: "Only those on this, without what is inherited.")
    var on: String?

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run(on server: Connection) async throws {
        let roles = try await server.client.roles(on: on)
        try output.print(list: roles, empty: "No roles are given there.") { _ in
            var table = Table("HOLDER", "ROLE", "ON", "NAME", "GIVEN BY")
            for role in roles {
                table.add(role.holder ?? "-", role.role ?? "-", role.on ?? "-", role.name ?? "", role.givenBy ?? "-")
            }
            return table
        }
    }
}
