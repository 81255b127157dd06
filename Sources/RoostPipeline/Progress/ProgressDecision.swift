public import RoostModel

/// What to do next for a run, and why.
public enum ProgressDecision: Hashable, Sendable {
    /// Make a job of the draft, ready to be queued or held back as ``JobDraft/readiness`` says.
    case create(JobDraft, because: ProgressReason)
    /// A job that was held back may be queued.
    case release(JobID, because: ProgressReason)
    /// Make a job of the draft that is finished with `skipped`.
    case skip(JobDraft, because: ProgressReason)
    /// Make a job of the draft that is finished with `failed`, and show the issue with it.
    case fail(JobDraft, Issue)
    /// Make a job of the draft that is finished with a result, and show the issue with it: the checks of its stage did not pass.
    case refuse(JobDraft, TaskResult, Issue)
    /// Finish a job that was held back with `skipped`: its turn does not come.
    case omit(JobID, because: ProgressReason)
    /// Ask for the checks of the environments of a stage, and say in ``RunSnapshot/gates`` how far they are.
    case openGate(stage: String, [EnvironmentUse])
    /// Finish a job that was not yet sent to an agent with `canceled`.
    case cancel(JobID, because: ProgressReason)
    /// Take the next value of a counter of the pipeline, put it into ``RunSnapshot/counters`` and plan again.
    case reserveCounter(CounterUse)
    /// Every job has ended.
    case finishRun(TaskResult, because: ProgressReason)

    /// One sentence for people.
    public var sentence: String {
        switch self {
        case .create(_, let reason), .release(_, let reason), .skip(_, let reason), .cancel(_, let reason),
            .omit(_, let reason), .finishRun(_, let reason):
            reason.sentence
        case .fail(_, let issue), .refuse(_, _, let issue): issue.message
        case .openGate(let stage, let uses):
            "The stage '\(stage)' waits for the checks of \(ProgressReason.list(uses.map(\.name)))."
        case .reserveCounter(let use): "The counter '\(use.prefix)' gets its next value."
        }
    }
}

/// A counter a variable asks for: `counter(prefix, seed)`.
public struct CounterUse: Hashable, Sendable {
    /// Counters are kept per pipeline and prefix.
    public var prefix: String
    /// The first value.
    public var seed: Int

    public init(prefix: String, seed: Int) {
        self.prefix = prefix
        self.seed = seed
    }
}

/// A job that is not yet one: no id, no pool chosen.
public struct JobDraft: Hashable, Sendable {
    public enum Readiness: Hashable, Sendable {
        case ready
        /// So many copies may run at once, and they do.
        case heldBack(maxParallel: Int)
        /// Hooks of the deployment come before it.
        case afterHooks
    }

    public var stage: String
    /// Name of the planned job.
    public var name: String
    /// Leg of a matrix, number of a parallel copy, or nil.
    public var leg: String?
    /// 1-based place among the copies, and their number.
    public var position: Int
    public var copies: Int
    /// With macros expanded and the leg's name behind it.
    public var displayName: String
    /// With macros expanded; nil when the file names none.
    public var pool: PlannedPool?
    /// Those of ``pool``, read.
    public var demands: [Demand]
    public var timeoutInMinutes: Int
    public var cancelTimeoutInMinutes: Int
    public var continueOnError: Bool
    /// Variables of all levels, the leg's last; values may hold macros for the agent to expand.
    public var variables: [String: OutputVariable]
    public var readiness: Readiness
    /// Of a job of a deployment: what it carries out.
    public var hook: HookRun?
    /// Of a job without an agent: its steps, which the server carries out.
    public var server: ServerWork?

    public init(
        stage: String,
        name: String,
        leg: String? = nil,
        position: Int = 1,
        copies: Int = 1,
        displayName: String,
        pool: PlannedPool? = nil,
        demands: [Demand] = [],
        timeoutInMinutes: Int = 60,
        cancelTimeoutInMinutes: Int = 5,
        continueOnError: Bool = false,
        variables: [String: OutputVariable] = [:],
        readiness: Readiness = .ready,
        hook: HookRun? = nil
    ) {
        self.stage = stage
        self.name = name
        self.leg = leg
        self.position = position
        self.copies = copies
        self.displayName = displayName
        self.pool = pool
        self.demands = demands
        self.timeoutInMinutes = timeoutInMinutes
        self.cancelTimeoutInMinutes = cancelTimeoutInMinutes
        self.continueOnError = continueOnError
        self.variables = variables
        self.readiness = readiness
        self.hook = hook
    }
}
