import ArgumentParser
import RoostClient
import RoostWire

struct VariableGroupDelete: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete",
        abstract: "Delete a variable group; runs that were queued with it keep its values.",
        discussion: """
            Example:
              roost variable-group delete release
            """
    )

    @Argument(help: "Name or number of the group.")
    var group: String

    @OptionGroup(title: "Connection") var connection: ConnectionOptions

    func run(on server: Connection) async throws {
        let found = try await server.variableGroup(group)
        try await server.client.deleteVariableGroup(project: found.project, id: found.id)
        Terminal.print("Variable group '\(found.group.name ?? group)' is deleted.")
    }
}
