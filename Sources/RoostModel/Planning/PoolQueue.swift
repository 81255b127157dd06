public import FoundationEssentials
import OrderedCollections

/// What the matcher knows of a pool's settings.
public struct PoolQueueSettings: Hashable, Sendable {
    public var id: PoolID
    public var name: String
    /// Most jobs at once; nil is no limit.
    public var concurrencyLimit: Int?
    /// Machines that can be made as jobs come: each counts as one more agent, and an empty pool waits.
    ///
    /// None in a pool whose agents people set up.
    public var templates: [MachineTemplate]
    /// Jobs go to the agent that came last, so that those which are too many grow old and can go.
    public var prefersYoungest: Bool
    /// Jobs stay in the queue as they are.
    public var pause: Pause?

    public init(
        id: PoolID,
        name: String,
        concurrencyLimit: Int? = nil,
        templates: [MachineTemplate] = [],
        prefersYoungest: Bool = false,
        pause: Pause? = nil
    ) {
        self.id = id
        self.name = name
        self.concurrencyLimit = concurrencyLimit
        self.templates = templates
        self.prefersYoungest = prefersYoungest
        self.pause = pause
    }

    /// Whether a machine could be made that meets demands, as far as it is known.
    public func couldMake(for demands: Set<Demand>) -> Bool { templates.contains { $0.mayMeet(demands) } }

    /// The same, of an image that is not on trial.
    func couldMakeOrdinary(for demands: Set<Demand>) -> Bool {
        templates.contains { !$0.isTrial && $0.mayMeet(demands) }
    }
}

/// What an agent is busy with, for people.
public struct AgentWork: Hashable, Sendable {
    public var request: RequestID
    public var title: String
    public var since: Date?

    public init(request: RequestID, title: String, since: Date?) {
        self.request = request
        self.title = title
        self.since = since
    }
}

/// What the matcher knows of an agent.
public struct AgentFacts: Hashable, Sendable {
    public var id: AgentID
    public var name: String
    public var version: String
    public var systemCapabilities: Capabilities
    public var userCapabilities: Capabilities
    public var isOnline: Bool
    public var isEnabled: Bool
    /// Its one job was assigned; it gets no other.
    public var isRetired: Bool
    public var isSingleUse: Bool
    public var busy: AgentWork?
    /// Why it takes no jobs yet.
    public var warmUp: AgentWarmUp?
    /// It is of an image that only some jobs meet so far.
    public var trial: AgentTrial?
    /// Why it is not enabled.
    public var pause: Pause?

    public init(
        id: AgentID,
        name: String,
        version: String,
        systemCapabilities: Capabilities,
        userCapabilities: Capabilities,
        isOnline: Bool,
        isEnabled: Bool,
        isRetired: Bool,
        isSingleUse: Bool,
        busy: AgentWork?,
        warmUp: AgentWarmUp? = nil,
        trial: AgentTrial? = nil,
        pause: Pause? = nil
    ) {
        self.id = id
        self.name = name
        self.version = version
        self.systemCapabilities = systemCapabilities
        self.userCapabilities = userCapabilities
        self.isOnline = isOnline
        self.isEnabled = isEnabled
        self.isRetired = isRetired
        self.isSingleUse = isSingleUse
        self.busy = busy
        self.warmUp = warmUp
        self.trial = trial
        self.pause = pause
    }

    /// A job may be given to it now.
    public var isFree: Bool { isOnline && isEnabled && !isRetired && busy == nil }

    /// Whether its capabilities meet all demands; an agent that sent none is known by its version.
    public func meets(_ demands: Set<Demand>) -> Bool { demands.allSatisfy(meets) }

    /// Whether its capabilities meet a demand.
    public func meets(_ demand: Demand) -> Bool {
        if demand.isMet(by: systemCapabilities, userCapabilities) { return true }
        guard demand.name.lowercased() == "agent.version", systemCapabilities["Agent.Version"] == nil else {
            return false
        }
        return demand.isMet(by: ["Agent.Version": version], [:])
    }
}

/// A job that waits for an agent.
public struct QueuedJob: Hashable, Sendable {
    public var request: RequestID
    public var job: JobID
    public var pipeline: PipelineID
    public var project: ProjectID
    public var demands: Set<Demand>
    public var priority: RunPriority
    public var queuedAt: Date
    /// Its pipeline may use the pool.
    public var isAuthorized: Bool

    public init(
        request: RequestID,
        job: JobID,
        pipeline: PipelineID,
        project: ProjectID,
        demands: [Demand],
        priority: RunPriority,
        queuedAt: Date,
        isAuthorized: Bool
    ) {
        self.request = request
        self.job = job
        self.pipeline = pipeline
        self.project = project
        self.demands = Set(demands)
        self.priority = priority
        self.queuedAt = queuedAt
        self.isAuthorized = isAuthorized
    }
}

/// One pool's waiting jobs and agents, kept so that a matching pass costs what it matches and not what there is.
///
/// Jobs stand in lanes: those of one pipeline, priority and set of demands, first come first. For each set of demands in use the capable agents are
/// known; they change when an agent's capabilities do. Shares are kept as virtual time: each job that is given an agent moves its
/// project's and its pipeline's clock on by one, and the one furthest behind is served next.
public struct PoolQueue: Sendable {
    struct LaneKey: Hashable, Sendable {
        var project: ProjectID
        var pipeline: PipelineID
        var priority: RunPriority
        var demands: Set<Demand>
    }

