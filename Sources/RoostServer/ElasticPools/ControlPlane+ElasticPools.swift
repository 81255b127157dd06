import FoundationEssentials
import Logging
public import RoostModel
import RoostStore

extension ControlPlane {
    /// Ordered by id.
    public func elasticPools() -> [ElasticPool] {
        read { $0.elastic.values.map(\.pool).sorted { $0.pool < $1.pool } }
    }

    public func elasticPool(_ id: PoolID) throws(ControlError) -> ElasticPool {
        try read { state throws(ControlError) in try state.elasticPool(id).pool }
    }

    /// The machines of a pool that are not gone, by number.
    public func elasticInstances(of id: PoolID) throws(ControlError) -> [ElasticInstance] {
        try read { state throws(ControlError) in
            try state.elasticPool(id).instances.values.sorted { $0.number < $1.number }
        }
    }

    /// What happened in a pool, newest first.
    public func elasticLogs(of id: PoolID, limit: Int) async throws(ControlError) -> [ElasticPoolLog] {
        _ = try elasticPool(id)
        do { return try await store.elasticLogs(of: id, limit: limit) } catch { throw .storeUnavailable(error) }
    }

    /// Which kinds of engines make machines here.
    public var providerNames: [String] { machineProviders.keys.sorted() }

    /// What can be said of a provider where it runs.
    public func readiness(ofProvider name: String) async throws(ControlError) -> ProviderReadiness {
        let provider = try provider(name)
        return await provider.readiness()
    }

    func provider(_ name: String) throws(ControlError) -> any MachineProvider {
        guard let provider = machineProviders[name] else {
            throw .elastic(.providerUnknown(name, known: providerNames))
        }
        return provider
    }

    // MARK: Making and changing

    /// Makes an agent pool whose machines are made as jobs come.
    ///
    /// - Parameters:
    ///   - name: of the pool.
    ///   - kind: what makes its machines.
    ///   - settings: how many, of what.
    ///   - project: gets a queue for it; nil with `autoProvision` gives one to all.
    ///   - autoProvision: new projects get a queue for it.
    ///   - openToAll: pipelines of all projects may use it.
    ///   - origin: what it is elsewhere.
    ///   - caller: who asks.
    /// - Returns: the pool.
    /// - Throws: ``ControlError/elastic(_:)`` with all that is wrong with the settings, or with what the provider lacks here.
    @discardableResult
    public func createElasticPool(
        name: String,
        provider kind: String,
        settings: ElasticPoolSettings,
        project: ProjectID? = nil,
        autoProvision: Bool = true,
        openToAll: Bool = true,
        origin: ElasticPoolOrigin? = nil,
        by caller: Caller
    ) async throws(ControlError) -> ElasticPool {
        try NameRule.check(name, of: "pool")
        let provider = try provider(kind)
        try check(settings, for: provider)
        if let failure = await provider.readiness().failure { throw .elastic(.provider(kind, failure)) }
        return try await change { state, change throws(ControlError) in
            let pool = try state.makePool(
                name: name,
                singleUse: settings.recycle != .reuse,
                autoProvision: autoProvision,
                openToAll: openToAll,
                by: caller,
                &change
            )
            if let project { state.addQueue(name, pool.id, project, &change) }
            let elastic = ElasticPool(
                pool: pool.id,
                provider: kind,
                settings: settings,
                createdAt: change.now,
                createdBy: caller.auditName,
                origin: origin
            )
            state.elastic[pool.id] = ElasticState(elastic)
            let known = state.queueSettings(of: pool)
            state.poolQueues[pool.id]?.settings = known
            state.putElastic(pool.id, &change)
            change.log(.info, .configurationJob, in: pool.id, nil, "The pool was made by \(caller.auditName).")
            change.audit(caller, "elastic-pool.create", "pool:\(pool.id)", kind)
            change.dirtyElastic.insert(pool.id)
            return elastic
        }
    }

