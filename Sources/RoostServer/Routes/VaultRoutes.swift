import FoundationEssentials
import RoostModel
import RoostWire

/// Vaults and who may do what in them; their secrets are at the vault's own host.
func addVaultRoutes(to table: RouteTable) {
    let list = "roost/vaults"
    let item = "\(list)/{vaultName}"
    table.get(list, access: .scope(.secrets)) { call in
        try call.list(call.plane.vaults().filter(call.sees).map(call.view))
    }
    table.post(list, access: .scope(.secretsManage)) { call in
        let wanted = try await call.decode(VaultWire.self)
        let vault = try await call.plane.createVault(
            name: wanted.name ?? "",
            retentionDays: wanted.retentionDays ?? Vault.retention.upperBound,
            purgeProtection: wanted.purgeProtection ?? false,
            by: call.caller
        )
        return try call.answer(call.view(vault))
    }
    table.get(item, access: .scope(.secrets)) { call in
        let vault = try call.plane.vault(call.text("vaultName"))
        guard call.sees(vault) else { throw ControlError.vaultNotFound(vault.name) }
        return try call.answer(call.view(vault))
    }
    table.delete(item, access: .scope(.secretsManage)) { call in
        try await call.plane.deleteVault(try call.ownVault().name, by: call.caller)
        return call.nothing
    }
    table.put("\(item)/grants", access: .scope(.secretsManage)) { call in
        let vault = try call.ownVault()
        let wanted = try await call.decode(VaultWire.Grant.self)
        let changed = try await call.plane.grant(
            try call.rights(wanted.rights),
            to: try call.grantee(wanted.grantee),
            in: vault.name,
            by: call.caller
        )
        return try call.answer(call.view(changed))
    }
}

extension Call {
    /// The vault that the path names, for its maker and for administrators.
    fileprivate func ownVault() throws(ControlError) -> Vault {
        let vault = try plane.vault(text("vaultName"))
        guard !owns(vault) else { return vault }
        guard sees(vault) else { throw .vaultNotFound(vault.name) }
        throw .forbidden(what: "change the vault '\(vault.name)'", needs: "its maker or an administrator")
    }

    private func owns(_ vault: Vault) -> Bool {
        if vault.createdBy == caller.auditName { return true }
        return principal?.roleHolder.map { plane.holdsEverywhere(.manage, $0) } ?? false
    }

    /// Those who may do nothing in a vault do not learn of it.
    fileprivate func sees(_ vault: Vault) -> Bool {
        owns(vault) || principal.map { !vault.rights(of: $0).isEmpty } ?? false
    }

    fileprivate func rights(_ names: [String]) throws(ControlError) -> Set<VaultRight> {
        var rights: Set<VaultRight> = []
        for name in names {
            guard let right = VaultRight(rawValue: name.lowercased()) else {
                let known = VaultRight.allCases.map(\.rawValue).joined(separator: ", ")
                throw .invalid(what: "The right '\(name)'", problem: "there is none", advice: "Known are \(known).")
            }
            rights.insert(right)
        }
        return rights
    }

    /// A pool may be given by its name.
    fileprivate func grantee(_ text: String) throws(ControlError) -> VaultGrantee {
        if text.hasPrefix("pool:"), let pool = plane.pool(named: String(text.dropFirst(5))) { return .pool(pool.id) }
        guard let grantee = VaultGrantee(text) else {
            throw .invalid(
                what: "'\(text.prefix(80))'",
                problem: "it is nobody to whom something is granted",
                advice: "Write user:NAME, identity:ID or pool:NAME."
            )
        }
        return grantee
    }

    fileprivate func view(_ vault: Vault) -> VaultWire {
        var wire = VaultWire(
            name: vault.name,
            retentionDays: vault.retentionDays,
            purgeProtection: vault.purgeProtection
        )
        wire.id = vault.id.rawValue
        wire.uri = services.vaultAddress(vault.name)
        wire.grants = vault.grants.map { grant in
            .init(grantee: grant.grantee.description, rights: grant.rights.map(\.rawValue).sorted())
        }
        wire.createdAt = vault.createdAt
        wire.createdBy = vault.createdBy
        return wire
    }
}

extension RouteServices {
    /// Address of a vault's secrets, ending in a slash: the server's own with another host.
    fileprivate func vaultAddress(_ name: String) -> String {
        let url = URL(string: address)
        let port = url?.port.map { ":\($0)" } ?? ""
        return "\(url?.scheme ?? "https")://\(name).\(configuration.vaultSuffix)\(port)/"
    }
}