    public var settings: PoolQueueSettings
    public private(set) var agents: [AgentID: AgentFacts] = [:]
    public private(set) var jobs: [RequestID: QueuedJob] = [:]
    /// Requests of each lane in the order they came.
    private(set) var lanes: [LaneKey: OrderedSet<RequestID>] = [:]
    /// Agents that could run jobs with these demands, free or not.
    private(set) var capable: [Set<Demand>: Set<AgentID>] = [:]
    /// Agents that may be given a job, idle longest first.
    private(set) var free: OrderedSet<AgentID> = []
    /// The pipeline an agent ran last.
    private(set) var lastPipeline: [AgentID: PipelineID] = [:]
    private(set) var freeByPipeline: [PipelineID: Set<AgentID>] = [:]
    private(set) var projectClock: [ProjectID: Int] = [:]
    private(set) var pipelineClock: [PipelineID: Int] = [:]
    private var waitingByProject: [ProjectID: Int] = [:]
    private var waitingByPipeline: [PipelineID: Int] = [:]
    /// Agents that have a job.
    public private(set) var busyCount = 0

    public init(settings: PoolQueueSettings) { self.settings = settings }

    /// Jobs that wait.
    public var waitingCount: Int { jobs.count }

    // MARK: Agents

    /// Takes over what an agent is now.
    public mutating func upsertAgent(_ agent: AgentFacts) {
        let known = agents.updateValue(agent, forKey: agent.id)
        if known?.busy != nil { busyCount -= 1 }
        if agent.busy != nil { busyCount += 1 }
        setFree(agent.id, agent.isFree)
        let isSame =
            known.map {
                $0.systemCapabilities == agent.systemCapabilities && $0.userCapabilities == agent.userCapabilities
                    && $0.version == agent.version
            } ?? false
        guard !isSame else { return }
        for demands in capable.keys {
            if agent.meets(demands) { capable[demands]?.insert(agent.id) } else { capable[demands]?.remove(agent.id) }
        }
    }

    public mutating func removeAgent(_ id: AgentID) {
        guard let known = agents.removeValue(forKey: id) else { return }
        if known.busy != nil { busyCount -= 1 }
        setFree(id, false)
        lastPipeline[id] = nil
        for demands in capable.keys { capable[demands]?.remove(id) }
    }

    private mutating func setFree(_ id: AgentID, _ isFree: Bool) {
        let pipeline = lastPipeline[id]
        if isFree {
            guard free.append(id).inserted else { return }
            if let pipeline { freeByPipeline[pipeline, default: []].insert(id) }
        } else {
            free.remove(id)
            guard let pipeline else { return }
            freeByPipeline[pipeline]?.remove(id)
            if freeByPipeline[pipeline]?.isEmpty == true { freeByPipeline[pipeline] = nil }
        }
    }

    // MARK: Jobs

    /// Puts a job at the end of its lane; a request that is there already stays where it is.
    public mutating func enqueue(_ job: QueuedJob) {
        guard jobs[job.request] == nil else { return }
        catchUp(job)
        jobs[job.request] = job
        waitingByProject[job.project, default: 0] += 1
        waitingByPipeline[job.pipeline, default: 0] += 1
        lanes[key(job), default: []].append(job.request)
        if capable[job.demands] == nil {
            capable[job.demands] = Set(agents.values.filter { $0.meets(job.demands) }.map(\.id))
        }
    }

    /// Takes a job out: it was given an agent, cancelled, or failed.
    public mutating func removeJob(_ request: RequestID) {
        guard let job = jobs.removeValue(forKey: request) else { return }
        waitingByProject[job.project] = waitingByProject[job.project].flatMap { $0 > 1 ? $0 - 1 : nil }
        waitingByPipeline[job.pipeline] = waitingByPipeline[job.pipeline].flatMap { $0 > 1 ? $0 - 1 : nil }
        let key = key(job)
        lanes[key]?.remove(request)
        guard lanes[key]?.isEmpty == true else { return }
        lanes[key] = nil
        if !lanes.keys.contains(where: { $0.demands == job.demands }) { capable[job.demands] = nil }
    }

    /// Takes a job out that was given to an agent, and moves the clocks of its project and pipeline on.
    public mutating func assigned(_ request: RequestID, to agent: AgentID) {
        guard let job = jobs[request] else { return }
        removeJob(request)
        projectClock[job.project, default: 0] += 1
        pipelineClock[job.pipeline, default: 0] += 1
        setFree(agent, false)
        lastPipeline[agent] = job.pipeline
    }

    /// A project or pipeline that had nothing to do does not save up shares for later.
    private mutating func catchUp(_ job: QueuedJob) {
        if waitingByProject[job.project] == nil,
            let least = waitingByProject.keys.compactMap({ projectClock[$0] }).min()
        {
            projectClock[job.project] = max(projectClock[job.project] ?? 0, least)
        }
        if waitingByPipeline[job.pipeline] == nil,
            let least = waitingByPipeline.keys.compactMap({ pipelineClock[$0] }).min()
        {
            pipelineClock[job.pipeline] = max(pipelineClock[job.pipeline] ?? 0, least)
        }
    }

    private func key(_ job: QueuedJob) -> LaneKey {
        LaneKey(project: job.project, pipeline: job.pipeline, priority: job.priority, demands: job.demands)
    }
}
