import RoostClient
import ArgumentParser
import RoostWire

struct PipelineList: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the pipelines of a project.",
        discussion: """
            Example:
              roost pipeline list
            """
    )

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run(on server: Connection) async throws {
        let pipelines = try await server.client.definitions(project: server.project())
        let empty = "There are no pipelines yet. Make one with 'roost pipeline create NAME --repository URL'."
        try output.print(list: pipelines, empty: empty) { terminal in
            var table = Table("ID", "NAME", "FOLDER", "STATE", "POOL", "FILE", "REPOSITORY")
            for pipeline in pipelines {
                table.add(
                    "\(pipeline.id ?? 0)",
                    pipeline.name ?? "-",
                    pipeline.path ?? "-",
                    pipeline.isEnabled ? "enabled" : terminal.styled("disabled", .yellow),
                    pipeline.queue?.pool?.name ?? "-",
                    pipeline.process?.yamlFilename ?? "-",
                    pipeline.repository?.url ?? "-"
                )
            }
            return table
        }
    }
}

extension BuildDefinitionWire {
    /// Whether it may be run.
    var isEnabled: Bool { queueStatus.map { $0.lowercased() == "enabled" } ?? true }
}
