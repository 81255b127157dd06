import FoundationEssentials
import RoostModel
import RoostStore

/// What the server knows of versions of agents: its packages, the policies of pools, and what is under way.
struct UpdateState: Sendable {
    /// By platform.
    private(set) var packages: [String: [AgentRelease: AgentPackage]] = [:]
    var key: PackageKey?
    var policies: [PoolID: AgentUpdatePolicy] = [:]
    var agents: [AgentID: AgentUpdate] = [:]
    /// By pool and platform.
    var rollouts: [Place: [AgentRelease: AgentRollout]] = [:]
    /// What the last plan said.
    var standings: [AgentID: UpdateStanding] = [:]
    /// Pools that are to be planned again.
    var dirty: Set<PoolID> = []
    var wakeAt: [PoolID: Date] = [:]
    /// Since when this process looks.
    let since = Date()

    struct Place: Hashable, Sendable, Codable {
        var pool: PoolID
        var platform: String
    }

    private struct RolloutRow: Codable {
        var place: Place
        var rollouts: [AgentRollout]
    }

    static let policyPrefix = "agent-update-policy:"
    static let agentPrefix = "agent-update:"
    static let rolloutPrefix = "agent-rollout:"
    static let prefixes = [
        AgentPackage.prefix, PackageKey.settingName, policyPrefix, agentPrefix, rolloutPrefix,
    ]

    init() {}

    /// Those of a store.
    init(settings: [String: Data]) {
        let decoder = JSONDecoder()
        func rows<Row: Decodable>(_ prefix: String, _ type: Row.Type) -> [(String, Row)] {
            settings.compactMap { name, value in
                guard name.hasPrefix(prefix), let row = try? decoder.decode(type, from: value) else { return nil }
                return (String(name.dropFirst(prefix.count)), row)
            }
        }
        for (_, package) in rows(AgentPackage.prefix, AgentPackage.self) { put(package) }
        key = settings[PackageKey.settingName].flatMap { try? decoder.decode(PackageKey.self, from: $0) }
        for (name, policy) in rows(Self.policyPrefix, AgentUpdatePolicy.self) {
            if let id = Int(name) { policies[PoolID(id)] = policy }
        }
        for (name, update) in rows(Self.agentPrefix, AgentUpdate.self) {
            if let id = Int(name) { agents[AgentID(id)] = update }
        }
        for (_, row) in rows(Self.rolloutPrefix, RolloutRow.self) {
            rollouts[row.place] = Dictionary(row.rollouts.map { ($0.release, $0) }) { first, _ in first }
        }
    }

    mutating func put(_ package: AgentPackage) { packages[package.platform, default: [:]][package.release] = package }

    mutating func remove(_ package: AgentPackage) { packages[package.platform]?[package.release] = nil }

    func package(_ release: AgentRelease, _ platform: String) -> AgentPackage? { packages[platform]?[release] }

    /// Newest first.
    func packages(platform: String?) -> [AgentPackage] {
        packages.filter { platform == nil || $0.key == platform }.values.flatMap(\.values)
            .sorted { ($1.release, $0.platform) < ($0.release, $1.platform) }
    }

    func newest(_ platform: String) -> AgentRelease? { packages[platform]?.keys.max() }

    func policy(of pool: AgentPool) -> AgentUpdatePolicy {
        var policy = policies[pool.id] ?? AgentUpdatePolicy()
        // What Azure DevOps' own switch says comes first.
        if !pool.autoUpdate { (policy.minor, policy.major) = (.manual, .manual) }
        return policy
    }

    static func rolloutValue(_ place: Place, _ rollouts: [AgentRelease: AgentRollout]) -> Data? {
        let row = RolloutRow(place: place, rollouts: rollouts.values.sorted { $0.release < $1.release })
        return try? JSONEncoder().encode(row)
    }
}

extension Agent {
    /// The capability by which Roost's agent tells its platform.
    static let platformCapability = "Roost.Platform"
    /// The capability by which it tells why it cannot update itself.
    static let blockerCapability = "Roost.UpdateBlocker"

    /// The capability by which a version tells that the one before still watches it.
    static let guardCapability = "Roost.UpdateGuard"

    /// Nil for an agent that is not Roost's.
    var platform: String? { systemCapabilities[Self.platformCapability] }
    var release: AgentRelease? { AgentRelease(version) }
}

