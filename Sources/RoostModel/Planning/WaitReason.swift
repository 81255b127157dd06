/// Why a job that is ready has no agent; one true reason.
public enum WaitReason: Hashable, Sendable {
    /// The pipeline may not use the pool.
    case notAuthorized(pool: String)
    case noAgents(pool: String)
    /// Machines that would meet the demands are made as jobs come; what the pool says of this job's, when it says something.
    case machineToCome(pool: String, String?)
    case demandUnmet(nearest: String, demand: Demand, offers: String?)
    case agentOffline(nearest: String, others: Int)
    /// Its warm-up runs or failed, or its disk is full.
    case agentWarmingUp(nearest: String, AgentWarmUp)
    /// Somebody paused it; why is known, unless it was long ago.
    case agentDisabled(nearest: String, Pause?)
    /// Somebody paused the pool.
    case poolPaused(pool: String, Pause)
    case agentRetired(nearest: String)
    case busy(agent: String, with: String, others: Int)
    case poolLimit(pool: String, limit: Int)
    case aheadInQueue(Int)
    /// An agent is free; the job is given to it in a moment.
    case aboutToStart(agent: String)

    /// Stable, for programs.
    public var code: String {
        switch self {
        case .notAuthorized: "not-authorized"
        case .noAgents: "no-agents"
        case .machineToCome: "machine-to-come"
        case .demandUnmet: "demand-unmet"
        case .agentOffline: "agent-offline"
        case .agentWarmingUp(_, let warmUp): warmUp.state == .noRoom ? "agent-no-room" : "agent-warming-up"
        case .agentDisabled: "agent-disabled"
        case .poolPaused: "pool-paused"
        case .agentRetired: "agent-retired"
        case .busy: "busy"
        case .poolLimit: "pool-limit"
        case .aheadInQueue: "ahead-in-queue"
        case .aboutToStart: "about-to-start"
        }
    }

    /// For people.
    public var sentence: String {
        switch self {
        case .notAuthorized(let pool): "The pipeline is not permitted to use pool '\(pool)'."
        case .noAgents(let pool): "Pool '\(pool)' has no agents."
        case .machineToCome(let pool, let sentence): sentence ?? "Pool '\(pool)' is making a machine for it."
        case .demandUnmet(let agent, let demand, let offers):
            "No agent meets the demand '\(demand)'; the nearest is '\(agent)'\(offers.map { ", which offers '\($0)'" } ?? "")."
        case .agentOffline(let agent, let others):
            others == 0
                ? "Agent '\(agent)' could run it and is offline."
                : "The \(others + 1) agents that could run it are offline, among them '\(agent)'."
        case .agentWarmingUp(let agent, let warmUp): "Agent '\(agent)' could run it and \(warmUp.sentence)."
        case .agentDisabled(let agent, nil): "Agent '\(agent)' could run it and is disabled."
        case .agentDisabled(let agent, let pause?):
            "Agent '\(agent)' could run it and is paused \(pause.words)\(pause.reason.isEmpty ? "." : "")"
        case .poolPaused(let pool, let pause):
            "Pool '\(pool)' is paused \(pause.words)\(pause.reason.isEmpty ? "." : "")"
        case .agentRetired(let agent): "Agent '\(agent)' could run it and has had its one job."
        case .busy(let agent, let work, let others):
            "Agent '\(agent)' could run it and is busy with \(work)\(others == 0 ? "" : ", as \(others == 1 ? "is" : "are") \(others) more")."
        case .poolLimit(let pool, let limit):
            "Pool '\(pool)' runs at most \(limit) job\(limit == 1 ? "" : "s") at once."
        case .aheadInQueue(let count): "\(count) job\(count == 1 ? " is" : "s are") ahead of it."
        case .aboutToStart(let agent): "Agent '\(agent)' is free and about to take it."
        }
    }

    public var nearestAgent: String? {
        switch self {
        case .demandUnmet(let agent, _, _), .agentOffline(let agent, _), .agentDisabled(let agent, _),
            .agentWarmingUp(let agent, _),
            .agentRetired(let agent), .busy(let agent, _, _), .aboutToStart(let agent):
            agent
        case .notAuthorized, .noAgents, .machineToCome, .poolLimit, .aheadInQueue, .poolPaused: nil
        }
    }

    public var unmetDemand: String? {
        if case .demandUnmet(_, let demand, _) = self { return demand.description }
        return nil
    }
}

/// Says why a waiting job has no agent.
///
/// - Parameters:
///   - request: the job's request.
///   - pool: its pool.
///   - machine: what a pool that makes machines says of this job.
/// - Returns: the reason; ``WaitReason/aheadInQueue(_:)`` of 0 is never given.
public func explainWait(_ request: RequestID, in pool: PoolQueue, machine: String? = nil) -> WaitReason {
    let reason = explainAgents(request, in: pool)
    guard let machine else { return reason }
    switch reason {
    case .noAgents, .machineToCome, .agentOffline, .agentRetired, .busy, .aheadInQueue:
        return .machineToCome(pool: pool.settings.name, machine)
    case .notAuthorized, .demandUnmet, .agentWarmingUp, .agentDisabled, .poolPaused, .poolLimit, .aboutToStart:
        return reason
    }
}

private func explainAgents(_ request: RequestID, in pool: PoolQueue) -> WaitReason {
    guard let job = pool.jobs[request] else { return .aheadInQueue(1) }
    guard job.isAuthorized else { return .notAuthorized(pool: pool.settings.name) }
    if let pause = pool.settings.pause { return .poolPaused(pool: pool.settings.name, pause) }
    let capable = (pool.capable[job.demands] ?? []).compactMap { pool.agents[$0] }.sorted { $0.id < $1.id }
    guard !capable.isEmpty else { return explainNobody(job, pool) }
    if let limit = pool.settings.concurrencyLimit, pool.busyCount >= limit {
        return .poolLimit(pool: pool.settings.name, limit: limit)
    }
    if let free = capable.first(where: \.isFree) {
        let ahead = pool.jobs.values.count { $0.isAuthorized && $0.request < request && $0.demands == job.demands }
        return ahead == 0 ? .aboutToStart(agent: free.name) : .aheadInQueue(ahead)
    }
    let busy = capable.filter { $0.isOnline && $0.isEnabled && $0.busy != nil }
    if let first = busy.first, let work = first.busy {
        return .busy(agent: first.name, with: work.title, others: busy.count - 1)
    }
    if let disabled = capable.first(where: { $0.isOnline && !$0.isEnabled }) {
        return .agentDisabled(nearest: disabled.name, disabled.pause)
    }
    if let retired = capable.first(where: { $0.isOnline && $0.isRetired }) {
        return .agentRetired(nearest: retired.name)
    }
    if let warming = capable.first(where: { $0.warmUp != nil }), let warmUp = warming.warmUp {
        return .agentWarmingUp(nearest: warming.name, warmUp)
    }
    return .agentOffline(nearest: capable[0].name, others: capable.count - 1)
}

private func explainNobody(_ job: QueuedJob, _ pool: PoolQueue) -> WaitReason {
    if pool.settings.couldMake(for: job.demands) { return .machineToCome(pool: pool.settings.name, nil) }
    let unmet = pool.unmet(job.demands)
    guard let nearest = unmet.agents.first, let demand = nearest.unmet.first else {
        return .noAgents(pool: pool.settings.name)
    }
    return .demandUnmet(nearest: nearest.agent, demand: demand, offers: nearest.offers[demand.name.lowercased()])
}
