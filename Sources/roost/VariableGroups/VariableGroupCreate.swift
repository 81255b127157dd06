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
              roost variable-group create passwords --vault team --vault-secret db-password
            """
    )

    @Argument(help: "Its name, unique in the project.")
    var name: String

    @OptionGroup var values: VariableGroupValues
    @OptionGroup(title: "Vault") var vault: VariableGroupVaultOptions

    @Option(help: "What it is for.")
    var description: String?

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run(on server: Connection) async throws {
        var draft = VariableGroupWire(
            name: name,
            description: description,
            type: "Vsts",
            variables: try values.wires()
        )
        vault.apply(to: &draft)
        let made = try await server.client.createVariableGroup(project: server.project(), draft)
        try output.print(made) { _ in
            "Variable group '\(made.name ?? name)' (\(made.id ?? 0)) is made. Pipelines use it with 'variables:', '- group: \(made.name ?? name)'."
        }
    }
}