extension ControlState {
    /// Lets the versions of a pool's agents be planned again, soon and once for many changes.
    mutating func updatesChanged(in pool: PoolID, _ change: inout ControlChange) {
        updates.dirty.insert(pool)
        change.effects.append { $0.updateWork.signal() }
    }

    mutating func put(_ update: AgentUpdate, of agent: AgentID, _ change: inout ControlChange) {
        let name = "\(UpdateState.agentPrefix)\(agent)"
        guard updates.agents[agent] ?? AgentUpdate() != update else { return }
        guard !update.isEmpty, let value = try? JSONEncoder().encode(update) else {
            updates.agents[agent] = nil
            change.store.append(.deleteSetting(name: name))
            return
        }
        updates.agents[agent] = update
        change.store.append(.putSetting(name: name, value: value))
    }

    /// An agent came online, and tells its version: an update that it was to make is over when it has it.
    ///
    /// One that is still watched by the version before has not made it yet.
    mutating func noteVersion(
        _ version: String?,
        of agent: Agent,
        isGuarded: Bool,
        _ change: inout ControlChange
    ) {
        if var update = updates.agents[agent.id] {
            let release = version.flatMap { AgentRelease($0) }
            if let order = update.order, order.phase != .ordered, release != order.release {
                resume(order, of: agent, &update, &change)
            } else if let order = update.order, release == order.release {
                if agent.release != order.release { update.previous = agent.release }
                guard !isGuarded else { return put(update, of: agent.id, &change) }
                update.order = nil
                update.failure = nil
                update.lostJob = nil
                update.updatedAt = change.now
                put(update, of: agent.id, &change)
                change.audit(.system, "agent.updated", "agent:\(agent.id)", "\(agent.name) to \(order.release)")
            }
        }
        updatesChanged(in: agent.pool, &change)
    }

    /// The agent has a new session and not the version: it is told again.
    ///
    /// A switch that was interrupted, by a restart or a power cut, is begun again a few times; while a
    /// version is prepared, or waits for a job, sessions come and go.
    private mutating func resume(
        _ order: AgentUpdate.Order,
        of agent: Agent,
        _ update: inout AgentUpdate,
        _ change: inout ControlChange
    ) {
        var order = order
        if order.phase == .switching { order.attempts += 1 }
        guard order.attempts <= Self.mostAttempts else {
            update.order = nil
            update.failure = AgentUpdate.Failure(
                release: order.release,
                digest: order.digest,
                fault: .machine,
                reason: "It was interrupted \(Self.mostAttempts) times.",
                at: change.now
            )
            return put(update, of: agent.id, &change)
        }
        order.phase = .ordered
        order.phaseSince = change.now
        counters.message += 1
        order.message = counters.message
        update.order = order
        put(update, of: agent.id, &change)
    }

    private static let mostAttempts = 3

    /// The agent has the message that tells it to update.
    mutating func take(_ order: AgentUpdate.Order, of agent: AgentID, _ change: inout ControlChange) {
        guard var update = updates.agents[agent], var order = update.order, order.phase == .ordered else { return }
        order.phase = .preparing
        order.phaseSince = change.now
        update.order = order
        put(update, of: agent, &change)
        if let pool = agents[agent]?.pool { updatesChanged(in: pool, &change) }
    }

    /// A job was lost with its machine: that speaks against the version that its agent tries.
    mutating func noteLost(_ job: Job, _ change: inout ControlChange) {
        guard let pool = job.pool, let name = job.agentName, let id = agentsByName[.init(pool, name)],
            var update = updates.agents[id], update.updatedAt != nil, update.lostJob == nil
        else { return }
        update.lostJob = job.displayName
        put(update, of: id, &change)
        updatesChanged(in: pool, &change)
    }

    mutating func forgetUpdate(of agent: Agent, _ change: inout ControlChange) {
        put(AgentUpdate(), of: agent.id, &change)
        updates.standings[agent.id] = nil
        updatesChanged(in: agent.pool, &change)
    }

    /// The message that tells an agent to update; nil when there is nothing to tell.
    func refreshDraft(of session: Session) -> MessageDraft? {
        guard let order = updates.agents[session.agent]?.order, order.phase == .ordered, let id = order.message else {
            return nil
        }
        let content = MessageDraft.Content.refresh(session.agent, order.release)
        return MessageDraft(id: id, session: session.id, key: session.key, content: content)
    }
}
