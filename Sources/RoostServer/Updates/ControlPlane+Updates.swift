import FoundationEssentials
import Logging
import RoostModel
import RoostStore
import ServiceLifecycle

/// Plans the versions of agents whenever something changed that matters to them, or a moment has come that a plan waits for.
struct AgentUpdateService: Service {
    let plane: ControlPlane

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                let next = await plane.planDirtyUpdates()
                await plane.updateWork.wait(until: next, now: Date())
            }
        }
    }
}

extension ControlPlane {
    /// Plans what is dirty or due; gives the next moment.
    fileprivate func planDirtyUpdates() async -> Date? {
        let now = Date()
        let isDue = read { state in !state.updates.dirty.isEmpty || state.updates.wakeAt.values.contains { $0 <= now } }
        if isDue {
            do {
                try await change { state, change in
                    let due = state.updates.wakeAt.filter { $0.value <= change.now }.map(\.key)
                    let pools = state.updates.dirty.union(due)
                    state.updates.dirty = []
                    for pool in pools { state.planVersions(of: pool, &change) }
                }
            } catch {
                return now + 1
            }
        }
        return read { $0.updates.wakeAt.values.min() }
    }

    // MARK: What agents say

    /// Takes over how far an agent is with its update, or why it came to nothing.
    ///
    /// - Throws: ``AgentPackageError/notWanted(agent:_:)`` when it is not to have the version any more, and is to stay with its own.
    func noteUpdate(
        of id: AgentID,
        in pool: PoolID,
        release: AgentRelease,
        digest: String,
        _ report: UpdateReport
    ) async throws {
        let name = try await change { state, change throws(ControlError) -> String? in
            let agent = try state.agent(id, in: pool)
            var update = state.updates.agents[id] ?? AgentUpdate()
            switch report {
            case .phase(let phase):
                guard var order = update.order, order.release == release else { return agent.name }
                guard order.phase != phase else { return nil }
                order.phase = phase
                order.phaseSince = change.now
                update.order = order
            case .failure(let fault, let reason):
                let ordered = update.order.flatMap { $0.release == release ? $0.digest : nil }
                let known = ordered ?? agent.platform.flatMap { state.updates.package(release, $0)?.sha256 }
                let failure = AgentUpdate.Failure(
                    release: release,
                    digest: digest.isEmpty ? known ?? "" : digest,
                    fault: fault,
                    reason: String(reason.prefix(2000)),
                    at: change.now
                )
                update.failure = failure
                if update.order?.release == release { update.order = nil }
                let detail = "\(agent.name) to \(release): \(failure.reason)"
                change.audit(.system, "agent.update-failed", "agent:\(id)", detail)
            }
            state.put(update, of: id, &change)
            state.updatesChanged(in: pool, &change)
            return nil
        }
        if let name { throw AgentPackageError.notWanted(agent: name, release) }
    }

    // MARK: What people say

    func updatePolicy(of pool: PoolID) throws(ControlError) -> UpdatePolicyView {
        try read { state throws(ControlError) in
            guard let known = state.pools[pool] else { throw .poolNotFound(pool.description) }
            let rollouts = state.updates.rollouts.filter { $0.key.pool == pool }
            return UpdatePolicyView(
                policy: state.updates.policies[pool] ?? AgentUpdatePolicy(),
                rollouts: rollouts.flatMap { place, rollouts in
                    rollouts.values.map { rollout in
                        let names = rollout.canaries.compactMap { state.agents[$0]?.name }
                        return UpdatePolicyView.Rollout(platform: place.platform, rollout: rollout, canaries: names)
                    }
                }.sorted { ($1.rollout.release, $0.platform) < ($0.rollout.release, $1.platform) },
                isAutomatic: known.autoUpdate
            )
        }
    }

    func setUpdatePolicy(
        of pool: PoolID,
        by caller: Caller,
        _ edit: (inout AgentUpdatePolicy) throws(AgentPackageError) -> Void
    ) async throws {
        var policy = try updatePolicy(of: pool).policy
        try edit(&policy)
        let problems = policy.problems
        guard problems.isEmpty else { throw AgentPackageError.invalidPolicy(problems) }
        let value = try JSONEncoder().encode(policy)
        let wanted = policy
        try await change { state, change throws(ControlError) in
            guard let known = state.pools[pool] else { throw .poolNotFound(pool.description) }
            state.updates.policies[pool] = wanted
            change.store.append(.putSetting(name: "\(UpdateState.policyPrefix)\(pool)", value: value))
            change.audit(caller, "pool.update-policy", "pool:\(pool)", "\(known.name): \(wanted.summary)")
            state.updatesChanged(in: pool, &change)
        }
    }

