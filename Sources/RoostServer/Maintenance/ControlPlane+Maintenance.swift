import FoundationEssentials
import RoostModel
import RoostStore
import ServiceLifecycle

extension ControlPlane {
    /// The maintenance of a pool; nil when nobody has set one up.
    func maintenance(of pool: PoolID) throws(ControlError) -> MaintenanceState? {
        guard read({ $0.pools[pool] }) != nil else { throw .poolNotFound(pool.description) }
        return read { $0.maintenance[pool] }
    }

    /// Sets up or changes the maintenance of a pool.
    func setMaintenance(
        of pool: PoolID,
        by caller: Caller,
        _ body: @Sendable (inout PoolMaintenance) throws(ControlError) -> Void
    ) async throws(ControlError) -> MaintenanceState {
        defer { maintenanceWork.signal() }
        return try await change { state, change throws(ControlError) in
            guard let known = state.pools[pool] else { throw .poolNotFound(pool.description) }
            var maintenance =
                state.maintenance[pool] ?? MaintenanceState(settings: PoolMaintenance(handledUpTo: change.now))
            try body(&maintenance.settings)
            // A new schedule makes up for nothing.
            maintenance.settings.handledUpTo = change.now
            state.put(maintenance, of: pool, &change)
            change.audit(caller, "pool.maintenance.update", "pool:\(pool)", known.name)
            return maintenance
        }
    }

    /// Takes it away, with its history.
    func deleteMaintenance(of pool: PoolID, by caller: Caller) async throws(ControlError) {
        defer { maintenanceWork.signal() }
        try await change { state, change throws(ControlError) in
            guard let known = state.pools[pool] else { throw .poolNotFound(pool.description) }
            state.removeMaintenance(of: pool, &change)
            change.audit(caller, "pool.maintenance.delete", "pool:\(pool)", known.name)
        }
    }

    /// Queues a round now; one that is under way is given instead.
    func runMaintenance(of pool: PoolID, by caller: Caller) async throws(ControlError) -> MaintenanceJob {
        defer { maintenanceWork.signal() }
        let job = try await change { state, change throws(ControlError) in
            guard let known = state.pools[pool] else { throw .poolNotFound(pool.description) }
            var maintenance =
                state.maintenance[pool]
                ?? MaintenanceState(settings: PoolMaintenance(isEnabled: false, handledUpTo: change.now))
            let agents = state.maintenanceAgents(of: pool)
            let job = maintenance.begin(agents, by: caller.auditName, at: change.now)
            state.put(maintenance, of: pool, &change)
            change.audit(caller, "pool.maintenance.run", "pool:\(pool)", "\(known.name): \(job.id)")
            return job
        }
        return job
    }

    /// No agent of the round that has not begun does so.
    func cancelMaintenance(_ id: Int, of pool: PoolID, by caller: Caller) async throws(ControlError) -> MaintenanceJob {
        try await change { state, change throws(ControlError) in
            guard state.pools[pool] != nil else { throw .poolNotFound(pool.description) }
            guard var maintenance = state.maintenance[pool] else { throw .maintenanceNotFound(id) }
            if maintenance.current?.id == id { maintenance.cancel(at: change.now) }
            guard let job = maintenance.jobs.first(where: { $0.id == id }) else { throw .maintenanceNotFound(id) }
            state.put(maintenance, of: pool, &change)
            change.audit(caller, "pool.maintenance.cancel", "pool:\(pool)", "\(id)")
            return job
        }
    }

    // MARK: Agents

    /// Gives an agent its part of the pool's maintenance, when it is its turn.
    ///
    /// - Parameters:
    ///   - id: the agent, which works on nothing.
    ///   - pool: its pool.
    /// - Returns: the round and its settings; nil when there is nothing for it now.
    /// - Throws: ``ControlError/agentNotFound(_:)``.
    func nextMaintenance(
        for id: AgentID,
        in pool: PoolID
    ) async throws(ControlError) -> (job: MaintenanceJob, settings: PoolMaintenance)? {
        // Most who ask find nothing, and change nothing.
        guard read({ $0.maintenance[pool]?.current }) != nil else { return nil }
        return try await change { state, change throws(ControlError) in
            let agent = try state.agent(id, in: pool)
            guard var maintenance = state.maintenance[pool] else { return nil }
            let facts = MaintenanceAgent(id: id, name: agent.name, asks: true, isBusy: state.assigned[id] != nil)
            guard let job = maintenance.take(facts, at: change.now) else { return nil }
            state.put(maintenance, of: pool, &change)
            return (job, maintenance.settings)
        }
    }

