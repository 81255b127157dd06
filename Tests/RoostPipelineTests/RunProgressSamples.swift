import FoundationEssentials
import RoostModel
import RoostPipeline

/// A run that tests carry forward by hand: plan, apply, finish a job, plan again.
struct SampleRun {
    var snapshot: RunSnapshot
    var now = Date(timeIntervalSince1970: 1_700_000_000)
    private var idCount: UInt8 = 0
    private var idBlock: UInt8 = 0

    init(
        _ stages: [PlannedStage],
        variables: [PlannedVariable] = [],
        runVariables: [String: PipelineVariable] = [:],
        predefined: [String: String] = ["Build.Reason": "Manual", "Build.SourceBranchName": "main"]
    ) {
        let zero = UUID(uuid: (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0))
        let run = Run(
            id: RunID(7),
            pipeline: PipelineID(1),
            pipelineName: "app",
            project: ProjectID(zero),
            planID: PlanID(zero),
            timelineID: zero,
            number: "1",
            state: .running,
            sourceBranch: "refs/heads/main",
            sourceVersion: "0123",
            repository: PipelineRepository(url: "/r", name: "team/app", defaultBranch: "refs/heads/main"),
            requestedBy: "Ann",
            variables: runVariables,
            plan: RunPlan(variables: variables, stages: stages),
            queuedAt: now
        )
        snapshot = RunSnapshot(run: run, predefined: predefined)
    }

    private mutating func makeID() -> JobID {
        if idCount == .max { idBlock += 1 }
        idCount &+= 1
        return JobID(UUID(uuid: (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, idBlock, idCount)))
    }

    /// Plans and applies.
    @discardableResult
    mutating func plan() -> [ProgressDecision] {
        now += 1
        let decisions = planProgress(snapshot, at: now)
        var copy = self
        snapshot.apply(decisions, at: now) { copy.makeID() }
        idCount = copy.idCount
        idBlock = copy.idBlock
        return decisions
    }

    /// The last attempt of a job.
    func job(_ name: String, leg: String? = nil) -> Job? {
        snapshot.jobs.filter { $0.name == name && (leg == nil || $0.leg == leg) }.max { $0.attempt < $1.attempt }
    }

    /// Ends a job; leaves it to the test to plan.
    mutating func finish(
        _ name: String,
        leg: String? = nil,
        _ result: TaskResult = .succeeded,
        outputs: [String: OutputVariable] = [:]
    ) {
        guard let id = job(name, leg: leg)?.id, let place = snapshot.jobs.firstIndex(where: { $0.id == id }) else {
            return
        }
        now += 1
        snapshot.jobs[place].state = .finished(result)
        snapshot.jobs[place].finishedAt = now
        snapshot.jobs[place].outputs = outputs
    }

    /// Ends a job and plans.
    @discardableResult
    mutating func finishAndPlan(
        _ name: String,
        leg: String? = nil,
        _ result: TaskResult = .succeeded,
        outputs: [String: OutputVariable] = [:]
    ) -> [ProgressDecision] {
        finish(name, leg: leg, result, outputs: outputs)
        return plan()
    }

    /// Asks for the run's end.
    mutating func cancel() {
        now += 1
        snapshot.run.state = .canceling
        snapshot.run.canceledAt = now
    }

    /// States by `stage.job` or `stage.job.leg`.
    var states: [String: JobState] {
        var states: [String: JobState] = [:]
        for job in snapshot.jobs {
            states[([job.stage, job.name] + (job.leg.map { [$0] } ?? [])).joined(separator: ".")] = job.state
        }
        return states
    }
}

/// A stage in few words.
func stage(
    _ name: String,
    after: [String] = [],
    when condition: String? = nil,
    variables: [PlannedVariable] = [],
    _ jobs: PlannedJob...
) -> PlannedStage {
    PlannedStage(
        name: name,
        displayName: name,
        dependsOn: after,
        condition: condition.map { PlannedText($0, place: "a.yml:1:2") },
        variables: variables,
        jobs: jobs
    )
}

/// A job in few words.
func job(
    _ name: String,
    after: [String] = [],
    when condition: String? = nil,
    strategy: JobStrategy = .single,
    variables: [PlannedVariable] = [],
    change: (inout PlannedJob) -> Void = { _ in }
) -> PlannedJob {
    var job = PlannedJob(
        name: name,
        displayName: name,
        dependsOn: after,
        condition: condition.map { PlannedText($0, place: "a.yml:3:4") },
        strategy: strategy,
        variables: variables,
        steps: []
    )
    change(&job)
    return job
}

/// A variable in few words.
func variable(_ name: String, _ value: String) -> PlannedVariable {
    PlannedVariable(name: name, value: PlannedText(value, place: "a.yml:5:6"))
}

extension ProgressDecision {
    /// `create B.a`, `skip B.b` and so on.
    var brief: String {
        switch self {
        case .create(let draft, _): "\(draft.readiness == .ready ? "create" : "hold") \(draft.label)"
        case .skip(let draft, _): "skip \(draft.label)"
        case .fail(let draft, _): "fail \(draft.label)"
        case .refuse(let draft, let result, _): "refuse \(draft.label) \(result.rawValue)"
        case .omit: "omit"
        case .openGate(let stage, let uses): "gate \(stage) \(uses.map(\.name).joined(separator: " "))"
        case .release: "release"
        case .cancel: "cancel"
        case .reserveCounter(let use): "counter \(use.prefix) \(use.seed)"
        case .finishRun(let result, _): "finish \(result.rawValue)"
        }
    }

    var draft: JobDraft? {
        switch self {
        case .create(let draft, _), .skip(let draft, _), .fail(let draft, _), .refuse(let draft, _, _): draft
        default: nil
        }
    }
}

extension JobDraft {
    var label: String { ([stage, name] + (leg.map { [$0] } ?? [])).joined(separator: ".") }
}
