import ArgumentParser
import RoostClient
import RoostWire

struct ServiceConnectionShow: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show a service connection, without its secret.",
        discussion: """
            Example:
              roost service-connection show builds
            """
    )

    @Argument(help: "Name or id of the connection.")
    var name: String

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run(on server: Connection) async throws {
        let found = try await server.serviceConnection(name)
        try output.print(found.connection) { terminal in found.connection.facts(terminal) }
    }
}
