import RoostClient
import ArgumentParser
import RoostWire

struct ProjectCreate: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Make a project.",
        discussion: """
            Example:
              roost project create web --default-pool linux
            """
    )

    @Argument(help: "Its name.")
    var name: String

    @Option(help: "What it is for.")
    var description: String?

    @Option(help: "Pool for pipelines that name none.")
    var defaultPool: String?

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run(on server: Connection) async throws {
        let pool = try await defaultPool.asyncMap { try await server.pool($0).id }
        let draft = TeamProjectWire(name: name, description: description, defaultPool: pool)
        let project = try await server.client.createProject(draft)
        try output.print(project) { _ in "Project '\(project.name ?? name)' is made." }
    }
}
