import FoundationEssentials
public import RoostModel

extension ControlPlane {
    /// What a provider has, by pool: those of pools, also without machines, and those that are left of one.
    ///
    /// - Parameter name: of the provider.
    /// - Returns: ordered by pool.
    /// - Throws: ``ControlError/elastic(_:)`` when there is no such provider, or it does not answer.
    public func machineSets(of name: String) async throws(ControlError) -> [MachineSet] {
        let provider = try provider(name)
        let machines: [ListedMachine]
        do { machines = try await provider.machines(of: instanceID, in: nil) } catch {
            throw .elastic(.provider(name, error))
        }
        let found = Dictionary(grouping: machines, by: \.tag.pool)
        return read { state in
            let own = state.elastic.values.map(\.pool).filter { $0.provider == name }
            return Set(found.keys).union(own.map(\.pool)).sorted()
                .map { state.machineSet(of: $0, at: name, found[$0] ?? []) }
        }
    }

    /// Deletes what is left of a pool at its provider; the set of a pool goes with the pool.
    ///
    /// - Parameters:
    ///   - name: of the set.
    ///   - providerName: where it is.
    ///   - caller: who asks.
    /// - Returns: what was there.
    /// - Throws: ``ElasticPoolError/setInUse(_:provider:pool:)`` and others of ``ControlError/elastic(_:)``; what could be removed is removed then.
    @discardableResult
    public func deleteMachineSet(
        _ name: String,
        of providerName: String,
        by caller: Caller
    ) async throws(ControlError) -> MachineSet {
        let provider = try provider(providerName)
        let wanted = name.lowercased()
        guard let set = try await machineSets(of: providerName).first(where: { $0.name.lowercased() == wanted }) else {
            throw .elastic(.setNotFound(name, provider: providerName))
        }
        if let pool = set.poolName {
            throw .elastic(.setInUse(set.name, provider: providerName, pool: pool))
        }
        try await audit(set, "machine-set.delete", by: caller)
        var failure: ProviderFailure?
        var left = 0
        for machine in set.machines {
            do { try await provider.delete(machine.id) } catch {
                left += 1
                failure = failure ?? error
            }
        }
        if let failure { throw .elastic(.setNotDeleted(set.name, left: left, failure)) }
        return set
    }

    /// Written before anything is removed.
    private func audit(_ set: MachineSet, _ action: String, by caller: Caller) async throws(ControlError) {
        try await change { state, change throws(ControlError) in
            let now = state.machineSet(of: set.pool, at: set.provider, set.machines)
            if let pool = now.poolName {
                throw .elastic(.setInUse(now.name, provider: set.provider, pool: pool))
            }
            let count = "\(set.machines.count) machine\(set.machines.count == 1 ? "" : "s") of no pool"
            change.audit(caller, action, "set:\(set.provider)/\(set.name)", count)
        }
    }
}

extension ControlState {
    /// The set of a pool that is there or was.
    fileprivate func machineSet(of pool: PoolID, at provider: String, _ machines: [ListedMachine]) -> MachineSet {
        // A pool of that number may be another one's by now.
        let known = elastic[pool]?.pool.provider == provider ? elastic[pool]?.pool : nil
        return MachineSet(
            provider: provider,
            name: known?.setName ?? MachineSet.name(of: pool),
            pool: pool,
            poolName: known.map { pools[$0.pool]?.name ?? $0.pool.description },
            state: known?.state,
            machines: machines.sorted { $0.tag.instance < $1.tag.instance }
        )
    }
}
