import FoundationEssentials
import RoostLanguage
import RoostModel

/// One pass over a run: walks stages and jobs in the order of their dependencies and decides everything that can be decided.
///
/// What it decides it notes in its records, so that what follows from a decision (a skipped job skips the next) is decided in the same pass.
struct RunPlanner {
    let snapshot: RunSnapshot
    let now: Date
    var records: RunRecords
    let stageGraph: DependencyGraph
    let counters: CounterLedger
    private(set) var decisions: [ProgressDecision] = []
    private var endedStages: Set<Int> = []
    private var reserved: Set<String> = []
    private var cachedRoot: ProgressScope?

    init(_ snapshot: RunSnapshot, at now: Date) {
        self.snapshot = snapshot
        self.now = now
        records = RunRecords(snapshot.jobs)
        stageGraph = DependencyGraph(snapshot.run.plan.stages.map { ($0.name, $0.dependsOn) })
        counters = CounterLedger(snapshot.counters)
    }

    var plan: RunPlan { snapshot.run.plan }

    /// Decides what can be decided.
    mutating func run() {
        for (place, fault) in stageGraph.faults.sorted(by: { $0.key < $1.key }) {
            failStage(plan.stages[place], fault.problem(of: "stage", plan.stages[place].name))
            endedStages.insert(place)
        }
        for place in stageGraph.order { advanceStage(place) }
        guard endedStages.count == plan.stages.count else { return }
        let results = plan.stages.compactMap { records.result($0) }
        decide(.finishRun(runResult(ofStages: results, isCanceling: snapshot.isCanceling), because: .allStagesEnded))
    }

    mutating func decide(_ decision: ProgressDecision) {
        decisions.append(decision)
        switch decision {
        case .create(let draft, _):
            records.add(draft, state: draft.readiness == .ready ? .queued : .waiting, at: now)
        case .skip(let draft, _): records.add(draft, state: .finished(.skipped), at: now)
        case .fail(let draft, _): records.add(draft, state: .finished(.failed), at: now)
        case .refuse(let draft, let result, _): records.add(draft, state: .finished(result), at: now)
        case .release, .cancel, .omit, .openGate, .reserveCounter, .finishRun: break
        }
    }

    /// Asks for the counters that were missing; true when there were any, and what needed them must wait.
    mutating func reserveCounters() -> Bool {
        let uses = counters.uses
        for use in uses where reserved.insert(use.prefix).inserted { decide(.reserveCounter(use)) }
        return !uses.isEmpty
    }

    // MARK: Stages

    private mutating func advanceStage(_ place: Int) {
        let stage = plan.stages[place]
        guard stageGraph.directDependencies(of: place).allSatisfy(endedStages.contains) else { return }
        if records.result(stage) == nil, hasBegun(stage) || beginStage(place) { advanceJobs(of: place) }
        if records.result(stage) != nil { endedStages.insert(place) }
    }

    /// Whether a job of it was made; skipped ones do not count, they are what is left of a stage that never began.
    private func hasBegun(_ stage: PlannedStage) -> Bool {
        stage.jobs.contains { job in records[stage.name, job.name].contains { $0.state.result != .skipped } }
    }

    /// Evaluates the stage's condition; when it does not hold, every job of it is skipped.
    private mutating func beginStage(_ place: Int) -> Bool {
        let stage = plan.stages[place]
        if isLeftOut(stage) { return false }
        let status = stageStatus(place)
        do throws(ProgressFault) {
            let scope = stageScope(place)
            if reserveCounters() { return false }
            let (holds, trace) = try scope.condition(stage.condition, status.functions)
            if holds { return isStarted(stage) ? try passesGate(stage, scope) : false }
            skip(stage, because: .stageSkipped(stage.name, because: skipReason(stage, stage.condition, status, trace)))
        } catch {
            failStage(stage, error)
        }
        return false
    }

