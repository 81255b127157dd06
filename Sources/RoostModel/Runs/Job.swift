public import FoundationEssentials

/// Who holds a job, and until when.
public struct Lease: Hashable, Sendable, Codable {
    public var agent: AgentID
    public var agentName: String
    public var assignedAt: Date
    /// Renewed by the agent; past it the job's machine counts as lost.
    public var lockedUntil: Date
    /// Identifies the message that carries the job; rises in the organization.
    public var messageID: Int
    /// The agent has deleted that message.
    public var messageAcknowledged: Bool

    public init(
        agent: AgentID,
        agentName: String,
        assignedAt: Date,
        lockedUntil: Date,
        messageID: Int,
        messageAcknowledged: Bool = false
    ) {
        self.agent = agent
        self.agentName = agentName
        self.assignedAt = assignedAt
        self.lockedUntil = lockedUntil
        self.messageID = messageID
        self.messageAcknowledged = messageAcknowledged
    }
}

/// The life of a job's attempt.
public enum JobState: Hashable, Sendable, Codable {
    /// Waits for its dependencies, its condition or a limit. Goes to `queued`, `serving` or `finished`.
    case waiting
    /// Ready; waits for an agent. Goes to `assigned` or `finished`.
    case queued
    /// Sent to an agent that has not begun. Goes to `running`, back to `queued` when the lease is lost, or to `finished`.
    case assigned(Lease)
    /// The agent renewed its lease: the first step may have begun. Goes to `canceling` or `finished`.
    case running(Lease)
    /// The agent was told to stop; past the deadline the server ends the job itself. Goes to `finished`.
    case canceling(Lease, deadline: Date)
    /// The server itself carries it out, without an agent. Goes to `finished`.
    case serving
    case finished(TaskResult)

    public var lease: Lease? {
        switch self {
        case .assigned(let lease), .running(let lease), .canceling(let lease, _): lease
        case .waiting, .queued, .serving, .finished: nil
        }
    }
    public var result: TaskResult? {
        if case .finished(let result) = self { result } else { nil }
    }
    public var isFinished: Bool { result != nil }
}

/// One attempt of one copy of a planned job: what a lease is about and an agent carries out.
public struct Job: Hashable, Sendable, Codable {
    /// Also the id of its timeline record.
    public var id: JobID
    public var run: RunID
    public var pipeline: PipelineID
    public var project: ProjectID
    /// Known from the moment it is queued.
    public var request: RequestID?
    public var stage: String
    /// Name of the planned job.
    public var name: String
    /// Leg of a matrix, number of a parallel copy, or nil.
    public var leg: String?
    /// 1-based place among the copies, and their number.
    public var position: Int
    public var copies: Int
    public var attempt: Int
    public var displayName: String
    /// Unknown until it is queued.
    public var pool: PoolID?
    public var demands: [Demand]
    public var priority: RunPriority
    public var state: JobState
    public var queuedAt: Date?
    /// The first renewal of the lease.
    public var startedAt: Date?
    public var finishedAt: Date?
    /// Minutes; 0 is no limit.
    public var timeoutInMinutes: Int
    public var cancelTimeoutInMinutes: Int
    public var continueOnError: Bool
    /// Values computed when it became ready: variables of all levels, the leg's last.
    public var variables: [String: OutputVariable]
    /// `step.name` to value, from the agent at the end.
    public var outputs: [String: OutputVariable]
    /// The agent that had it last, for people.
    public var agentName: String?
    /// The result is due to the machine, not to what ran.
    public var machineFailure: Bool
    /// Of a job of a deployment: what it carries out.
    public var hook: HookRun?
    /// Of a job without an agent: its steps, which the server carries out.
    public var server: ServerWork?

    public init(
        id: JobID,
        run: RunID,
        pipeline: PipelineID,
        project: ProjectID,
        request: RequestID? = nil,
        stage: String,
        name: String,
        leg: String? = nil,
        position: Int = 1,
        copies: Int = 1,
        attempt: Int = 1,
        displayName: String,
        pool: PoolID? = nil,
        demands: [Demand] = [],
        priority: RunPriority = .normal,
        state: JobState = .waiting,
        queuedAt: Date? = nil,
        startedAt: Date? = nil,
        finishedAt: Date? = nil,
        timeoutInMinutes: Int = 60,
        cancelTimeoutInMinutes: Int = 5,
        continueOnError: Bool = false,
        variables: [String: OutputVariable] = [:],
        outputs: [String: OutputVariable] = [:],
        agentName: String? = nil,
        machineFailure: Bool = false,
        hook: HookRun? = nil,
        server: ServerWork? = nil
    ) {
        self.id = id
        self.run = run
        self.pipeline = pipeline
        self.project = project
        self.request = request
        self.stage = stage
        self.name = name
        self.leg = leg
        self.position = position
        self.copies = copies
        self.attempt = attempt
        self.displayName = displayName
        self.pool = pool
        self.demands = demands
        self.priority = priority
        self.state = state
        self.queuedAt = queuedAt
        self.startedAt = startedAt
        self.finishedAt = finishedAt
        self.timeoutInMinutes = timeoutInMinutes
        self.cancelTimeoutInMinutes = cancelTimeoutInMinutes
        self.continueOnError = continueOnError
        self.variables = variables
        self.outputs = outputs
        self.agentName = agentName
        self.machineFailure = machineFailure
        self.hook = hook
        self.server = server
    }
}
