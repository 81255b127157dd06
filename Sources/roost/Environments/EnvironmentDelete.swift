import ArgumentParser
import RoostClient
import RoostWire

struct EnvironmentDelete: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete",
        abstract: "Delete an environment with its checks and its history.",
        discussion: """
            An environment that a stage waits for or works on is not deleted.

            Example:
              roost environment delete staging
            """
    )

    @Argument(help: "Name or number of the environment.")
    var environment: String

    @OptionGroup(title: "Connection") var connection: ConnectionOptions

    func run(on server: Connection) async throws {
        let found = try await server.environment(environment)
        try await server.client.deleteEnvironment(project: found.project, id: found.id)
        Terminal.print("Environment '\(found.name)' is deleted.")
    }
}