    /// Why a condition does not hold.
    func skipReason(
        _ stage: PlannedStage,
        _ condition: PlannedText?,
        _ status: DependencyStatus,
        _ trace: EvaluationTrace
    ) -> ProgressReason {
        guard condition.map({ $0.text.trimmingBlanks().isEmpty }) ?? true else { return .conditionFalse(trace) }
        if status.isHitByCancel { return cancelReason(stage) }
        return status.obstacle.map { .dependencyDidNotSucceed($0.name, $0.result) } ?? .conditionFalse(trace)
    }

    /// Skips every job of a stage that never begins.
    mutating func skip(_ stage: PlannedStage, because reason: ProgressReason) {
        guard let place = stageGraph.place(of: stage.name) else { return }
        for job in stage.jobs where records[stage.name, job.name].isEmpty {
            decide(.skip(plainDraft(place, job), because: reason))
        }
    }

    /// The first job of the stage shows the fault, the others are skipped.
    private mutating func failStage(_ stage: PlannedStage, _ fault: ProgressFault) {
        guard let place = stageGraph.place(of: stage.name), records.result(stage) == nil else { return }
        let undecided = stage.jobs.filter { records[stage.name, $0.name].isEmpty }
        for (index, job) in undecided.enumerated() {
            let draft = plainDraft(place, job)
            decide(index == 0 ? .fail(draft, fault.issue) : .skip(draft, because: .stageFailed(stage.name)))
        }
    }

    private func stageStatus(_ place: Int) -> DependencyStatus {
        DependencyStatus(
            name: plan.stages[place].name,
            dependencies: stageGraph.allDependencies(of: place).compactMap { dependency in
                let stage = plan.stages[dependency]
                return records.result(stage).map { .init(name: stage.name, result: $0) }
            },
            isCanceling: snapshot.isCanceling,
            isHitByCancel: snapshot.isCanceling
        )
    }

    /// Whether a cancel, of the run or of the stage alone, concerns the jobs of a stage.
    ///
    /// A stage that begins after the cancel does so because its own condition holds in spite of it; then its jobs run as they always would.
    func isHitByCancel(_ stage: PlannedStage) -> Bool {
        if snapshot.run.request(.cancel, of: stage.name) != nil { return true }
        guard snapshot.isCanceling else { return false }
        guard let canceledAt = snapshot.run.canceledAt else { return true }
        let began = stage.jobs.flatMap { records[stage.name, $0.name] }.compactMap(\.beganAt).min()
        return began.map { $0 < canceledAt } ?? false
    }

    // MARK: Scopes

    /// Variables of the run and of the root of the file.
    mutating func rootScope() -> ProgressScope {
        if let cachedRoot { return cachedRoot }
        let scope = ProgressScope.root(of: snapshot, counters: counters)
        cachedRoot = scope
        return scope
    }

    /// The scope of a stage's condition and variables.
    mutating func stageScope(_ place: Int) -> ProgressScope {
        let stage = plan.stages[place]
        let dependencies = stageGraph.directDependencies(of: place).map { plan.stages[$0] }
        var scope = rootScope().inner()
        scope.variables.predefine("System.StageName", stage.name)
        scope.names["dependencies"] = records.stages(dependencies)
        scope.names["stageDependencies"] = records.stageJobs(dependencies)
        scope.secretOutputs = dependencies.flatMap { records.secretOutputs($0.name, $0.jobs.map(\.name)) }
        scope.define(stage.variables)
        scope.variables.predefine("System.StageDisplayName", scope.variables.expand(stage.displayName))
        return scope
    }
}

extension DependencyGraph.Fault {
    /// The fault of a stage or job that can never begin.
    func problem(of kind: String, _ name: String) -> ProgressFault {
        switch self {
        case .unknown(let dependency):
            let subject = kind == "stage" ? "Stage" : "Job"
            return ProgressFault(
                "\(kind).unknown-dependency",
                "\(subject) \(name) depends on unknown \(kind) \(dependency)."
            )
        case .cycle:
            return ProgressFault(
                "\(kind).dependency-cycle",
                "The \(kind) '\(name)' can never begin: it waits for a circle of dependencies."
            )
        }
    }
}
