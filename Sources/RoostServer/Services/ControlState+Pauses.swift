import FoundationEssentials
import RoostModel

/// What somebody says who takes an agent or a pool out of service.
public struct PauseDraft: Hashable, Sendable {
    /// Why; may be empty.
    public var reason: String
    /// Jobs that run are awaited.
    public var drains: Bool

    public init(reason: String = "", drains: Bool = false) {
        self.reason = String(reason.prefix(Pause.longestReason))
        self.drains = drains
    }

    func pause(by caller: Caller, at now: Date) -> Pause {
        Pause(reason: reason, by: caller.auditName, since: now, isDrain: drains)
    }

    /// For the audit.
    func detail(_ name: String) -> String { reason.isEmpty ? name : "\(name): \(reason)" }
}

extension ControlState {
    /// Pauses or resumes a pool whose agents people set up.
    func set(
        enabled: Bool,
        _ draft: PauseDraft,
        of pool: inout AgentPool,
        by caller: Caller,
        _ change: inout ControlChange
    ) throws(ControlError) {
        guard elastic[pool.id] == nil else {
            throw .invalid(
                what: "'enabled' of pool '\(pool.name)'",
                problem: "the pool is elastic",
                advice: "Change its 'state': 'roost pool pause', 'drain' and 'resume' do that."
            )
        }
        if enabled {
            guard pool.pause != nil else { return }
            pool.pause = nil
            change.audit(caller, "pool.resume", "pool:\(pool.id)", pool.name)
        } else {
            pool.pause = draft.pause(by: caller, at: change.now)
            let action = draft.drains ? "pool.drain" : "pool.pause"
            change.audit(caller, action, "pool:\(pool.id)", draft.detail(pool.name))
        }
    }

    /// Says so when an agent that is drained has ended its job, and its pool with it.
    func noteDrained(_ agent: Agent, _ change: inout ControlChange) {
        if agent.pause?.isDrain == true, assigned[agent.id] == nil {
            change.audit(.system, "agent.drained", "agent:\(agent.id)", agent.name)
        }
        if let pool = pools[agent.pool] { noteDrained(pool, &change) }
    }

    /// Says so when no job runs any more in a pool that is drained.
    func noteDrained(_ pool: AgentPool, _ change: inout ControlChange) {
        guard pool.pause?.isDrain == true, poolQueues[pool.id]?.busyCount == 0 else { return }
        change.audit(.system, "pool.drained", "pool:\(pool.id)", pool.name)
    }
}
