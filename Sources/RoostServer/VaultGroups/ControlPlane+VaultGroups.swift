import FoundationEssentials
import Logging
import RoostModel
import RoostStore

extension ControlPlane {
    /// A job whose variables have the values that come from vaults, in the place of their marks.
    ///
    /// - Throws: ``VaultReadFailure`` naming the group, the vault and the secret.
    func filledFromVaults(_ job: Job, of run: Run) async throws -> Job {
        let marks = Set(job.variables.values.flatMap { VaultMark.all(in: $0.value) })
        guard !marks.isEmpty else { return job }
        var values: [VaultMark: Secret] = [:]
        // Whoever wrote the commit of a fork chose its steps: it gets no secret of a vault.
        if !read({ $0.withholdsSecrets(of: run) }) {
            for (id, own) in Dictionary(grouping: marks, by: \.group) {
                guard isNamed(id, by: run) else { continue }
                for (name, value) in try await vaultValues(of: id, own.map(\.name).sorted(), job, run) {
                    values[VaultMark(group: id, name: name)] = value
                }
            }
        }
        var filled = job
        for (name, variable) in job.variables where VaultMark.isIn(variable.value) {
            filled.variables[name] = OutputVariable(
                value: VaultMark.fill(variable.value) { values[$0]?.exposed },
                isSecret: true
            )
        }
        return filled
    }

    /// Whether the run was queued with the group, so that a mark that somebody wrote by hand opens nothing.
    private func isNamed(_ id: VariableGroupID, by run: Run) -> Bool {
        run.variableGroups.values.contains { group in
            group.contains { $0.value.isSecret && $0.value.value == VaultMark(group: id, name: $0.key).text }
        }
    }

    private func vaultValues(
        of id: VariableGroupID,
        _ names: [String],
        _ job: Job,
        _ run: Run
    ) async throws -> [String: Secret] {
        guard let group = read({ $0.environments.groups[id] }), group.project == run.project, let vault = group.vault
        else { throw VaultReadFailure(group: id.description, reason: .noGroup) }
        let known = names.filter { group.variables[$0] != nil }
        if vault.kind == .own { return try await ownValues(group, vault, known, job, run) }
        guard let connection = vault.connection.flatMap({ taskConnection($0.uuidString, in: group.project) }) else {
            throw VaultReadFailure(group: group.name, vault: vault, reason: .noConnection)
        }
        let reader = VaultReader(
            plane: self,
            group: group,
            vault: vault,
            connection: connection,
            parameters: try parameters(of: connection)
        )
        return try await reader.read(known)
    }

    // MARK: Vaults of this server

    private func ownValues(
        _ group: VariableGroup,
        _ place: GroupVault,
        _ names: [String],
        _ job: Job,
        _ run: Run
    ) async throws -> [String: Secret] {
        func failure(_ reason: VaultReadFailure.Reason, _ secret: String? = nil) -> VaultReadFailure {
            VaultReadFailure(group: group.name, vault: place, secret: secret, reason: reason)
        }
        guard let vault = try? vault(place.vault) else { throw failure(.answered(404, "VaultNotFound")) }
        let principal = Principal.job(job.id, run: run.id, plan: run.planID, project: run.project)
        guard vault.rights(of: principal, pool: job.pool).contains(.get) else {
            let pool = job.pool.flatMap { id in read { $0.pools[id]?.name } } ?? "?"
            throw failure(.noRight(pool: pool))
        }
        var values: [String: Secret] = [:]
        var versions: [SecretVersion] = []
        for name in names {
            let found = try await store.secretVersion(SecretKey(vault: vault.id, name: name), nil)
            guard let found, found.deletion == nil, let value = try await store.secretValue(found) else {
                throw failure(.answered(404, "SecretNotFound"), name)
            }
            guard found.enabled else { throw failure(.disabled, name) }
            values[name] = value
            versions.append(found)
        }
        let reads = versions
        try await change { _, change in
            for version in reads {
                change.audit(
                    Caller(principal),
                    "secret.get",
                    "vault:\(vault.name)/\(version.name)",
                    "version \(version.version) for the variable group '\(group.name)' of run \(run.id)"
                )
            }
        }
        return values
    }

    // MARK: Failing

    /// Ends a job that its agent has not begun, for it cannot have what it needs.
    func fail(_ job: Job, _ failure: any UserFacingError) async throws(ControlError) {
        let text = [failure.summary, failure.advice].compactMap(\.self).joined(separator: " ")
        logger.warning(
            "a job does not get what it needs",
            metadata: ["job": "\(job.id)", "problem": "\(failure.summary)"]
        )
        try await change { state, change in
            guard let known = state.job(job.id), case .assigned(let lease) = known.state,
                lease.messageID == job.state.lease?.messageID
            else { return }
            state.apply(.complete(.failed), to: job.id, settings: self.settings, &change)
            state.putJobRecord(state.job(job.id) ?? known, change.now, issue: Issue(.error, text))
            change.touchedRecords.insert(job.run)
        }
    }
}
