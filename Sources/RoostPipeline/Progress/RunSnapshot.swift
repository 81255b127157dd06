import FoundationEssentials
public import RoostModel

/// All that is known of a run at one moment, as far as its progress depends on it.
public struct RunSnapshot: Hashable, Sendable {
    public var run: Run
    /// Every attempt of every job made so far, in any order.
    public var jobs: [Job]
    /// Predefined variables such as `Build.Reason`; the file cannot set them, save `System.Debug`.
    public var predefined: [String: String]
    /// Values given to this run's `counter(prefix, seed)`, by prefix, in answer to ``ProgressDecision/reserveCounter(_:)``.
    public var counters: [String: Int]
    /// How far the checks of stages are, by the stage's name in the plan, in answer to ``ProgressDecision/openGate(stage:_:)``.
    ///
    /// Nil where nobody keeps gates: then no stage waits for checks.
    public var gates: [String: StageGate]?
    /// Environments of the project; needed for runs that deploy only.
    public var environments: [EnvironmentFacts] = []
    /// Stages that use something the pipeline is not permitted to use; they wait at a gate, too.
    public var guardedStages: Set<String> = []

    public init(run: Run, jobs: [Job] = [], predefined: [String: String] = [:], counters: [String: Int] = [:]) {
        self.run = run
        self.jobs = jobs
        self.predefined = predefined
        self.counters = counters
    }

    /// Whether someone asked for the run's end.
    public var isCanceling: Bool { run.state == .canceling }

    /// Whether the file allows another attempt of a job that was lost with its machine.
    ///
    /// Ask before the loss is stored: a job whose last attempt has ended counts as done, and what depends on it is decided.
    public func mayRetry(_ job: Job) -> Bool {
        guard job.machineFailure, !isCanceling else { return false }
        let stage = run.plan.stages.first { PlanName($0.name) == PlanName(job.stage) }
        let planned = stage?.jobs.first { PlanName($0.name) == PlanName(job.name) }
        return job.attempt <= (planned?.retryCountOnMachineFailure ?? 0)
    }
}
