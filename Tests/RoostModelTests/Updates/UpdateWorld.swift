import FoundationEssentials
import RoostModel

/// A made-up pool whose agents carry out what the planner says, some of them badly.
struct UpdateWorld {
    private struct Agent {
        var release: AgentRelease
        var isOnline = true
        var since: Date
        var update = AgentUpdate()
        var blocker: String?
        /// How many steps an update takes still.
        var work = 0
    }

    private var numbers: SeededGenerator
    private var now = Date(timeIntervalSince1970: 1_800_000_000)
    private var agents: [Agent] = []
    private let policy: AgentUpdatePolicy
    private let packages: [UpdateSnapshot.Package]
    private let bad: Set<AgentRelease>
    private var rollouts: [AgentRelease: AgentRollout] = [:]
    private var plan = UpdatePlan()
    /// Agents on which each bad version was ever tried.
    private var tried: [AgentRelease: Set<Int>] = [:]
    /// What went wrong.
    private(set) var complaints: [String] = []

    private static let old = AgentRelease(4, 270, 0)

    init(seed: UInt64) {
        var numbers = SeededGenerator(seed: seed)
        let releases = [Self.old, AgentRelease(4, 271, 0), AgentRelease(4, 272, 0), AgentRelease(5, 0, 0)]
        packages = releases.map { UpdateSnapshot.Package(release: $0, digest: "digest-\($0)") }
        var bad: Set<AgentRelease> = []
        for release in releases.dropFirst() where Int.random(in: 0..<3, using: &numbers) == 0 { bad.insert(release) }
        self.bad = bad
        policy = AgentUpdatePolicy(
            minor: .automatic,
            major: Bool.random(using: &numbers) ? .automatic : .manual,
            pin: Int.random(in: 0..<4, using: &numbers) == 0 ? AgentRelease(4, 271, 0) : nil,
            canaries: Int.random(in: 0...3, using: &numbers),
            gate: 600,
            atOnce: Int.random(in: 1...100, using: &numbers)
        )
        for _ in 0..<Int.random(in: 1...12, using: &numbers) {
            var agent = Agent(release: Self.old, since: now - 100)
            if Int.random(in: 0..<6, using: &numbers) == 0 { agent.blocker = "read only" }
            if Int.random(in: 0..<6, using: &numbers) == 0 { agent.update.pin = AgentRelease(4, 271, 0) }
            agents.append(agent)
        }
        self.numbers = numbers
    }

    mutating func step() {
        now += TimeInterval(Int.random(in: 10...400, using: &numbers))
        for index in agents.indices { advance(index) }
        let snapshot = UpdateSnapshot(
            policy: policy,
            packages: packages,
            agents: agents.enumerated().map { index, agent in
                UpdateSnapshot.Agent(
                    id: AgentID(index),
                    name: "agent-\(index)",
                    release: agent.release,
                    isOnline: agent.isOnline,
                    statusSince: agent.since,
                    update: agent.update,
                    blocker: agent.blocker
                )
            },
            rollouts: rollouts
        )
        plan = planUpdates(snapshot, at: now)
        rollouts = plan.rollouts
        for id in plan.withdrawn {
            agents[id.rawValue].update.order = nil
            agents[id.rawValue].update.failure = plan.failures[id] ?? agents[id.rawValue].update.failure
        }
        for (id, order) in plan.orders { begin(id.rawValue, order) }
        check()
    }

    private mutating func begin(_ index: Int, _ order: AgentUpdate.Order) {
        let agent = agents[index]
        if agent.blocker != nil { complaints.append("agent \(index) cannot update and is told to") }
        let limit = [agent.update.pin, policy.pin].compactMap { $0 }.min()
        if let limit, order.release > limit { complaints.append("agent \(index) is taken past \(limit)") }
        if order.cause == .policy {
            if order.release <= agent.release { complaints.append("agent \(index) is taken back by the policy") }
            if policy.major == .manual, order.release.major > agent.release.major {
                complaints.append("agent \(index) gets a new generation")
            }
            if case .withheld = rollouts[order.release]?.phase { complaints.append("a withheld version is given") }
        }
        agents[index].update.order = order
        agents[index].work = Int.random(in: 1...3, using: &numbers)
    }

    private mutating func advance(_ index: Int) {
        if agents[index].update.order == nil {
            // Nobody is away for so long that it counts: that is a case of its own.
            let isOver = !agents[index].isOnline && now.timeIntervalSince(agents[index].since) > 1_200
            guard isOver || Int.random(in: 0..<20, using: &numbers) == 0 else { return }
            agents[index].isOnline.toggle()
            agents[index].since = now
            return
        }
        agents[index].isOnline = true
        agents[index].work -= 1
        guard agents[index].work <= 0, let order = agents[index].update.order else { return }
        agents[index].update.order = nil
        agents[index].since = now
        guard !bad.contains(order.release) else {
            tried[order.release, default: []].insert(index)
            agents[index].update.failure = AgentUpdate.Failure(
                release: order.release,
                digest: order.digest,
                fault: .unhealthy,
                reason: "it is bad",
                at: now
            )
            return
        }
        agents[index].update.previous = agents[index].release
        agents[index].release = order.release
        agents[index].update.failure = nil
        agents[index].update.updatedAt = now
    }

    private mutating func check() {
        for (release, agents) in tried where policy.canaries > 0 && agents.count > policy.canaries {
            complaints.append("\(release), which is bad, was tried on \(agents.count)")
        }
        for (index, agent) in agents.enumerated() where bad.contains(agent.release) {
            complaints.append("agent \(index) has the bad \(agent.release)")
        }
        for index in agents.indices where plan.standings[AgentID(index)] == nil {
            complaints.append("nothing is said of agent \(index)")
        }
    }

    /// The best version that each agent may have, of those that are not bad.
    private func best(_ agent: Agent) -> AgentRelease {
        let limit = [agent.update.pin, policy.pin].compactMap { $0 }.min()
        let allowed = packages.map(\.release).filter { release in
            !bad.contains(release) && (limit ?? release) >= release
                && (policy.major == .automatic || release.major == Self.old.major)
        }
        return agent.blocker == nil ? allowed.max() ?? Self.old : Self.old
    }

    /// Agents that could have a better version, are online, and do not get it.
    var unfinished: [String] {
        agents.enumerated().compactMap { index, agent in
            let best = best(agent)
            guard agent.isOnline, agent.release != best else { return nil }
            return "agent \(index) has \(agent.release), not \(best): \(plan.standings[AgentID(index)]?.sentence ?? "")"
        }
    }
}
