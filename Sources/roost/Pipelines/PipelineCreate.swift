import RoostClient
import ArgumentParser
import Foundation
import RoostWire

struct PipelineCreate: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Make a pipeline.",
        discussion: """
            The repository is a URL or a folder that git can clone; server and agents must reach it.

            Example:
              roost pipeline create app --repository https://git.example.org/app.git --branch main --pool linux
            """
    )

    @Argument(help: "Its name, unique in its folder.")
    var name: String

    @Option(help: ArgumentHelp("URL or folder of the git repository.", valueName: "url"))
    var repository: String

    @Option(help: "Branch that is run when nothing is said.")
    var branch = "main"

    @Option(help: ArgumentHelp("Path of the YAML file in the repository.", valueName: "path"))
    var yaml = "azure-pipelines.yml"

    @Option(help: "Folder for its name, such as team/app.")
    var folder: String?

    @Option(help: "Pool for YAML that names none.")
    var pool: String?

    @Option(help: "Most runs of it at once.")
    var limit: Int?

    @Option(help: ArgumentHelp("Variable of all its runs; may be repeated.", valueName: "name=value"))
    var variable: [Assignment] = []

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        if let limit, limit < 1 { throw ValidationError("--limit takes a number from 1 on.") }
    }

    func run(on server: Connection) async throws {
        let project = try await server.project()
        let chosenPool = try await pool.asyncMap { try await server.pool($0).id }
        let draft = BuildDefinitionWire(
            name: name,
            path: folder,
            queue: chosenPool.map { TaskAgentQueueWire(pool: TaskAgentPoolReferenceWire(id: $0)) },
            repository: BuildRepositoryWire(type: "Git", url: Self.address(repository), defaultBranch: branch),
            process: BuildProcessWire(type: 2, yamlFilename: yaml),
            variables: variable.isEmpty
                ? nil : Assignment.dictionary(variable).mapValues { VariableValueWire(value: $0, allowOverride: true) },
            concurrencyLimit: limit
        )
        var made = try await server.client.createDefinition(project: project, draft)
        if let limit, made.concurrencyLimit != limit {
            let change = BuildDefinitionWire(id: made.id, revision: made.revision, concurrencyLimit: limit)
            made = try await server.client.updateDefinition(project: project, change)
        }
        try output.print(made) { _ in
            "Pipeline '\(made.name ?? name)' (\(made.id ?? 0)) is made. Run it with 'roost run queue \(made.id ?? 0) --follow'."
        }
    }

    /// A folder here as the server finds it too; anything else as it is.
    private static func address(_ text: String) -> String {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: text, isDirectory: &isFolder), isFolder.boolValue else {
            return text
        }
        return URL(filePath: text).standardizedFileURL.path
    }
}
