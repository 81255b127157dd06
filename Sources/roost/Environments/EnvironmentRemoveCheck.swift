import ArgumentParser
import RoostClient
import RoostWire

struct EnvironmentRemoveCheck: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove-check",
        abstract: "Remove a check; stages that have asked already still wait for it.",
        discussion: """
            Example:
              roost environment remove-check production 4
            """
    )

    @Argument(help: "Name or number of the environment.")
    var environment: String

    @Argument(help: ArgumentHelp("Number of the check, as 'roost environment show' gives it.", valueName: "check"))
    var check: Int

    @OptionGroup(title: "Connection") var connection: ConnectionOptions

    func run(on server: Connection) async throws {
        let found = try await server.environment(environment)
        let known = try await server.client.checks(project: found.project, environment: found.id)
        guard known.contains(where: { $0.id == check }) else {
            throw CommandFailure.notFound(
                kind: "check of '\(found.name)'",
                name: String(check),
                near: nil,
                list: "roost environment show \(found.name)"
            )
        }
        try await server.client.deleteCheck(project: found.project, id: check)
        Terminal.print("Check \(check) of '\(found.name)' is removed.")
    }
}
