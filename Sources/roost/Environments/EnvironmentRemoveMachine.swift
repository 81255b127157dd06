import ArgumentParser
import RoostClient
import RoostWire

struct EnvironmentRemoveMachine: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove-machine",
        abstract: "Take a machine away from an environment; its agent stays.",
        discussion: """
            Example:
              roost environment remove-machine production web-1
            """
    )

    @Argument(help: "Name or number of the environment.")
    var environment: String

    @Argument(help: "Name of the machine, as 'roost environment show' gives it.")
    var machine: String

    @OptionGroup(title: "Connection") var connection: ConnectionOptions

    func run(on server: Connection) async throws {
        let found = try await server.environment(environment)
        _ = try await server.client.removeMachine(project: found.project, environment: found.id, machine: machine)
        Terminal.print("'\(machine)' is no machine of '\(found.name)' any more.")
    }
}