    /// What failed in a pool is tried anew.
    func retryUpdates(in pool: PoolID, by caller: Caller) async throws(ControlError) {
        try await change { state, change throws(ControlError) in
            guard let known = state.pools[pool] else { throw .poolNotFound(pool.description) }
            for (place, rollouts) in state.updates.rollouts where place.pool == pool {
                let left = rollouts.filter { if case .withheld = $0.value.phase { false } else { true } }
                state.put(left, at: place, &change)
            }
            for agent in state.agents.values where agent.pool == pool {
                guard var update = state.updates.agents[agent.id], update.failure != nil || update.lostJob != nil else {
                    continue
                }
                update.failure = nil
                update.lostJob = nil
                state.put(update, of: agent.id, &change)
            }
            change.audit(caller, "pool.retry-updates", "pool:\(pool)", known.name)
            state.updatesChanged(in: pool, &change)
        }
    }

    /// Lets an agent update itself, whatever the policy says; nil is the newest version of its generation.
    func orderUpdate(
        of id: AgentID,
        in pool: PoolID,
        to release: AgentRelease?,
        by caller: Caller
    ) async throws -> AgentRelease {
        let (agent, package) = try read { state in
            let agent = try state.agent(id, in: pool)
            guard let platform = agent.platform, let own = agent.release else {
                throw AgentPackageError.notRoosts(agent: agent.name)
            }
            if let blocker = agent.systemCapabilities[Agent.blockerCapability] {
                throw AgentPackageError.cannotUpdate(agent: agent.name, reason: blocker)
            }
            let newest = state.updates.packages(platform: platform).first { $0.release.major == own.major }
            let found = release.map { state.updates.package($0, platform) } ?? newest
            guard let package = found else {
                throw AgentPackageError.notFound(release.map(\.description) ?? "any version", platform: platform)
            }
            guard package.release != own else { throw AgentPackageError.hasIt(agent: agent.name, own) }
            return (agent, package)
        }
        try await change { state, change in
            guard state.agents[agent.id] != nil else { return }
            var update = state.updates.agents[id] ?? AgentUpdate()
            if update.failure?.release == package.release { update.failure = nil }
            update.order = AgentUpdate.Order(
                release: package.release,
                digest: package.sha256,
                cause: .hand,
                by: caller.auditName,
                since: change.now
            )
            state.give(update, to: id, &change)
            change.audit(caller, "agent.update", "agent:\(id)", "\(agent.name) to \(package.release)")
            state.updatesChanged(in: pool, &change)
        }
        return package.release
    }

    func pinAgent(_ id: AgentID, in pool: PoolID, to pin: AgentRelease?, by caller: Caller) async throws(ControlError) {
        try await change { state, change throws(ControlError) in
            let agent = try state.agent(id, in: pool)
            var update = state.updates.agents[id] ?? AgentUpdate()
            update.pin = pin
            if let pin, let order = update.order, order.release > pin, order.phase != .switching { update.order = nil }
            state.put(update, of: id, &change)
            let detail = "\(agent.name)\(pin.map { " to \($0)" } ?? "")"
            change.audit(caller, pin == nil ? "agent.unpin" : "agent.pin", "agent:\(id)", detail)
            state.updatesChanged(in: pool, &change)
        }
    }

    /// Nil for an agent that is not Roost's, and before the first plan.
    func updateStanding(of agent: AgentID) -> UpdateStanding? { read { $0.updates.standings[agent] } }

    /// Where agents stand, by pool and name.
    func updateStandings(pool: PoolID?) -> [UpdateStandingView] {
        read { state in
            state.agents.values.filter { pool == nil || $0.pool == pool }.map { agent in
                UpdateStandingView(
                    agent: agent,
                    pool: state.pools[agent.pool]?.name ?? "",
                    standing: state.updates.standings[agent.id],
                    newest: agent.platform.flatMap { state.updates.newest($0) },
                    update: state.updates.agents[agent.id] ?? AgentUpdate()
                )
            }.sorted { ($0.pool, $0.agent.name) < ($1.pool, $1.agent.name) }
        }
    }
}

/// What an agent says of its update.
enum UpdateReport: Sendable {
    case phase(AgentUpdate.Phase)
    case failure(AgentUpdate.Fault, String)
}

struct UpdatePolicyView: Sendable {
    struct Rollout: Sendable {
        var platform: String
        var rollout: AgentRollout
        var canaries: [String]
    }
    var policy: AgentUpdatePolicy
    var rollouts: [Rollout]
    /// The pool's own switch; off makes everything wait for people.
    var isAutomatic: Bool
}

struct UpdateStandingView: Sendable {
    var agent: Agent
    var pool: String
    /// Nil for agents that are not Roost's.
    var standing: UpdateStanding?
    var newest: AgentRelease?
    var update: AgentUpdate
}

extension AgentUpdatePolicy {
    /// For the audit.
    var summary: String {
        var parts = ["minor \(minor.rawValue)", "major \(major.rawValue)"]
        if let window { parts.append("window \(window)") }
        if let pin { parts.append("pin \(pin)") }
        parts.append("canaries \(canaries), gate \(gate) s, at once \(atOnce) %")
        return parts.joined(separator: ", ")
    }
}

