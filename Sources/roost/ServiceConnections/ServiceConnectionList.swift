import ArgumentParser
import RoostClient
import RoostWire

struct ServiceConnectionList: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the service connections of a project.",
        discussion: """
            Example:
              roost service-connection list
            """
    )

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run(on server: Connection) async throws {
        let all = try await server.client.serviceConnections(project: server.project())
        let empty =
            "There are no service connections yet. Make one with 'roost service-connection create NAME --new-secret'."
        try output.print(list: all, empty: empty) { _ in
            var table = Table("NAME", "SIGNED IN", "ADDRESS")
            for connection in all {
                table.add(connection.name ?? "-", connection.signatureText, connection.url ?? "")
            }
            return table
        }
    }
}
