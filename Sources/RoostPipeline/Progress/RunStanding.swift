public import FoundationEssentials
public import RoostModel

/// How a stage or a job of the plan stands, derived from the copies made of it.
public struct Standing: Hashable, Sendable {
    public var state: RecordState
    /// Nil until it ended.
    public var result: TaskResult?
    /// The first start of a copy.
    public var startedAt: Date?
    /// The last end of a copy; nil until all ended.
    public var finishedAt: Date?

    public static let pending = Standing(state: .pending)

    public init(state: RecordState, result: TaskResult? = nil, startedAt: Date? = nil, finishedAt: Date? = nil) {
        self.state = state
        self.result = result
        self.startedAt = startedAt
        self.finishedAt = finishedAt
    }

    init(_ records: [CopyRecord], result: TaskResult?) {
        let begun = records.contains { $0.startedAt != nil || $0.state.lease != nil || $0.state.isFinished }
        self.init(
            state: result != nil ? .completed : (begun ? .inProgress : .pending),
            result: result,
            startedAt: records.compactMap(\.startedAt).min(),
            finishedAt: result == nil ? nil : records.compactMap(\.finishedAt).max()
        )
    }
}

/// How every stage and job of a run stands: what timeline records and the run's graph show.
public struct RunStanding: Sendable {
    private let records: RunRecords
    private let stages: [PlanName: PlannedStage]

    public init(_ snapshot: RunSnapshot) {
        records = RunRecords(snapshot.jobs)
        stages = Dictionary(snapshot.run.plan.stages.map { (PlanName($0.name), $0) }) { first, _ in first }
    }

    /// How a stage stands; pending when there is none of that name.
    public func stage(_ name: String) -> Standing {
        guard let stage = stages[PlanName(name)] else { return .pending }
        return Standing(stage.jobs.flatMap { records[stage.name, $0.name] }, result: records.result(stage))
    }

    /// How a job of the plan stands over all its copies; pending when nothing was made of it yet.
    public func phase(stage: String, job: String) -> Standing {
        Standing(records[stage, job], result: records.result(stage, job))
    }
}

/// The result of a stage as those see it who depend on it; nil until all its jobs ended.
public func stageResult(_ stage: String, in snapshot: RunSnapshot) -> TaskResult? {
    RunStanding(snapshot).stage(stage).result
}

/// The result of a job of the plan over all its copies, as those see it who depend on it; nil until all ended.
public func phaseResult(stage: String, job: String, in snapshot: RunSnapshot) -> TaskResult? {
    RunStanding(snapshot).phase(stage: stage, job: job).result
}

/// The result of the whole from the results of its stages: a cancel wins, a lost machine is a failure, and a run with nothing to do succeeded.
public func runResult(ofStages results: [TaskResult], isCanceling: Bool) -> TaskResult {
    guard !isCanceling else { return .canceled }
    return switch results.reduce(TaskResult.skipped, { $0.merged(with: $1) }) {
    case .skipped: .succeeded
    case .abandoned: .failed
    case let result: result
    }
}
