import ArgumentParser
import RoostClient
import RoostWire

struct EnvironmentCreate: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Make an environment.",
        discussion: """
            Example:
              roost environment create production --limit 2
            """
    )

    @Argument(help: "Its name, unique in the project.")
    var name: String

    @Option(help: "What it is for.")
    var description: String?

    @Option(help: ArgumentHelp("Most deployments to it at once.", valueName: "count"))
    var limit: Int?

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        if let limit, limit < 1 { throw ValidationError("--limit takes a number from 1 on.") }
    }

    func run(on server: Connection) async throws {
        let draft = EnvironmentWire(name: name, description: description, concurrencyLimit: limit)
        let made = try await server.client.createEnvironment(project: server.project(), draft)
        try output.print(made) { _ in "Environment '\(made.name ?? name)' (\(made.id ?? 0)) is made." }
    }
}
