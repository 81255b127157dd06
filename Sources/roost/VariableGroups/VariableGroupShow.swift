import ArgumentParser
import RoostClient
import RoostWire

struct VariableGroupShow: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show the variables of a group; secret values are never shown.",
        discussion: """
            Example:
              roost variable-group show release
            """
    )

    @Argument(help: "Name or number of the group.")
    var group: String

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run(on server: Connection) async throws {
        let found = try await server.variableGroup(group).group
        try output.print(found) { terminal in
            var facts = Facts()
            facts.add("Group", "\(found.name ?? "?") (\(found.id ?? 0))")
            facts.add("Description", found.description)
            if let provider = found.providerData {
                let path = [provider.mount, provider.vault].compactMap(\.self).joined(separator: "/")
                facts.add("Vault", "\(path) (\(found.type ?? "?"))")
                facts.add("Connection", provider.serviceEndpointId)
            }
            for (name, variable) in (found.variables ?? [:]).sorted(by: { $0.key < $1.key }) {
                facts.add("Variable", "\(name) = \(variable.isSecret == true ? "(secret)" : variable.value ?? "")")
            }
            facts.add("Changed", "\(TimeText.ago(found.modifiedOn)) by \(found.modifiedBy?.displayName ?? "?")")
            return facts.render(terminal)
        }
    }
}
