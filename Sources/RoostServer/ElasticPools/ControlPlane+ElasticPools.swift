public import FoundationEssentials
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

    /// Whether machines of a pool are made as jobs come.
    func isElastic(_ id: PoolID) -> Bool { read { $0.elastic[id] != nil } }

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
    ///   - project: in whose settings it is made, and which gets a queue for it; nil makes it in the organization.
    ///   - autoProvision: all projects get a queue for it, and new ones.
    ///   - openToAll: pipelines of all projects may use it.
    ///   - origin: what it is elsewhere, with the service connection that is used.
    ///   - caller: who asks; needs a role on the provider, or the connection.
    /// - Returns: the pool.
    /// - Throws: ``ControlError/elastic(_:)`` with what the caller lacks, all that is wrong with the settings, or what the provider lacks here.
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
        // Who may not learns nothing of what else would be wrong.
        let mayMake: @Sendable (ControlState) throws(ControlError) -> (ElasticPoolOrigin?, String) = {
            state throws(ControlError) in
            let connection = try origin?.connection.map { id throws(ControlError) in
                try state.elasticConnection(id, at: Date())
            }
            let right = try state.checkCreation(
                with: kind,
                in: project,
                isForAllProjects: autoProvision,
                connection,
                by: caller
            )
            return (origin.map { $0.with(connection) }, right)
        }
        _ = try read { state throws(ControlError) in try mayMake(state) }
        try check(settings, for: provider)
        if let failure = await provider.readiness().failure { throw .elastic(.provider(kind, failure)) }
        let left = await numberOfLastSet(at: provider)
        return try await change { state, change throws(ControlError) in
            let (origin, right) = try mayMake(state)
            try state.checkSet(origin?.resource, of: kind)
            if let project { try state.checkQueue(name, in: project) }
            // Machines that are left of a pool must not become those of a new one.
            state.counters.pool = max(state.counters.pool, left)
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
            for warning in settings.warnings { change.log(.warning, .configurationJob, in: pool.id, nil, warning) }
            change.audit(caller, "elastic-pool.create", "pool:\(pool.id)", "\(kind), \(right)")
            change.dirtyElastic.insert(pool.id)
            return elastic
        }
    }

    /// The highest number of a pool of which the provider has machines; 0 when it does not say.
    private func numberOfLastSet(at provider: any MachineProvider) async -> Int {
        let machines = try? await provider.machines(of: instanceID, in: nil)
        return machines?.map(\.tag.pool.rawValue).max() ?? 0
    }

    private func check(_ settings: ElasticPoolSettings, for provider: any MachineProvider) throws(ControlError) {
        let withImages: Bool
        switch provider.traits.images {
        case .required: withImages = true
        case .optional: withImages = !settings.images.isEmpty
        case .none: withImages = false
        }
        var flaws = settings.flaws(withImages: withImages)
        let most = provider.traits.mostSlots
        if settings.slots > most {
            let advice = "Its machines run \(most == 1 ? "one job" : "\(most) jobs") at once: use \(most)."
            flaws.append(.init(field: "slots", problem: "is more than the provider can", advice: advice))
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
            let known = pool.settings.warnings
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
            for warning in pool.settings.warnings where !known.contains(warning) {
                change.log(.warning, .configurationJob, in: id, nil, warning)
            }
            change.audit(caller, "elastic-pool.update", "pool:\(id)", "max \(pool.settings.max)")
            change.dirtyElastic.insert(id)
            return pool
        }
    }

    /// Gives a pool another service connection, or none.
    @discardableResult
    public func setConnection(
        _ id: UUID?,
        ofElasticPool pool: PoolID,
        by caller: Caller
    ) async throws(ControlError) -> ElasticPool {
        try await change { state, change throws(ControlError) in
            var elastic = try state.elasticPool(pool).pool
            let connection = try id.map { id throws(ControlError) in try state.elasticConnection(id, at: change.now) }
            if let connection, let holder = caller.principal?.roleHolder {
                let chain = state.chain(of: .serviceConnection(connection.id.uuidString))
                guard state.roles.permissions(of: holder, on: chain).contains(.use) else {
                    throw .roleMissing(holder: holder, permission: .use, on: chain[0], name: connection.name)
                }
            }
            elastic.origin = (elastic.origin ?? ElasticPoolOrigin()).with(connection)
            state.elastic[pool]?.row.pool = elastic
            state.putElastic(pool, &change)
            let what = connection.map { "Its service connection is '\($0.name)'" } ?? "It has no service connection"
            change.log(.info, .configurationJob, in: pool, nil, "\(what), by \(caller.auditName).")
            change.audit(caller, "elastic-pool.connection", "pool:\(pool)", connection?.name ?? "none")
            return elastic
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
    ///
    /// - Throws: ``ElasticPoolError/instance(_:)`` when that cannot become of it any more.
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
            do throws(IllegalInstanceMove) {
                try instance.ask(.init(kind, by: caller.auditName, force: force))
            } catch {
                throw .elastic(.instance(error))
            }
            state.put(instance, &change)
            change.audit(caller, "elastic-instance.\(kind.rawValue)", "pool:\(id)", "machine \(number)")
            change.dirtyElastic.insert(id)
            return instance
        }
    }
}

