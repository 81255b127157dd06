import ArgumentParser
import RoostClient
import RoostWire

struct IdentityList: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List identities.",
        discussion: """
            Example:
              roost identity list
            """
    )

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run(on server: Connection) async throws {
        let identities = try await server.client.identities()
        try output.print(list: identities, empty: "There are no identities.") { terminal in
            var table = Table("NAME", "CLIENT ID", "KIND", "STATE", "CREDENTIALS", "RIGHTS")
            for identity in identities {
                let counts = [identity.secrets?.count, identity.certificates?.count, identity.federated?.count]
                table.add(
                    identity.name ?? "-",
                    IdentityFacts.id(identity.clientId),
                    identity.kind ?? "-",
                    identity.isEnabled == false ? terminal.styled("disabled", .red) : "enabled",
                    "\(counts.compactMap(\.self).reduce(0, +))",
                    IdentityFacts.rights(identity)
                )
            }
            return table
        }
    }
}
