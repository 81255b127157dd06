import FoundationEssentials
import RoostModel
import RoostStore
import ServiceLifecycle
import Synchronization

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
        let asking = maintenancePolls.asking
        let job = try await change { state, change throws(ControlError) in
            guard let known = state.pools[pool] else { throw .poolNotFound(pool.description) }
            var maintenance =
                state.maintenance[pool]
                ?? MaintenanceState(settings: PoolMaintenance(isEnabled: false, handledUpTo: change.now))
            let agents = state.maintenanceAgents(of: pool, asking)
            let job = maintenance.begin(agents, by: caller.auditName, at: change.now)
            state.put(maintenance, of: pool, &change)
            change.audit(caller, "pool.maintenance.run", "pool:\(pool)", "\(known.name): \(job.id)")
            return job
        }
        maintenancePolls.wake()
        return job
    }

    /// No agent of the round that has not begun does so.
    func cancelMaintenance(_ id: Int, of pool: PoolID, by caller: Caller) async throws(ControlError) -> MaintenanceJob {
        try await change { state, change throws(ControlError) in
            guard var maintenance = state.maintenance[pool], maintenance.jobs.contains(where: { $0.id == id }) else {
                throw .invalid(what: "Maintenance \(id)", problem: "there is none", advice: nil)
            }
            if maintenance.current?.id == id { maintenance.cancel(at: change.now) }
            state.put(maintenance, of: pool, &change)
            change.audit(caller, "pool.maintenance.cancel", "pool:\(pool)", "\(id)")
            guard let job = maintenance.jobs.first(where: { $0.id == id }) else {
                throw .invalid(what: "Maintenance \(id)", problem: "there is none", advice: nil)
            }
            return job
        }
    }

    // MARK: Agents

    /// Waits until there is maintenance for an agent.
    ///
    /// - Parameters:
    ///   - id: the agent, which works on nothing.
    ///   - pool: its pool.
    ///   - hold: how long to wait.
    /// - Returns: the round and its settings; nil when the time is over.
    /// - Throws: ``ControlError/agentNotFound(_:)``, ``ControlError/shuttingDown``.
    func nextMaintenance(
        for id: AgentID,
        in pool: PoolID,
        hold: Duration
    ) async throws(ControlError) -> (job: MaintenanceJob, settings: PoolMaintenance)? {
        let end = ContinuousClock.now + hold
        let (news, poll) = maintenancePolls.begin(id)
        defer { maintenancePolls.end(id, poll) }
        while true {
            if let found = try await takeMaintenance(id, pool) { return found }
            guard !read({ $0.isStopping }) else { throw .shuttingDown }
            guard .now < end, await Self.next(news, until: end) else { return nil }
        }
    }

    /// False when the time is over.
    private static func next(_ news: AsyncStream<Void>, until end: ContinuousClock.Instant) async -> Bool {
        await withTaskGroup(of: Bool.self) { group in
            group.addTask {
                for await _ in news { return true }
                return false
            }
            group.addTask {
                try? await Task.sleep(until: end, clock: .continuous)
                return false
            }
            let first = await group.next() ?? false
            group.cancelAll()
            return first
        }
    }

    private func takeMaintenance(
        _ id: AgentID,
        _ pool: PoolID
    ) async throws(ControlError) -> (job: MaintenanceJob, settings: PoolMaintenance)? {
        // Most polls find nothing, and change nothing.
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
        maintenancePolls.wake()
        maintenanceWork.signal()
    }

    // MARK: Time

    /// Begins what is due and gives up what takes too long.
    ///
    /// - Returns: when there is something to do next.
    func passMaintenance() async -> Date? {
        let asking = maintenancePolls.asking
        let pools = read { $0.maintenance.keys.sorted() }
        guard !pools.isEmpty else { return nil }
        let next = try? await change { state, change throws(ControlError) -> Date? in
            var next: Date?
            for pool in pools {
                guard let known = state.maintenance[pool] else { continue }
                var maintenance = known
                let moment = maintenance.pass(state.maintenanceAgents(of: pool, asking), at: change.now)
                if maintenance != known { state.put(maintenance, of: pool, &change) }
                if let moment { next = min(next ?? moment, moment) }
            }
            return next
        }
        maintenancePolls.wake()
        // A store that refuses is tried again.
        return next ?? Date() + 60
    }
}

/// Agents that ask for maintenance now, and what wakes them.
final class MaintenancePolls: Sendable {
    private struct State {
        var last = 0
        var waiting: [AgentID: [Int: AsyncStream<Void>.Continuation]] = [:]
        /// When a poll of an agent ended last: between two it asks too.
        var seen: [AgentID: ContinuousClock.Instant] = [:]
    }

    private let state = Mutex(State())

    /// Between two polls, or while it has a job, an agent is still one that asks.
    private static let memory = Duration.seconds(24 * 3600)

    var asking: Set<AgentID> {
        state.withLock { state in
            state.seen = state.seen.filter { $0.value > .now - Self.memory }
            return Set(state.waiting.keys).union(state.seen.keys)
        }
    }

    func begin(_ agent: AgentID) -> (news: AsyncStream<Void>, poll: Int) {
        let (news, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let poll = state.withLock { state in
            state.last += 1
            state.waiting[agent, default: [:]][state.last] = continuation
            return state.last
        }
        return (news, poll)
    }

    func end(_ agent: AgentID, _ poll: Int) {
        state.withLock { state in
            state.waiting[agent]?[poll] = nil
            if state.waiting[agent]?.isEmpty == true { state.waiting[agent] = nil }
            state.seen[agent] = .now
        }
    }

    func wake() {
        let all = state.withLock { $0.waiting.values.flatMap(\.values) }
        for one in all { one.yield() }
    }
}

extension ControlState {
    /// Agents that are online, with whether they ask for maintenance.
    func maintenanceAgents(of pool: PoolID, _ asking: Set<AgentID>) -> [MaintenanceAgent] {
        agents.values.filter { $0.pool == pool && $0.retiredAt == nil }.map { agent in
            MaintenanceAgent(
                id: agent.id,
                name: agent.name,
                asks: asking.contains(agent.id) && sessionOfAgent[agent.id] != nil,
                isBusy: assigned[agent.id] != nil
            )
        }
    }

    private static func maintenanceName(_ pool: PoolID) -> String { "maintenance-\(pool)" }

    mutating func put(_ maintenance: MaintenanceState, of pool: PoolID, _ change: inout ControlChange) {
        self.maintenance[pool] = maintenance
        guard let value = try? JSONEncoder().encode(maintenance) else { return }
        change.store.append(.putSetting(name: Self.maintenanceName(pool), value: value))
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
