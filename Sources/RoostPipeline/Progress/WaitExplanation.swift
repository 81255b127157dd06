import RoostModel

/// Why a stage or a job of the plan has not been made yet, or is held back.
public enum WaitExplanation: Hashable, Sendable {
    /// The run itself has not begun.
    case runQueued
    /// Stages that must end first.
    case stages([PendingDependency])
    /// Jobs of the same stage that must end first.
    case jobs([PendingDependency])
    /// Copies of it that run at once are at their limit.
    case heldBack(running: Int, maxParallel: Int)
    /// Hooks of the deployment that must end first.
    case hooks([PendingDependency])
    /// Checks of the stage's environments; what each waits for is known to who keeps them.
    case checks
    /// A person, who must start it (`trigger: manual`).
    case start
    /// Nothing; it is decided with the next planning.
    case nothing

    /// One sentence for people.
    public var sentence: String {
        switch self {
        case .runQueued: "The run has not begun."
        case .stages(let stages): "It waits for the \(Self.text(stages, "stage"))."
        case .jobs(let jobs): "It waits for the \(Self.text(jobs, "job"))."
        case .heldBack(let running, let limit): "\(running) of at most \(limit) copies run; it waits for one to end."
        case .hooks(let hooks): "It waits for the \(Self.text(hooks, "hook"))."
        case .checks: "It waits for the checks of its environments."
        case .start: "It waits for a person to start it."
        case .nothing: "It waits for nothing."
        }
    }

    private static func text(_ dependencies: [PendingDependency], _ kind: String) -> String {
        let parts = dependencies.map(\.text)
        let head = parts.count == 1 ? kind : "\(kind)s"
        guard let last = parts.last, parts.count > 1 else { return "\(head) \(parts.first ?? "")" }
        return "\(head) \(parts.dropLast().joined(separator: ", ")) and \(last)"
    }
}

/// A stage or job that has not ended, and how far it is.
public struct PendingDependency: Hashable, Sendable {
    public enum Progress: Hashable, Sendable {
        /// Waits for something itself.
        case notBegun
        /// Waits for an agent.
        case queued
        case running
    }

    public var name: String
    public var progress: Progress
    /// Display names of its jobs that have not ended.
    public var jobs: [String]

    public init(name: String, progress: Progress, jobs: [String]) {
        self.name = name
        self.progress = progress
        self.jobs = jobs
    }

    var text: String {
        switch progress {
        case .notBegun: "'\(name)', which has not begun"
        case .queued: "'\(name)', which waits for an agent"
        case .running: "'\(name)', which is running"
        }
    }
}

/// What a stage, or a job of it, waits for before it can be queued; nil when the plan has no such stage or job, or it is past waiting.
///
/// Why a queued job waits for an agent is a question for the queue, not for this function.
public func explainWaiting(stage: String, job: String? = nil, in snapshot: RunSnapshot) -> WaitExplanation? {
    let stages = snapshot.run.plan.stages
    guard !snapshot.run.state.isCompleted,
        let planned = stages.first(where: { PlanName($0.name) == PlanName(stage) })
    else { return nil }
    let records = RunRecords(snapshot.jobs)
    guard records.result(planned) == nil else { return nil }
    if snapshot.run.state == .queued { return .runQueued }
    let waiter = WaitExplainer(snapshot: snapshot, records: records, stage: planned)
    guard let job else { return waiter.stageWait }
    return planned.jobs.first { PlanName($0.name) == PlanName(job) }.flatMap(waiter.wait)
}

/// Looks up what has not ended.
private struct WaitExplainer {
    let snapshot: RunSnapshot
    let records: RunRecords
    let stage: PlannedStage

    /// Nil once a job of the stage was made.
    var stageWait: WaitExplanation? {
        guard stage.jobs.allSatisfy({ records[stage.name, $0.name].isEmpty }) else { return nil }
        let missing = snapshot.run.plan.stages.filter { other in
            stage.dependsOn.contains { PlanName($0) == PlanName(other.name) } && records.result(other) == nil
        }
        let pending = missing.map { pendingDependency($0.name, jobs: $0.jobs.map(\.name), of: $0.name) }
        if pending.isEmpty, stage.waitsForStart(in: snapshot.run) { return .start }
        if pending.isEmpty, snapshot.isChecked(stage), snapshot.gates?[stage.name] == .waiting { return .checks }
        return pending.isEmpty ? .nothing : .stages(pending)
    }

    func wait(_ job: PlannedJob) -> WaitExplanation? {
        let copies = records[stage.name, job.name]
        if job.deployment != nil, copies.contains(where: { $0.state == .waiting }) {
            return .hooks(copies.filter(\.isActive).map { pendingHook($0, job) })
        }
        if copies.contains(where: { $0.state == .waiting }) {
            var planner = RunPlanner(snapshot, at: snapshot.run.queuedAt)
            let limit = planner.maxParallel(stage, job)
            return .heldBack(running: copies.count { $0.isActive }, maxParallel: limit)
        }
        guard copies.isEmpty else { return nil }
        if let stageWait, stageWait != .nothing { return stageWait }
        let missing = stage.jobs.filter { other in
            job.dependsOn.contains { PlanName($0) == PlanName(other.name) }
                && records.result(stage.name, other.name) == nil
        }
        let pending = missing.map { pendingDependency($0.name, jobs: [$0.name], of: stage.name) }
        return pending.isEmpty ? .nothing : .jobs(pending)
    }

    private func pendingHook(_ copy: CopyRecord, _ job: PlannedJob) -> PendingDependency {
        PendingDependency(
            name: copy.leg ?? job.name,
            progress: copy.state.lease == nil ? .queued : .running,
            jobs: [job.displayName]
        )
    }

    private func pendingDependency(_ name: String, jobs: [String], of stage: String) -> PendingDependency {
        let keys = Set(jobs.map { PhaseKey(stage, $0) })
        let open = snapshot.jobs.filter { keys.contains(PhaseKey($0.stage, $0.name)) && !$0.state.isFinished }
        let isRunning = open.contains { $0.state.lease != nil }
        let isQueued = open.contains { $0.state == .queued }
        return PendingDependency(
            name: name,
            progress: isRunning ? .running : (isQueued ? .queued : .notBegun),
            jobs: open.map(\.displayName)
        )
    }
}