    private func check(_ settings: ElasticPoolSettings, for provider: any MachineProvider) throws(ControlError) {
        let withImages: Bool
        switch provider.traits.images {
        case .required: withImages = true
        case .optional: withImages = !settings.images.isEmpty
        case .none: withImages = false
        }
        var flaws = settings.flaws(withImages: withImages)
        if settings.slots != 1 {
            flaws.append(
                .init(
                    field: "slots",
                    problem: "is \(settings.slots)",
                    advice: "A machine runs one job at a time: use 1."
                )
            )
        }
        guard flaws.isEmpty else { throw .elastic(.settings(InvalidElasticPool(flaws: flaws))) }
    }

    /// Changes settings of a pool.
    ///
    /// - Parameters:
    ///   - id: the pool.
    ///   - caller: who asks.
    ///   - edit: changes them.
    /// - Returns: the pool.
    /// - Throws: ``ControlError/elastic(_:)`` with all that is wrong with the new ones; nothing is changed then.
    @discardableResult
    public func updateElasticPool(
        _ id: PoolID,
        by caller: Caller,
        _ edit: @Sendable (inout ElasticPoolSettings) -> Void
    ) async throws(ControlError) -> ElasticPool {
        let provider = try provider(elasticPool(id).provider)
        return try await change { state, change throws(ControlError) in
            var pool = try state.elasticPool(id).pool
            edit(&pool.settings)
            try self.check(pool.settings, for: provider)
            state.elastic[id]?.row.pool = pool
            state.putElastic(id, &change)
            if var agents = state.pools[id], agents.singleUse != (pool.settings.recycle != .reuse) {
                agents.singleUse = pool.settings.recycle != .reuse
                state.pools[id] = agents
                change.store.append(.putPool(agents))
            }
            change.log(.info, .configurationJob, in: id, nil, "Settings were changed by \(caller.auditName).")
            change.audit(caller, "elastic-pool.update", "pool:\(id)", "max \(pool.settings.max)")
            change.dirtyElastic.insert(id)
            return pool
        }
    }

    /// Pauses a pool, lets it go on, or empties it.
    @discardableResult
    public func setState(
        _ wanted: ElasticPool.State,
        ofElasticPool id: PoolID,
        by caller: Caller
    ) async throws(ControlError) -> ElasticPool {
        try await change { state, change throws(ControlError) in
            var pool = try state.elasticPool(id).pool
            guard pool.state != .deleting || wanted == .deleting else {
                throw .elastic(.deleting(pool: state.pools[id]?.name ?? "\(id)"))
            }
            guard pool.state != wanted else { return pool }
            (pool.state, pool.stateChangedAt, pool.stateChangedBy) = (wanted, change.now, caller.auditName)
            state.elastic[id]?.row.pool = pool
            state.putElastic(id, &change)
            change.log(.info, .configurationJob, in: id, nil, "The pool is \(wanted.rawValue) by \(caller.auditName).")
            change.audit(caller, "elastic-pool.state", "pool:\(id)", wanted.rawValue)
            change.dirtyElastic.insert(id)
            return pool
        }
    }

    /// Says what shall become of a machine; a job that runs on it finishes first.
    @discardableResult
    public func wish(
        _ kind: ElasticInstance.Wish.Kind,
        ofMachine number: Int,
        in id: PoolID,
        force: Bool = false,
        by caller: Caller
    ) async throws(ControlError) -> ElasticInstance {
        try await change { state, change throws(ControlError) in
            guard var instance = try state.elasticPool(id).instances[number] else {
                throw .elastic(.instanceNotFound(number, pool: state.pools[id]?.name ?? "\(id)"))
            }
            instance.wish = .init(kind, by: caller.auditName, force: force)
            state.put(instance, &change)
            change.audit(caller, "elastic-instance.\(kind.rawValue)", "pool:\(id)", "machine \(number)")
            change.dirtyElastic.insert(id)
            return instance
        }
    }
}