extension ControlState {
    /// What the planner says becomes so.
    fileprivate mutating func planVersions(of id: PoolID, _ change: inout ControlChange) {
        updates.wakeAt[id] = nil
        guard let pool = pools[id] else { return forgetUpdates(of: id, &change) }
        let all = agents.values.filter { $0.pool == id }
        let byPlatform = Dictionary(grouping: all) { $0.platform ?? "" }
        let places = Set(updates.rollouts.keys.filter { $0.pool == id }.map(\.platform))
        for platform in Set(byPlatform.keys).union(places) where !platform.isEmpty {
            let place = UpdateState.Place(pool: id, platform: platform)
            let snapshot = UpdateSnapshot(
                policy: updates.policy(of: pool),
                packages: updates.packages(platform: platform).map { .init(release: $0.release, digest: $0.sha256) },
                agents: (byPlatform[platform] ?? []).compactMap { updateFacts(of: $0) },
                rollouts: updates.rollouts[place] ?? [:],
                since: updates.since
            )
            carryOut(planUpdates(snapshot, at: change.now), at: place, &change)
        }
    }

    private func updateFacts(of agent: Agent) -> UpdateSnapshot.Agent? {
        guard let release = agent.release else { return nil }
        return UpdateSnapshot.Agent(
            id: agent.id,
            name: agent.name,
            release: release,
            isOnline: sessionOfAgent[agent.id] != nil,
            isBusy: assigned[agent.id] != nil,
            statusSince: agent.statusChangedAt,
            update: updates.agents[agent.id] ?? AgentUpdate(),
            blocker: agent.systemCapabilities[Agent.blockerCapability]
        )
    }

    private mutating func carryOut(_ plan: UpdatePlan, at place: UpdateState.Place, _ change: inout ControlChange) {
        for (id, before) in updates.rollouts[place] ?? [:] where plan.rollouts[id] != before {
            note(plan.rollouts[id], at: place, &change)
        }
        for (id, rollout) in plan.rollouts where updates.rollouts[place]?[id] == nil {
            note(rollout, at: place, &change)
        }
        put(plan.rollouts, at: place, &change)
        for id in plan.withdrawn {
            guard var update = updates.agents[id] else { continue }
            update.order = nil
            update.failure = plan.failures[id] ?? update.failure
            put(update, of: id, &change)
        }
        for (id, order) in plan.orders {
            var update = updates.agents[id] ?? AgentUpdate()
            update.order = order
            give(update, to: id, &change)
        }
        for (id, standing) in plan.standings where updates.standings[id] != standing {
            updates.standings[id] = standing
            guard let agent = agents[id] else { continue }
            let view = agentView(agent)
            change.effects.append { $0.poolEvents.publish(.agent(view), to: place.pool) }
        }
        if let wake = plan.wakeAt { updates.wakeAt[place.pool] = min(updates.wakeAt[place.pool] ?? wake, wake) }
    }

    /// The trail of a version through a pool is in the audit.
    private func note(_ rollout: AgentRollout?, at place: UpdateState.Place, _ change: inout ControlChange) {
        guard let rollout, let pool = pools[place.pool] else { return }
        let names = rollout.canaries.compactMap { agents[$0]?.name }.joined(separator: ", ")
        let before = updates.rollouts[place]?[rollout.release]?.phase
        guard before != rollout.phase else { return }
        let subject = "pool:\(place.pool)"
        let what = "\(rollout.release) for \(place.platform) in \(pool.name)"
        switch rollout.phase {
        case .trial: change.audit(.system, "agent-version.trial", subject, "\(what): \(names)")
        case .rolling: change.audit(.system, "agent-version.rolling", subject, what)
        case .withheld(let reason): change.audit(.system, "agent-version.withheld", subject, "\(what): \(reason)")
        }
    }

    fileprivate mutating func put(
        _ rollouts: [AgentRelease: AgentRollout],
        at place: UpdateState.Place,
        _ change: inout ControlChange
    ) {
        guard updates.rollouts[place] ?? [:] != rollouts else { return }
        let name = "\(UpdateState.rolloutPrefix)\(place.pool):\(place.platform)"
        guard !rollouts.isEmpty, let value = UpdateState.rolloutValue(place, rollouts) else {
            updates.rollouts[place] = nil
            change.store.append(.deleteSetting(name: name))
            return
        }
        updates.rollouts[place] = rollouts
        change.store.append(.putSetting(name: name, value: value))
    }

    /// An order gets the number of the message that carries it, and the agent's poll is woken.
    fileprivate mutating func give(_ update: AgentUpdate, to id: AgentID, _ change: inout ControlChange) {
        var update = update
        counters.message += 1
        update.order?.message = counters.message
        put(update, of: id, &change)
        wake(id, &change)
    }

    private mutating func forgetUpdates(of pool: PoolID, _ change: inout ControlChange) {
        for place in updates.rollouts.keys where place.pool == pool { put([:], at: place, &change) }
        if updates.policies.removeValue(forKey: pool) != nil {
            change.store.append(.deleteSetting(name: "\(UpdateState.policyPrefix)\(pool)"))
        }
    }
}
