public import FoundationEssentials
import OrderedCollections

/// What the matcher decides.
public enum MatchDecision: Hashable, Sendable {
    /// The agent gets the job; `retiring` when it is the agent's only one.
    case assign(RequestID, AgentID, retiring: Bool, because: MatchReason)
    /// No agent of the pool could ever run the job.
    case fail(RequestID, because: UnmetDemands)
}

/// Why this agent was chosen among those that could.
public enum MatchReason: Hashable, Sendable {
    /// It ran the same pipeline last: its caches are warm.
    case ranPipelineLast
    case idleLongest
    /// It came last, in a pool that shrinks by those that are idle longest.
    case cameLast
    /// Its image is on trial, and the job is one of those that try it.
    case onTrial
}

/// Demands that no agent of a pool meets.
public struct UnmetDemands: Hashable, Sendable {
    public var pool: String
    public var demands: [Demand]
    /// What each agent lacks, nearest first.
    public var agents: [Lack]

    /// An agent and the demands it does not meet.
    public struct Lack: Hashable, Sendable {
        /// The agent's name, or that of what machines are made of.
        public var agent: String
        /// No agent yet: machines of this kind could be made.
        public var isTemplate = false
        public var unmet: [Demand]
        /// What it offers instead, for demands about a value.
        public var offers: [String: String]
    }

    /// For people; names the nearest agent, and every other while there are few.
    public var sentence: String {
        let wanted = demands.map(\.description).sorted().joined(separator: ", ")
        let head = "No agent found in pool \(pool) which satisfies the specified demands: \(wanted)."
        guard let nearest = agents.first else {
            return "No agent found in pool \(pool): it has no agents."
                + (wanted.isEmpty ? "" : " The job demands: \(wanted).")
        }
        let others = agents.dropFirst().prefix(9).map {
            "\($0.isTemplate ? "a new machine of " : "")'\($0.agent)' lacks \($0.text)"
        }
        let more = agents.count > 10 ? ["and \(agents.count - 10) more"] : []
        let kind = nearest.isTemplate ? "a new machine of" : "agent"
        return "\(head) Nearest is \(kind) '\(nearest.agent)', which lacks \(nearest.text)."
            + (others.isEmpty ? "" : " Others: \((others + more).joined(separator: "; ")).")
    }
}

extension UnmetDemands.Lack {
    /// - Parameters:
    ///   - agent: its name.
    ///   - unmet: in any order.
    ///   - offer: what it has of a name.
    init(_ agent: String, _ unmet: Set<Demand>, offer: (String) -> String?) {
        self.agent = agent
        self.unmet = unmet.sorted { $0.description < $1.description }
        let offered = unmet.compactMap { demand in offer(demand.name).map { (demand.name.lowercased(), $0) } }
        offers = Dictionary(offered) { first, _ in first }
    }

    /// Such as `docker` or `Agent.OS -equals Linux (it offers 'Darwin')`.
    var text: String {
        unmet.map { demand in
            let offer = offers[demand.name.lowercased()].map { " (it offers '\($0)')" } ?? ""
            return "\(demand)\(offer)"
        }
        .joined(separator: ", ")
    }
}

/// Time after which a waiting job counts one priority higher, so that no priority starves another for ever.
public let priorityAging: TimeInterval = 600

/// Decides which free agents get which jobs, and which jobs no agent could ever run.
///
/// Order: the priority, raised by one for each ``priorityAging`` a job has waited; then the project and the pipeline that are furthest behind
/// their share; then the time of queueing. Among the agents that can, one that ran the same pipeline last is preferred, else the one
/// that is idle longest.
///
/// - Parameters:
///   - pool: jobs and agents.
///   - now: for waiting times.
///   - limit: most decisions of one pass.
/// - Returns: decisions, each job and each agent in at most one.
public func planMatches(_ pool: PoolQueue, at now: Date, limit: Int) -> [MatchDecision] {
    var pass = MatchingPass(pool, now)
    return pass.run(limit)
}

private struct MatchingPass {
    private let pool: PoolQueue
    private let now: Date
    private var taken: Set<AgentID> = []
    private var firstFree = 0
    private var projectClock: [ProjectID: Int]
    private var pipelineClock: [PipelineID: Int]
    /// The heads of lanes whose demands some free agent may still meet, with the place of their head.
    private var open: [PoolQueue.LaneKey: Int] = [:]

    init(_ pool: PoolQueue, _ now: Date) {
        self.pool = pool
        self.now = now
        projectClock = pool.projectClock
        pipelineClock = pool.pipelineClock
    }

    mutating func run(_ limit: Int) -> [MatchDecision] {
        // Also what no agent meets stays: agents may be changed meanwhile.
        guard pool.settings.pause == nil else { return [] }
        var decisions = impossible(limit)
        let room = pool.settings.concurrencyLimit.map { $0 - pool.busyCount } ?? Int.max
        guard !pool.free.isEmpty, room > 0 else { return decisions }
        for key in pool.lanes.keys where pool.capable[key.demands]?.isEmpty == false { open[key] = 0 }
        var assigned = 0
        while decisions.count < limit, assigned < room, taken.count < pool.free.count, let key = next() {
            guard let job = head(of: key), let (agent, reason) = agent(for: job) else {
                // No free agent meets these demands: neither would it for the other lanes that ask the same.
                open = open.filter { $0.key.demands != key.demands }
                continue
            }
            taken.insert(agent)
            assigned += 1
            open[key, default: 0] += 1
            projectClock[job.project, default: 0] += 1
            pipelineClock[job.pipeline, default: 0] += 1
            let retiring = pool.agents[agent]?.isSingleUse ?? false
            decisions.append(.assign(job.request, agent, retiring: retiring, because: reason))
        }
        return decisions
    }

