public import FoundationEssentials

/// What can happen to a job's attempt.
public enum JobEvent: Hashable, Sendable {
    /// Its turn has come: it waits for an agent.
    case queue
    case assign(Lease)
    /// The agent has taken the message over.
    case acknowledge
    /// The agent holds on; the first time says that it begins.
    case renew(until: Date)
    case complete(TaskResult)
    /// Somebody asked for its end; past the deadline the server ends it itself.
    case cancel(deadline: Date)
    case cancelDeadlinePassed
    case leaseExpired
    /// The listener's session ended before it took the message over.
    case sessionLost
    case agentRemoved
}

/// What a move calls for.
public enum JobEffect: Hashable, Sendable {
    /// It waits for an agent again.
    case requeue
    case tellAgentToStop(AgentID)
    case releaseAgent(AgentID)
}

/// An event that has no meaning in a state: the far side is late, or wrong.
public struct IllegalMove: Error, Hashable, Sendable {
    public let state: JobState
    public let event: JobEvent
}

extension JobState {
    /// The next state and the work it calls for.
    ///
    /// Reads no clock, no store and no random source. A lease that is lost before the first renewal puts the job back into the queue;
    /// one lost later ends it as ``TaskResult/abandoned``, because what ran may have had effects.
    ///
    /// - Parameter event: what happened.
    /// - Returns: the next state and what it calls for.
    /// - Throws: ``IllegalMove`` naming the state and the event, when the pair has no meaning.
    public func applying(_ event: JobEvent) throws(IllegalMove) -> (next: JobState, effects: [JobEffect]) {
        switch self {
        case .waiting: try applyingWhileWaiting(event)
        case .queued: try applyingWhileQueued(event)
        case .assigned(let lease): try applyingWhileAssigned(event, lease)
        case .running(let lease): try applyingWhileRunning(event, lease)
        case .canceling(let lease, let deadline): try applyingWhileCanceling(event, lease, deadline)
        case .serving: try applyingWhileServing(event)
        case .finished: throw IllegalMove(state: self, event: event)
        }
    }

    private typealias Move = (next: JobState, effects: [JobEffect])

    private func applyingWhileWaiting(_ event: JobEvent) throws(IllegalMove) -> Move {
        switch event {
        case .queue: (.queued, [])
        case .cancel: (.finished(.canceled), [])
        case .complete(let result): (.finished(result), [])
        default: throw IllegalMove(state: self, event: event)
        }
    }

    /// Nobody has to be told: the server stops what it does itself.
    private func applyingWhileServing(_ event: JobEvent) throws(IllegalMove) -> Move {
        switch event {
        case .cancel: (.finished(.canceled), [])
        case .complete(let result): (.finished(result), [])
        default: throw IllegalMove(state: self, event: event)
        }
    }

    private func applyingWhileQueued(_ event: JobEvent) throws(IllegalMove) -> Move {
        switch event {
        case .assign(let lease): (.assigned(lease), [])
        case .cancel: (.finished(.canceled), [])
        case .complete(let result): (.finished(result), [])
        default: throw IllegalMove(state: self, event: event)
        }
    }

    private func applyingWhileAssigned(_ event: JobEvent, _ lease: Lease) throws(IllegalMove) -> Move {
        switch event {
        case .acknowledge: return (.assigned(lease.acknowledged), [])
        case .renew(let until): return (.running(lease.renewed(until)), [])
        case .complete(let result): return (.finished(result), [.releaseAgent(lease.agent)])
        // It may have begun a moment ago: the agent is asked, and answers by completing it.
        case .cancel(let deadline): return (.canceling(lease, deadline: deadline), [.tellAgentToStop(lease.agent)])
        case .leaseExpired, .sessionLost, .agentRemoved: return (.queued, [.requeue, .releaseAgent(lease.agent)])
        case .queue, .assign, .cancelDeadlinePassed: throw IllegalMove(state: self, event: event)
        }
    }

    private func applyingWhileRunning(_ event: JobEvent, _ lease: Lease) throws(IllegalMove) -> Move {
        switch event {
        case .acknowledge: return (.running(lease.acknowledged), [])
        case .renew(let until): return (.running(lease.renewed(until)), [])
        case .complete(let result): return (.finished(result), [.releaseAgent(lease.agent)])
        case .cancel(let deadline): return (.canceling(lease, deadline: deadline), [.tellAgentToStop(lease.agent)])
        case .leaseExpired, .agentRemoved: return (.finished(.abandoned), [.releaseAgent(lease.agent)])
        case .queue, .assign, .cancelDeadlinePassed, .sessionLost: throw IllegalMove(state: self, event: event)
        }
    }

    private func applyingWhileCanceling(_ event: JobEvent, _ lease: Lease, _ deadline: Date) throws(IllegalMove) -> Move
    {
        switch event {
        case .acknowledge: return (.canceling(lease.acknowledged, deadline: deadline), [])
        case .renew(let until): return (.canceling(lease.renewed(until), deadline: deadline), [])
        case .complete(let result): return (.finished(result), [.releaseAgent(lease.agent)])
        case .cancelDeadlinePassed, .leaseExpired, .agentRemoved, .sessionLost:
            return (.finished(.canceled), [.releaseAgent(lease.agent)])
        case .queue, .assign, .cancel: throw IllegalMove(state: self, event: event)
        }
    }
}

extension Lease {
    fileprivate var acknowledged: Lease {
        var lease = self
        lease.messageAcknowledged = true
        return lease
    }

    fileprivate func renewed(_ until: Date) -> Lease {
        var lease = self
        lease.lockedUntil = until
        return lease
    }
}
