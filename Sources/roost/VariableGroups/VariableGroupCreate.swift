import ArgumentParser
import RoostClient
import RoostWire

struct VariableGroupCreate: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Make a variable group.",
        discussion: """
            Example:
              roost variable-group create release REGION=eu --secret-file TOKEN=token.txt
            """
    )

    @Argument(help: "Its name, unique in the project.")
    var name: String

    @OptionGroup var values: VariableGroupValues

    @Option(help: "What it is for.")
    var description: String?

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run(on server: Connection) async throws {
        let draft = VariableGroupWire(
            name: name,
            description: description,
            type: "Vsts",
            variables: try values.wires()
        )
        let made = try await server.client.createVariableGroup(project: server.project(), draft)
        try output.print(made) { _ in
            "Variable group '\(made.name ?? name)' (\(made.id ?? 0)) is made. Pipelines use it with 'variables:', '- group: \(made.name ?? name)'."
        }
    }
}
