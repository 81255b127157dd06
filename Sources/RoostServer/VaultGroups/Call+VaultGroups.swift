import FoundationEssentials
import RoostModel
import RoostWire

extension Call {
    /// The vault that a group's draft names; nil for a group whose values are kept here.
    ///
    /// - Throws: ``RequestProblem``, and ``ControlError/forbidden(what:needs:)`` for who may not read there themselves.
    func vault(of draft: VariableGroupWire, in project: ProjectID) throws -> GroupVault? {
        let type = (draft.type ?? "Vsts").lowercased()
        guard type != "vsts" else { return nil }
        guard type == "azurekeyvault" || type == "hashicorpvault" else {
            throw RequestProblem.malformed(
                place: "type",
                problem:
                    "only groups of the types Vsts, AzureKeyVault and HashiCorpVault are known, and it is '\(type)'"
            )
        }
        guard let provider = draft.providerData, let name = provider.vault, !name.isEmpty else {
            throw RequestProblem.malformed(place: "providerData.vault", problem: "the name of the vault was expected")
        }
        let isHashiCorp = type == "hashicorpvault"
        guard let connection = try connection(provider.serviceEndpointId, in: project) else {
            guard !isHashiCorp else {
                throw RequestProblem.malformed(
                    place: "providerData.serviceEndpointId",
                    problem: "a service connection to HashiCorp Vault was expected"
                )
            }
            return try ownVault(name)
        }
        try require(.use, on: .serviceConnection(connection.id.uuidString))
        let mount = isHashiCorp ? provider.mount ?? "secret" : nil
        return GroupVault(
            kind: isHashiCorp ? .hashiCorp : .azure,
            vault: name,
            mount: mount,
            connection: connection.id
        )
    }

    private func connection(_ text: String?, in project: ProjectID) throws -> TaskConnection? {
        guard let text, !text.isEmpty, text != "00000000-0000-0000-0000-000000000000" else { return nil }
        guard let found = plane.taskConnection(text, in: project) else {
            throw ControlError.serviceConnectionNotFound(text)
        }
        return found
    }

    /// Nobody gives to jobs what they may not read themselves.
    private func ownVault(_ name: String) throws -> GroupVault {
        let vault = try plane.vault(name)
        guard let principal, vault.rights(of: principal).contains(.get) else {
            throw ControlError.forbidden(
                what: "give secrets of the vault '\(vault.name)' to jobs",
                needs: "the right to get them"
            )
        }
        return GroupVault(kind: .own, vault: vault.name)
    }
}

extension VariableGroup {
    /// Such as `AzureKeyVault`.
    var wireType: String {
        switch vault?.kind {
        case nil: "Vsts"
        case .own, .azure: "AzureKeyVault"
        case .hashiCorp: "HashiCorpVault"
        }
    }

    var providerData: VariableGroupWire.ProviderData? {
        vault.map { vault in
            .init(
                serviceEndpointId: vault.connection?.uuidString.lowercased(),
                vault: vault.vault,
                mount: vault.mount,
                lastRefreshedOn: modifiedAt
            )
        }
    }
}
