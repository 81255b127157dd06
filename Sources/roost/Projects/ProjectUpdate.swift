import RoostClient
import ArgumentParser
import RoostWire

struct ProjectUpdate: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "update",
        abstract: "Change a project; what is not given stays as it is.",
        discussion: """
            Example:
              roost project update web --default-pool linux
            """
    )

    @Argument(help: "Name or id of the project.")
    var name: String

    @Option(help: "A new name.")
    var rename: String?

    @Option(help: "What it is for.")
    var description: String?

    @Option(help: "Pool for pipelines that name none.")
    var defaultPool: String?

    @Flag(help: "Take the default pool away.")
    var noDefaultPool = false

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        if defaultPool != nil, noDefaultPool {
            throw ValidationError("--default-pool and --no-default-pool exclude each other.")
        }
        if rename == nil, description == nil, defaultPool == nil, !noDefaultPool {
            throw ValidationError("Say what to change, for example --default-pool linux.")
        }
    }

    func run(on server: Connection) async throws {
        // 0 takes the pool away, for an absent member means no change.
        let pool = try await noDefaultPool ? 0 : defaultPool.asyncMap { try await server.pool($0).id }
        let change = TeamProjectWire(name: rename, description: description, defaultPool: pool)
        let project = try await server.client.updateProject(name, change)
        try output.print(project) { _ in "Project '\(project.name ?? name)' is changed." }
    }
}
