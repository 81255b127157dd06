import RoostClient
import ArgumentParser
import RoostWire

struct PipelineEnable: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "enable",
        abstract: "Let a pipeline run again.",
        discussion: """
            Example:
              roost pipeline enable app
            """
    )

    @Argument(help: "Name or number of the pipeline.")
    var pipeline: String

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run(on server: Connection) async throws {
        let changed = try await server.setPipeline(pipeline, enabled: true)
        try output.print(changed) { _ in "Pipeline '\(changed.name ?? pipeline)' is enabled." }
    }
}

struct PipelineDisable: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "disable",
        abstract: "Let no new runs of a pipeline begin.",
        discussion: """
            Runs that have begun go on.

            Example:
              roost pipeline disable app
            """
    )

    @Argument(help: "Name or number of the pipeline.")
    var pipeline: String

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run(on server: Connection) async throws {
        let changed = try await server.setPipeline(pipeline, enabled: false)
        try output.print(changed) { _ in "Pipeline '\(changed.name ?? pipeline)' is disabled." }
    }
}

extension Connection {
    /// Sends only what changes: absent members stay as they are.
    fileprivate func setPipeline(_ nameOrID: String, enabled: Bool) async throws -> BuildDefinitionWire {
        let found = try await pipeline(nameOrID)
        let status = enabled ? "enabled" : "disabled"
        let change = BuildDefinitionWire(id: found.id, revision: found.definition.revision, queueStatus: status)
        return try await client.updateDefinition(project: found.project, change)
    }
}
