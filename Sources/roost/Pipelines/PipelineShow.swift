import RoostClient
import ArgumentParser
import RoostWire

struct PipelineShow: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show a pipeline and its settings.",
        discussion: """
            Example:
              roost pipeline show app
            """
    )

    @Argument(help: "Name or number of the pipeline.")
    var pipeline: String

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run(on server: Connection) async throws {
        let found = try await server.pipeline(pipeline)
        let definition = try await server.client.definition(project: found.project, id: found.id)
        try output.print(definition) { terminal in
            var facts = Facts()
            facts.add("Pipeline", "\(definition.name ?? "?") (\(found.id), revision \(definition.revision ?? 1))")
            facts.add("Folder", definition.path)
            facts.add("Project", definition.project?.name)
            facts.add("State", definition.isEnabled ? "enabled" : terminal.styled("disabled", .yellow))
            facts.add("Repository", definition.repository?.url)
            facts.add("Branch", definition.repository?.defaultBranch.map { BranchName.short($0) })
            facts.add("File", definition.process?.yamlFilename)
            facts.add("Pool", definition.queue?.pool?.name ?? definition.queue?.name)
            facts.add("Runs at once", definition.concurrencyLimit.map { "at most \($0)" })
            for (name, variable) in (definition.variables ?? [:]).sorted(by: { $0.key < $1.key }) {
                facts.add("Variable", "\(name) = \(variable.isSecret == true ? "(secret)" : variable.value ?? "")")
            }
            facts.add("Made", "\(TimeText.ago(definition.createdDate)) by \(definition.authoredBy?.displayName ?? "?")")
            return facts.render(terminal)
        }
    }
}