    /// Takes over what an agent did.
    func reportMaintenance(
        _ job: Int,
        by id: AgentID,
        in pool: PoolID,
        freed: Int,
        removed: Int,
        result: MaintenanceJob.Result,
        message: String
    ) async throws(ControlError) {
        try await change { state, change throws(ControlError) in
            guard var maintenance = state.maintenance[pool] else { return }
            maintenance.report(
                id,
                job: job,
                freed: freed,
                removed: removed,
                result: result,
                message: message,
                at: change.now
            )
            state.put(maintenance, of: pool, &change)
        }
        maintenanceWork.signal()
    }

    // MARK: Time

    /// Begins what is due and gives up what takes too long.
    ///
    /// - Returns: when there is something to do next.
    func passMaintenance() async -> Date? {
        let pools = read { $0.maintenance.keys.sorted() }
        guard !pools.isEmpty else { return nil }
        let next = try? await change { state, change throws(ControlError) -> Date? in
            var next: Date?
            for pool in pools {
                guard let known = state.maintenance[pool] else { continue }
                var maintenance = known
                let moment = maintenance.pass(state.maintenanceAgents(of: pool), at: change.now)
                if maintenance != known { state.put(maintenance, of: pool, &change) }
                if let moment { next = min(next ?? moment, moment) }
            }
            return next
        }
        // A store that refuses is tried again.
        return next ?? Date() + 60
    }
}

extension ControlState {
    /// Agents of a pool; Roost's own that are online know what maintenance is.
    func maintenanceAgents(of pool: PoolID) -> [MaintenanceAgent] {
        agents.values.filter { $0.pool == pool && $0.retiredAt == nil }.map { agent in
            MaintenanceAgent(
                id: agent.id,
                name: agent.name,
                asks: agent.platform != nil && sessionOfAgent[agent.id] != nil,
                isBusy: assigned[agent.id] != nil
            )
        }
    }

    private static func maintenanceName(_ pool: PoolID) -> String { "maintenance-\(pool)" }

    mutating func put(_ maintenance: MaintenanceState, of pool: PoolID, _ change: inout ControlChange) {
        self.maintenance[pool] = maintenance
        guard let value = try? JSONEncoder().encode(maintenance) else { return }
        change.store.append(.putSetting(name: Self.maintenanceName(pool), value: value))
        change.effects.append { $0.maintenanceEvents.publish((), to: pool) }
        tellMaintenance(of: pool, &change)
    }

    /// Tells agents of the round that has not reached them that there is something for them: those that are busy ask when they are not, of the others
    /// as many as may begin.
    mutating func tellMaintenance(of pool: PoolID, _ change: inout ControlChange) {
        guard let maintenance = maintenance[pool], let round = maintenance.current else { return }
        let running = round.targets.count { $0.status == .inProgress }
        var room = maintenance.settings.width(of: round.targets.count) - running
        for target in round.targets where target.status == .queued {
            guard let id = sessionOfAgent[target.agent] else { continue }
            if assigned[target.agent] == nil {
                guard room > 0 else { continue }
                room -= 1
            }
            guard sessions[id]?.maintenanceNotice == nil else { continue }
            counters.message += 1
            sessions[id]?.maintenanceNotice = counters.message
            wake(target.agent, &change)
        }
    }

    mutating func removeMaintenance(of pool: PoolID, _ change: inout ControlChange) {
        guard maintenance.removeValue(forKey: pool) != nil else { return }
        change.store.append(.deleteSetting(name: Self.maintenanceName(pool)))
    }

    /// That of a store, for pools that are there.
    mutating func loadMaintenance(_ settings: [String: Data], _ pools: [PoolID]) {
        for pool in pools {
            guard let data = settings[Self.maintenanceName(pool)],
                let known = try? JSONDecoder().decode(MaintenanceState.self, from: data)
            else { continue }
            maintenance[pool] = known
        }
    }
}

/// Begins maintenance when it is due.
struct MaintenanceClock: Service {
    let plane: ControlPlane

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                let next = await plane.passMaintenance()
                await plane.maintenanceWork.wait(until: next, now: Date())
            }
        }
    }
}
