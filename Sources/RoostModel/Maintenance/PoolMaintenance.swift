public import FoundationEssentials

/// When the agents of a pool look after their disks, and how far they go.
public struct PoolMaintenance: Hashable, Sendable, Codable {
    public var isEnabled: Bool
    /// On which days it begins.
    public var days: Set<BusinessHours.Weekday>
    /// Minutes after midnight.
    public var startsAt: Int
    /// Minutes the clock there is ahead of UTC.
    public var minutesAheadOfUTC: Int
    /// An agent that takes longer has failed.
    public var timeoutMinutes: Int
    /// So many of the agents are at it at once, at least one.
    public var agentsPercent: Int
    /// Folders of pipelines that nobody used for longer go.
    public var workspaceDays: Int
    /// As many jobs are remembered.
    public var history: Int
    /// The last moment of the schedule that was dealt with.
    public var handledUpTo: Date

    public init(
        isEnabled: Bool = true,
        days: Set<BusinessHours.Weekday> = [.sunday],
        startsAt: Int = 180,
        minutesAheadOfUTC: Int = 0,
        timeoutMinutes: Int = 60,
        agentsPercent: Int = 25,
        workspaceDays: Int = 30,
        history: Int = 20,
        handledUpTo: Date
    ) {
        self.isEnabled = isEnabled
        self.days = days
        self.startsAt = startsAt
        self.minutesAheadOfUTC = minutesAheadOfUTC
        self.timeoutMinutes = timeoutMinutes
        self.agentsPercent = agentsPercent
        self.workspaceDays = workspaceDays
        self.history = history
        self.handledUpTo = handledUpTo
    }

    /// The next moment of the schedule; nil when there is none.
    public func next(after moment: Date) -> Date? {
        guard isEnabled else { return nil }
        return BusinessHours(
            days: days,
            opensAt: startsAt,
            closesAt: startsAt + 1,
            minutesAheadOfUTC: minutesAheadOfUTC
        ).nextOpening(after: moment)
    }

    /// How many of so many agents are at it at once.
    public func width(of agents: Int) -> Int { max(1, agents * agentsPercent / 100) }
}

/// One round of maintenance in a pool.
public struct MaintenanceJob: Hashable, Sendable, Codable {
    public enum Status: String, Hashable, Sendable, Codable {
        case queued
        case inProgress
        /// Agents that are at it go on; no other begins.
        case cancelling
        case completed
    }

    public enum Result: String, Hashable, Sendable, Codable {
        case succeeded, failed, canceled
    }

    /// An agent of it.
    public struct Target: Hashable, Sendable, Codable {
        public var agent: AgentID
        public var name: String
        public var status = Status.queued
        public var result: Result?
        public var startedAt: Date?
        public var finishedAt: Date?
        /// Bytes.
        public var freed = 0
        public var removed = 0
        /// What it did, or why it did not.
        public var message = ""

        public init(agent: AgentID, name: String) {
            self.agent = agent
            self.name = name
        }

        mutating func finish(_ result: Result, _ message: String, at now: Date) {
            (status, self.result, self.message, finishedAt) = (.completed, result, message, now)
        }
    }

    public var id: Int
    public var requestedBy: String
    public var queuedAt: Date
    public var finishedAt: Date?
    public var status = Status.queued
    public var result: Result?
    public var targets: [Target]

    public init(id: Int, requestedBy: String, queuedAt: Date, targets: [Target]) {
        self.id = id
        self.requestedBy = requestedBy
        self.queuedAt = queuedAt
        self.targets = targets
    }

    public var isOver: Bool { status == .completed }
    public var freed: Int { targets.reduce(0) { $0 + $1.freed } }
}

/// What an agent of a pool is, as maintenance sees it.
public struct MaintenanceAgent: Hashable, Sendable {
    public var id: AgentID
    public var name: String
    /// It asks for maintenance, as Roost's agents do that last; others are never told of it.
    public var asks: Bool
    public var isBusy: Bool

    public init(id: AgentID, name: String, asks: Bool, isBusy: Bool) {
        self.id = id
        self.name = name
        self.asks = asks
        self.isBusy = isBusy
    }
}

/// What a pool's maintenance is, and has come to.
public struct MaintenanceState: Hashable, Sendable, Codable {
    public var settings: PoolMaintenance
    /// The oldest first.
    public var jobs: [MaintenanceJob] = []

    public init(settings: PoolMaintenance) { self.settings = settings }

    /// The one that is not over.
    public var current: MaintenanceJob? { jobs.last.flatMap { $0.isOver ? nil : $0 } }

    /// Agents that do not come to it within this are passed over.
    public static let patience: TimeInterval = 12 * 3600

    // MARK: What happens

