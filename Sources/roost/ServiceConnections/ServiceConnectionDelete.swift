import ArgumentParser
import RoostClient
import RoostWire

struct ServiceConnectionDelete: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete",
        abstract: "Delete a service connection; messages to its address are refused from then on.",
        discussion: """
            Example:
              roost service-connection delete builds
            """
    )

    @Argument(help: "Name or id of the connection.")
    var name: String

    @OptionGroup(title: "Connection") var connection: ConnectionOptions

    func run(on server: Connection) async throws {
        let found = try await server.serviceConnection(name)
        try await server.client.deleteServiceConnection(project: found.project, id: found.id)
        Terminal.print("Service connection '\(found.connection.name ?? name)' is deleted.")
    }
}
