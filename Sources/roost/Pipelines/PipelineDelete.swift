import RoostWire
import RoostClient
import ArgumentParser

struct PipelineDelete: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete",
        abstract: "Delete a pipeline and its runs.",
        discussion: """
            Example:
              roost pipeline delete app
            """
    )

    @Argument(help: "Name or number of the pipeline.")
    var pipeline: String

    @OptionGroup(title: "Connection") var connection: ConnectionOptions

    func run(on server: Connection) async throws {
        let found = try await server.pipeline(pipeline)
        try await server.client.deleteDefinition(project: found.project, id: found.id)
        Terminal.print("Pipeline '\(found.definition.name ?? pipeline)' is deleted.")
    }
}