extension ElasticPoolOrigin {
    fileprivate func with(_ connection: ElasticConnection?) -> ElasticPoolOrigin {
        var origin = self
        origin.connection = connection?.id
        origin.connectionProject = connection?.project
        origin.connectionName = connection?.name
        return origin
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
        let who = caller.auditName
        let next = "jobs that run finish, then its machines go, then its set, then the pool"
        change.log(.info, .configurationJob, in: id, nil, "The pool is deleted by \(who): \(next).")
        change.audit(caller, "elastic-pool.state", "pool:\(id)", "deleting")
        change.dirtyElastic.insert(id)
    }

    /// Ends the set of a pool that is deleted and has no machine any more, and then the pool; jobs that came meanwhile fail.
    ///
    /// - Parameters:
    ///   - id: the pool.
    ///   - listings: that must have shown nothing of the set; 0 when the provider is not there to be asked.
    ///   - change: what follows.
    mutating func endDeletedPool(_ id: PoolID, after listings: Int, _ change: inout ControlChange) {
        guard let elastic = elastic[id], elastic.isEmptying, let pool = pools[id] else { return }
        guard elastic.memory.emptyListings >= listings else { return lookThroughSet(of: id, &change) }
        let set = "\(elastic.pool.provider)/\(elastic.pool.setName)"
        let rest = listings > 0 ? "the provider has no machine of it" : "its provider is not there to be asked"
        change.audit(.system, "machine-set.delete", "set:\(set)", "of pool '\(pool.name)': \(rest)")
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

    /// The last machine is gone: the provider is asked whether something is left.
    private mutating func lookThroughSet(of id: PoolID, _ change: inout ControlChange) {
        guard let elastic = elastic[id], !elastic.memory.looksThroughSet else { return }
        self.elastic[id]?.memory.looksThroughSet = true
        let set = elastic.pool.setName
        let message = "Its last machine is gone; set '\(set)' goes when the provider has no machine of it."
        change.log(.info, .deleteVMs, in: id, nil, message)
    }
}

extension ControlPlane {
    /// What a pool has, should have, and why the two differ.
    func elasticReport(of id: PoolID) throws(ControlError) -> (pool: ElasticPool, report: ElasticPoolReport) {
        try read { state throws(ControlError) in
            let elastic = try state.elasticPool(id)
            let change = ControlChange(now: Date(), tick: tick)
            guard let snapshot = state.scalingSnapshot(of: id, traits(of: elastic), change) else {
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

    /// Lets a version that was withdrawn be tried again.
    ///
    /// - Parameters:
    ///   - version: as the image has it, or its number alone; nil is the one that was withdrawn last.
    ///   - image: the pool's.
    ///   - id: the pool.
    ///   - caller: who asks.
    /// - Throws: ``ElasticPoolError/notWithdrawn(_:image:pool:)``.
    func readmit(
        _ version: String?,
        of image: String,
        in id: PoolID,
        by caller: Caller
    ) async throws(ControlError) {
        try await change { state, change throws(ControlError) in
            guard let found = try state.elasticPool(id).roll(image).withdrawal(of: version) else {
                throw .elastic(.notWithdrawn(version, image: image, pool: state.pools[id]?.name ?? "\(id)"))
            }
            state.readmit(found.image.digest, of: image, in: id, &change)
            change.audit(caller, "elastic-pool.readmit", "pool:\(id)", "\(image): \(found.image.version)")
        }
    }
}