extension ControlState {
    /// Begins the deletion of a pool: its machines go first.
    mutating func drain(_ id: PoolID, by caller: Caller, _ change: inout ControlChange) {
        guard elastic[id]?.pool.state != .deleting else { return }
        elastic[id]?.row.pool.state = .deleting
        elastic[id]?.row.pool.stateChangedAt = change.now
        elastic[id]?.row.pool.stateChangedBy = caller.auditName
        putElastic(id, &change)
        change.audit(caller, "elastic-pool.state", "pool:\(id)", "deleting")
        change.dirtyElastic.insert(id)
    }

    /// Ends a pool that is deleted and has no machine any more; jobs that came meanwhile fail.
    mutating func endDeletedPool(_ id: PoolID, _ change: inout ControlChange) {
        guard let elastic = elastic[id], elastic.pool.state == .deleting, elastic.instances.isEmpty,
            let pool = pools[id]
        else { return }
        for job in poolQueues[id]?.jobs.values.map(\.job) ?? [] {
            guard let job = self.job(job) else { continue }
            if let request = job.request { poolQueues[id]?.removeJob(request) }
            change.orphanedJobs.append(job)
        }
        let actor = elastic.pool.stateChangedBy
        self.elastic[id] = nil
        change.store.append(.deleteSetting(name: ElasticState.name(id)))
        change.store.append(.deleteElasticLogs(id))
        removePool(pool, &change)
        change.audit(.system, "pool.delete", "pool:\(id)", "\(pool.name), asked for by \(actor)")
    }
}

extension ControlPlane {
    /// What a pool has, should have, and why the two differ.
    func elasticReport(of id: PoolID) throws(ControlError) -> (pool: ElasticPool, report: ElasticPoolReport) {
        try read { state throws(ControlError) in
            let elastic = try state.elasticPool(id)
            let lag = machineProviders[elastic.pool.provider]?.traits.listLag ?? .zero
            let change = ControlChange(now: Date(), tick: tick)
            guard let snapshot = state.scalingSnapshot(of: id, lag: lag, change) else {
                throw .elastic(.notElastic(pool: id.description))
            }
            return (elastic.pool, reportElasticPool(snapshot, planScaling(snapshot)))
        }
    }

    /// Ends all machines of elastic pools, for a server that shall leave nothing behind; for after it has stopped.
    ///
    /// The ledger keeps them: the next start finds that they are gone, and makes those that are wanted.
    public func endMachines() async {
        await withDiscardingTaskGroup { group in
            for (name, provider) in machineProviders {
                for machine in await ownMachines(name, provider) {
                    group.addTask { await self.end(machine, name, provider) }
                }
            }
        }
    }

    private func ownMachines(_ name: String, _ provider: any MachineProvider) async -> [ListedMachine] {
        do { return try await provider.machines(of: instanceID, in: nil) } catch {
            logMachines(name, nil, error)
            return []
        }
    }

    private func end(_ machine: ListedMachine, _ name: String, _ provider: any MachineProvider) async {
        do { try await provider.delete(machine.id) } catch { logMachines(name, machine.id, error) }
    }

    private func logMachines(_ provider: String, _ machine: String?, _ failure: ProviderFailure) {
        logger.warning(
            "machines could not be ended",
            metadata: ["provider": "\(provider)", "machine": "\(machine ?? "all")", "error": "\(failure.summary)"]
        )
    }

    /// Takes a version that is on trial, or withdraws it.
    func decideTrial(
        of image: String,
        in id: PoolID,
        isGood: Bool,
        by caller: Caller
    ) async throws(ControlError) {
        try await change { state, change throws(ControlError) in
            let elastic = try state.elasticPool(id)
            guard elastic.roll(image).candidate != nil else {
                throw .elastic(.noTrial(image: image, pool: state.pools[id]?.name ?? "\(id)"))
            }
            let finding = RollFinding.person(caller.auditName)
            state.decide(isGood ? .promoted(finding) : .withdrawn(finding), of: image, in: id, &change)
            change.audit(caller, isGood ? "elastic-pool.promote" : "elastic-pool.withdraw", "pool:\(id)", image)
        }
    }
}