    /// Jobs whose demands nobody in the pool meets, online or not.
    private func impossible(_ limit: Int) -> [MatchDecision] {
        var decisions: [MatchDecision] = []
        for (key, requests) in pool.lanes where pool.capable[key.demands]?.isEmpty != false {
            if pool.settings.couldMake(for: key.demands) { continue }
            let unmet = pool.unmet(key.demands)
            for request in requests where decisions.count < limit && pool.jobs[request]?.isAuthorized == true {
                decisions.append(.fail(request, because: unmet))
            }
        }
        return decisions
    }

    /// The first job of a lane that is not yet decided and may use the pool.
    private mutating func head(of key: PoolQueue.LaneKey) -> QueuedJob? {
        guard let lane = pool.lanes[key], let place = open[key], place < lane.count else { return nil }
        return pool.jobs[lane[place]]
    }

    /// The lane to serve next; lanes that are used up or may not use the pool are closed on the way.
    private mutating func next() -> PoolQueue.LaneKey? {
        var best: (key: PoolQueue.LaneKey, rank: Rank)?
        for (key, place) in open {
            guard let lane = pool.lanes[key], place < lane.count, let job = pool.jobs[lane[place]], job.isAuthorized
            else {
                open[key] = nil
                continue
            }
            let rank = rank(job)
            if let known = best, known.rank < rank { continue }
            best = (key, rank)
        }
        return best?.key
    }

    private struct Rank: Comparable {
        var priority: Int
        var project: Int
        var pipeline: Int
        var request: RequestID

        static func < (left: Rank, right: Rank) -> Bool {
            if left.priority != right.priority { return left.priority > right.priority }
            if left.project != right.project { return left.project < right.project }
            if left.pipeline != right.pipeline { return left.pipeline < right.pipeline }
            return left.request < right.request
        }
    }

    private func rank(_ job: QueuedJob) -> Rank {
        let waited = max(0, now.timeIntervalSince(job.queuedAt))
        return Rank(
            priority: job.priority.level + Int(waited / priorityAging),
            project: projectClock[job.project] ?? 0,
            pipeline: pipelineClock[job.pipeline] ?? 0,
            request: job.request
        )
    }

    /// The youngest of those of an image on trial that a job shall meet, and the youngest of the others.
    private func youngest(for job: QueuedJob, among capable: Set<AgentID>) -> (trial: AgentID?, ordinary: AgentID?) {
        var ordinary: AgentID?
        for id in pool.free.reversed() where !taken.contains(id) && capable.contains(id) {
            guard let trial = pool.agents[id]?.trial else {
                ordinary = ordinary ?? id
                continue
            }
            if meets(job, trial) { return (id, ordinary) }
        }
        return (nil, ordinary)
    }

    /// Chosen by the share, or because nothing else meets its demands.
    private func meets(_ job: QueuedJob, _ trial: AgentTrial) -> Bool {
        mayMeetCandidate(job.request, digest: trial.digest, share: trial.share)
            || !pool.settings.couldMakeOrdinary(for: job.demands)
    }

    private mutating func agent(for job: QueuedJob) -> (AgentID, MatchReason)? {
        guard let capable = pool.capable[job.demands] else { return nil }
        var young: AgentID?
        if pool.settings.prefersYoungest {
            let found = youngest(for: job, among: capable)
            if let trial = found.trial { return (trial, .onTrial) }
            young = found.ordinary
        }
        // One that is on trial is no place to come back to: only jobs that shall meet it do.
        let warm = pool.freeByPipeline[job.pipeline]?.filter {
            !taken.contains($0) && capable.contains($0) && pool.agents[$0]?.trial == nil
        }
        if let warm = warm?.min() { return (warm, .ranPipelineLast) }
        if pool.settings.prefersYoungest { return young.map { ($0, .cameLast) } }
        while firstFree < pool.free.count, taken.contains(pool.free[firstFree]) { firstFree += 1 }
        let idle = pool.free[firstFree...].first { !taken.contains($0) && capable.contains($0) }
        return idle.map { ($0, .idleLongest) }
    }
}

extension RunPriority {
    /// 0 is the lowest.
    var level: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}

extension PoolQueue {
    /// What each agent lacks of demands, nearest first.
    func unmet(_ demands: Set<Demand>) -> UnmetDemands {
        var lacks = agents.values.map { agent in
            UnmetDemands.Lack(agent.name, demands.filter { !agent.meets($0) }) {
                agent.userCapabilities[$0] ?? agent.systemCapabilities[$0]
            }
        }
        lacks += settings.templates.map { template in
            var lack = UnmetDemands.Lack(
                template.name,
                demands.filter { !template.mayMeet([$0]) },
                offer: template.offer
            )
            lack.isTemplate = true
            return lack
        }
        return UnmetDemands(
            pool: settings.name,
            demands: demands.sorted { $0.description < $1.description },
            agents: lacks.sorted { ($0.unmet.count, $0.agent) < ($1.unmet.count, $1.agent) }
        )
    }
}
