public import FoundationEssentials

/// What is due of the jobs that agents hold.
public enum LeaseDecision: Hashable, Sendable {
    /// The lease ran out.
    case expire(JobID)
    /// The agent did not end the job in the time for its cancel.
    case endCancel(JobID)
    /// The job ran longer than its limit: it is to be cancelled.
    case timeOut(JobID)
}

/// Decides which leases, cancels and time limits are over.
///
/// - Parameters:
///   - jobs: jobs that agents hold; others are passed over.
///   - now: by the clock that leases are measured with.
///   - wallClock: by the clock that ``Job/startedAt`` is measured with.
/// - Returns: what is due, and the moment (by the clock of leases) at which to ask again.
public func planLeases(
    _ jobs: [Job],
    at now: Date,
    wallClock: Date
) -> (decisions: [LeaseDecision], nextDeadline: Date?) {
    var decisions: [LeaseDecision] = []
    var next: Date?
    func watch(_ deadline: Date) { next = min(next ?? deadline, deadline) }
    for job in jobs {
        switch job.state {
        case .assigned(let lease):
            if lease.lockedUntil <= now { decisions.append(.expire(job.id)) } else { watch(lease.lockedUntil) }
        case .running(let lease):
            if lease.lockedUntil <= now {
                decisions.append(.expire(job.id))
                continue
            }
            watch(lease.lockedUntil)
            guard job.timeoutInMinutes > 0, let started = job.startedAt else { continue }
            let left = started.timeIntervalSince(wallClock) + TimeInterval(job.timeoutInMinutes * 60)
            if left <= 0 { decisions.append(.timeOut(job.id)) } else { watch(now + left) }
        case .canceling(let lease, let deadline):
            let end = min(lease.lockedUntil, deadline)
            if end <= now { decisions.append(.endCancel(job.id)) } else { watch(end) }
        case .waiting, .queued, .serving, .finished: continue
        }
    }
    return (decisions, next)
}
