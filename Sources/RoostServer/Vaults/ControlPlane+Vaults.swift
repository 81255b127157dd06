import FoundationEssentials
import RoostModel
import RoostStore

extension ControlPlane {
    /// By name.
    func vaults() -> [Vault] {
        read { $0.vaults.values.sorted { $0.name < $1.name } }
    }

    /// A vault by its name.
    ///
    /// - Throws: ``ControlError/vaultNotFound(_:)``.
    func vault(_ name: String) throws(ControlError) -> Vault {
        let wanted = name.lowercased()
        guard let found = read({ $0.vaults.values.first { $0.name == wanted } }) else { throw .vaultNotFound(name) }
        return found
    }

    /// Makes a vault in which its maker may do everything.
    func createVault(
        name: String,
        retentionDays: Int,
        purgeProtection: Bool,
        by caller: Caller
    ) async throws(ControlError) -> Vault {
        let name = name.lowercased()
        guard Vault.isName(name) else {
            throw .invalid(
                what: "The name '\(name.prefix(60))' of a vault",
                problem: "it is part of a host name: 3 to 24 letters, digits and single dashes, a letter first",
                advice: nil
            )
        }
        guard Vault.retention.contains(retentionDays) else {
            throw .invalid(
                what: "The vault '\(name)'",
                problem: "deleted secrets are kept for 7 to 90 days, not \(retentionDays)",
                advice: nil
            )
        }
        return try await change { state, change throws(ControlError) in
            guard !state.vaults.values.contains(where: { $0.name == name }) else {
                throw .nameTaken(kind: "vault", name: name)
            }
            var vault = Vault(
                id: VaultID(UUID()),
                name: name,
                retentionDays: retentionDays,
                purgeProtection: purgeProtection,
                createdAt: change.now,
                createdBy: caller.auditName
            )
            if let maker = VaultGrantee(caller) { vault.grants = [VaultGrant(maker, Set(VaultRight.allCases))] }
            try state.put(vault, &change)
            change.audit(caller, "vault.create", "vault:\(name)")
            return vault
        }
    }

    /// Says what somebody may do in a vault from now on; no right takes all away.
    func grant(
        _ rights: Set<VaultRight>,
        to grantee: VaultGrantee,
        in name: String,
        by caller: Caller
    ) async throws(ControlError) -> Vault {
        try await change { state, change throws(ControlError) in
            guard var vault = state.vault(name) else { throw .vaultNotFound(name) }
            if case .pool(let pool) = grantee, state.pools[pool] == nil { throw .poolNotFound(pool.description) }
            vault.grants.removeAll { $0.grantee == grantee }
            if !rights.isEmpty { vault.grants.append(VaultGrant(grantee, rights)) }
            try state.put(vault, &change)
            let words = rights.map(\.rawValue).sorted().joined(separator: ", ")
            let action = rights.isEmpty ? "vault.revoke" : "vault.grant"
            change.audit(caller, action, "vault:\(vault.name)", "\(grantee)" + (words.isEmpty ? "" : ": \(words)"))
            return vault
        }
    }

    /// Deletes a vault that has no secrets, deleted ones among them.
    func deleteVault(_ name: String, by caller: Caller) async throws(ControlError) {
        // From here on no secret comes in, and those that came before are in the store.
        let vault = try await change { state, change throws(ControlError) in
            guard let vault = state.vault(name) else { throw .vaultNotFound(name) }
            try state.put(vault, &change)
            state.closingVaults.insert(vault.id)
            return vault
        }
        do {
            for deleted in [false, true] {
                let left = try await store.secrets(of: vault.id, deleted: deleted, after: "", limit: 1)
                if let secret = left.first {
                    throw ControlError.inUse(
                        what: "The vault '\(vault.name)'",
                        by: "the \(deleted ? "deleted " : "")secret '\(secret.name)'"
                    )
                }
            }
            try await change { state, change in
                state.vaults[vault.id] = nil
                state.closingVaults.remove(vault.id)
                change.store.append(.deleteSetting(name: vault.settingName))
                change.audit(caller, "vault.delete", "vault:\(vault.name)")
            }
        } catch {
            mutateWithoutStore { _ = $0.closingVaults.remove(vault.id) }
            throw error as? ControlError ?? (error as? StoreError).map { .storeUnavailable($0) } ?? .shuttingDown
        }
    }
}

extension ControlState {
    func vault(_ name: String) -> Vault? {
        let wanted = name.lowercased()
        return vaults.values.first { $0.name == wanted }
    }

    fileprivate mutating func put(_ vault: Vault, _ change: inout ControlChange) throws(ControlError) {
        guard let value = try? JSONEncoder().encode(vault) else {
            throw .invalid(what: "The vault '\(vault.name)'", problem: "it cannot be stored", advice: nil)
        }
        vaults[vault.id] = vault
        change.store.append(.putSetting(name: vault.settingName, value: value))
    }
}

extension Vault {
    /// Of the settings that hold them.
    static let prefix = "vault:"

    var settingName: String { "\(Self.prefix)\(id)" }

    /// Those of a store, by id.
    static func all(_ settings: [String: Data]) -> [VaultID: Vault] {
        let decoder = JSONDecoder()
        let vaults = settings.filter { $0.key.hasPrefix(prefix) }.values
            .compactMap { try? decoder.decode(Vault.self, from: $0) }
        return Dictionary(vaults.map { ($0.id, $0) }) { first, _ in first }
    }
}

extension VaultGrantee {
    /// A person or program who asks; nil for all others.
    init?(_ caller: Caller) {
        switch caller.principal {
        case .user(let name, _): self = .user(name.lowercased())
        case .identity(let id, _, _): self = .identity(id)
        default: return nil
        }
    }
}
