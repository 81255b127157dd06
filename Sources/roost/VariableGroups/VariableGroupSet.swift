import ArgumentParser
import RoostClient
import RoostWire

struct VariableGroupSet: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "set",
        abstract: "Set or remove variables of a group.",
        discussion: """
            Example:
              roost variable-group set release REGION=us --remove OLD
            """
    )

    @Argument(help: "Name or number of the group.")
    var group: String

    @OptionGroup var values: VariableGroupValues
    @OptionGroup(title: "Vault") var vault: VariableGroupVaultOptions

    @Option(help: ArgumentHelp("Variable to remove; may be repeated.", valueName: "name"))
    var remove: [String] = []

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        let hasVault = vault.vault != nil || vault.hashicorpVault != nil || !vault.vaultSecret.isEmpty
        if values.values.isEmpty, values.secretFile.isEmpty, remove.isEmpty, !hasVault {
            throw ValidationError("Say what to change, such as NAME=VALUE or --remove NAME.")
        }
    }

    func run(on server: Connection) async throws {
        let found = try await server.variableGroup(group)
        // Secrets go back without a value, which keeps the one they have.
        var all = found.group.variables ?? [:]
        for name in remove { all = all.filter { $0.key.lowercased() != name.lowercased() } }
        for (name, value) in try values.wires() {
            all = all.filter { $0.key.lowercased() != name.lowercased() }
            all[name] = value
        }
        var change = VariableGroupWire(variables: all)
        vault.apply(to: &change)
        let changed = try await server.client.updateVariableGroup(project: found.project, id: found.id, change)
        try output.print(changed) { _ in
            "Variable group '\(changed.name ?? group)' has \(changed.variables?.count ?? 0) variables now."
        }
    }
}
