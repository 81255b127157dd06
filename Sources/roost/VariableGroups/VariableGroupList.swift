import ArgumentParser
import RoostClient
import RoostWire

struct VariableGroupList: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the variable groups of a project.",
        discussion: """
            Example:
              roost variable-group list
            """
    )

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run(on server: Connection) async throws {
        let groups = try await server.client.variableGroups(project: server.project())
        let empty = "There are no variable groups yet. Make one with 'roost variable-group create NAME KEY=VALUE'."
        try output.print(list: groups, empty: empty) { _ in
            var table = Table("ID", "NAME", "VARIABLES", "DESCRIPTION")
            for group in groups {
                table.add(
                    "\(group.id ?? 0)",
                    group.name ?? "-",
                    "\(group.variables?.count ?? 0)",
                    group.description ?? ""
                )
            }
            return table
        }
    }
}
