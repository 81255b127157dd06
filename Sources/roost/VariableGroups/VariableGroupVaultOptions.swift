import ArgumentParser
import RoostClient
import RoostWire

/// The vault that the values of a group come from.
struct VariableGroupVaultOptions: ParsableArguments {
    @Option(
        help:
            "Vault its values come from when a job starts: one of this server, or Azure Key Vault with --vault-connection."
    )
    var vault: String?

    @Option(help: "Secret of HashiCorp Vault its values come from, as mount/path; needs --vault-connection.")
    var hashicorpVault: String?

    @Option(help: "Name or id of the service connection to a vault of others.")
    var vaultConnection: String?

    @Option(help: ArgumentHelp("Name of a secret there; may be repeated.", valueName: "name"))
    var vaultSecret: [String] = []

    func validate() throws {
        guard vault == nil || hashicorpVault == nil else {
            throw ValidationError("Give either --vault or --hashicorp-vault.")
        }
        guard let hashicorpVault else { return }
        guard vaultConnection != nil, hashicorpVault.split(separator: "/").count > 1 else {
            throw ValidationError("--hashicorp-vault takes mount/path, and needs --vault-connection.")
        }
    }

    /// Puts it into what the server is told.
    func apply(to draft: inout VariableGroupWire) {
        for name in vaultSecret {
            let known = draft.variables ?? [:]
            draft.variables = known.merging([name: VariableValueWire(isSecret: true)]) { $1 }
        }
        if let vault {
            draft.type = "AzureKeyVault"
            draft.providerData = .init(serviceEndpointId: vaultConnection, vault: vault)
        } else if let parts = hashicorpVault?.split(separator: "/", maxSplits: 1), parts.count == 2 {
            draft.type = "HashiCorpVault"
            draft.providerData = .init(
                serviceEndpointId: vaultConnection,
                vault: String(parts[1]),
                mount: String(parts[0])
            )
        }
    }
}
