import ArgumentParser
import RoostClient
import RoostWire

struct EnvironmentUpdate: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "update",
        abstract: "Change an environment.",
        discussion: """
            Example:
              roost environment update production --limit 0
            """
    )

    @Argument(help: "Name or number of the environment.")
    var environment: String

    @Option(help: "Its new name.")
    var name: String?

    @Option(help: "What it is for.")
    var description: String?

    @Option(help: ArgumentHelp("Most deployments to it at once; 0 takes the limit away.", valueName: "count"))
    var limit: Int?

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        if name == nil, description == nil, limit == nil { throw ValidationError("Say what to change.") }
        if let limit, limit < 0 { throw ValidationError("--limit takes 0 or more.") }
    }

    func run(on server: Connection) async throws {
        let found = try await server.environment(environment)
        let change = EnvironmentWire(name: name, description: description, concurrencyLimit: limit)
        let changed = try await server.client.updateEnvironment(project: found.project, id: found.id, change)
        try output.print(changed) { _ in "Environment '\(changed.name ?? found.name)' is changed." }
    }
}