    /// Queues a round for agents; one that is under way is given instead.
    @discardableResult
    public mutating func begin(_ agents: [MaintenanceAgent], by caller: String, at now: Date) -> MaintenanceJob {
        if let current { return current }
        var targets: [MaintenanceJob.Target] = []
        for agent in agents.sorted(by: { $0.id < $1.id }) {
            var target = MaintenanceJob.Target(agent: agent.id, name: agent.name)
            if !agent.asks {
                target.finish(.canceled, "it is offline, or not an agent of Roost that lasts", at: now)
            }
            targets.append(target)
        }
        let id = (jobs.last?.id ?? 0) + 1
        jobs.append(MaintenanceJob(id: id, requestedBy: caller, queuedAt: now, targets: targets))
        settle(at: now)
        if jobs.count > settings.history { jobs.removeFirst(jobs.count - settings.history) }
        return jobs[jobs.count - 1]
    }

    /// Gives an agent that asks its part of the round, when it is its turn.
    ///
    /// - Returns: nil when there is nothing for it now.
    public mutating func take(_ agent: MaintenanceAgent, at now: Date) -> MaintenanceJob? {
        guard let job = current, job.status != .cancelling, !agent.isBusy,
            let index = job.targets.firstIndex(where: { $0.agent == agent.id })
        else { return nil }
        // An agent that was started again does not know that it had begun.
        if job.targets[index].status == .inProgress { return job }
        let running = job.targets.count { $0.status == .inProgress }
        guard job.targets[index].status == .queued, running < settings.width(of: job.targets.count) else { return nil }
        change { job in
            job.status = .inProgress
            job.targets[index].status = .inProgress
            job.targets[index].startedAt = now
        }
        return current
    }

    /// An agent tells what it did.
    public mutating func report(
        _ agent: AgentID,
        job id: Int,
        freed: Int,
        removed: Int,
        result: MaintenanceJob.Result,
        message: String,
        at now: Date
    ) {
        guard let job = current, job.id == id,
            let index = job.targets.firstIndex(where: { $0.agent == agent && $0.status == .inProgress })
        else { return }
        change { job in
            job.targets[index].finish(result, message, at: now)
            (job.targets[index].freed, job.targets[index].removed) = (freed, removed)
        }
        settle(at: now)
    }

    /// No other agent begins.
    public mutating func cancel(at now: Date) {
        guard current != nil else { return }
        change { job in
            job.status = .cancelling
            for index in job.targets.indices where job.targets[index].status == .queued {
                job.targets[index].finish(.canceled, "the round was canceled", at: now)
            }
        }
        settle(at: now)
    }

    /// Does what the time calls for: begins what is due, and gives up those that take too long.
    ///
    /// - Parameters:
    ///   - agents: of the pool.
    ///   - now: the present.
    /// - Returns: the next moment at which there is something to do.
    public mutating func pass(_ agents: [MaintenanceAgent], at now: Date) -> Date? {
        if let due = settings.next(after: settings.handledUpTo), due <= now {
            // What was missed while the server was away is made up for once.
            settings.handledUpTo = now
            begin(agents, by: "the schedule", at: now)
        }
        let scheduled = settings.next(after: settings.handledUpTo)
        guard current != nil else { return scheduled }
        let limit = settings.timeoutMinutes
        var next: [Date] = []
        change { job in
            for index in job.targets.indices {
                guard let (end, result, why) = Self.end(of: job.targets[index], in: job, limit) else { continue }
                if end <= now { job.targets[index].finish(result, why, at: now) } else { next.append(end) }
            }
        }
        settle(at: now)
        return (next + [scheduled].compactMap { $0 }).min()
    }

    /// When the patience with an agent ends, and what it has come to then; nil when it is done.
    private static func end(
        of target: MaintenanceJob.Target,
        in job: MaintenanceJob,
        _ limit: Int
    ) -> (Date, MaintenanceJob.Result, String)? {
        switch target.status {
        case .inProgress:
            ((target.startedAt ?? job.queuedAt) + Double(limit * 60), .failed, "it took longer than \(limit) minutes")
        case .queued:
            (job.queuedAt + patience, .canceled, "it did not come to it: it was offline or busy all the time")
        case .cancelling, .completed: nil
        }
    }

    private mutating func change(_ body: (inout MaintenanceJob) -> Void) {
        guard !jobs.isEmpty else { return }
        body(&jobs[jobs.count - 1])
    }

    /// A round is over with its last agent.
    private mutating func settle(at now: Date) {
        guard let job = current, job.targets.allSatisfy({ $0.status == .completed }) else { return }
        change { job in
            let results = job.targets.map(\.result)
            job.result =
                results.contains(.failed)
                ? .failed : job.status == .cancelling && !results.contains(.succeeded) ? .canceled : .succeeded
            (job.status, job.finishedAt) = (.completed, now)
        }
    }
}
