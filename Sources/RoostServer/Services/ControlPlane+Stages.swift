import FoundationEssentials
import RoostLanguage
public import RoostModel
import RoostPipeline

extension ControlPlane {
    /// Starts a stage that waits for a person, leaves out one that has not begun, or ends one.
    ///
    /// The same asked twice changes nothing.
    ///
    /// - Throws: ``ControlError/invalid(what:problem:advice:)`` when the stage is not where it could be done, with what it waits for.
    @discardableResult
    public func ask(
        _ kind: StageRequest.Kind,
        of name: String,
        in id: RunID,
        by caller: Caller
    ) async throws(ControlError) -> Run {
        let known = try await run(id)
        return try await change { state, change throws(ControlError) in
            guard let active = state.runs[id], !active.run.state.isCompleted else {
                throw Self.refusal(kind, name, "the run \(known.run.number) has ended", nil)
            }
            let stage = try Self.stage(name, of: active.run.plan)
            var snapshot = RunSnapshot(run: active.run, jobs: active.jobList)
            if state.mayHaveGates(active) { state.showGates(to: &snapshot) }
            guard active.run.request(kind, of: stage.name) == nil else { return active.run }
            try Self.check(kind, stage, snapshot)
            var run = active.run
            run.stageRequests.append(
                StageRequest(stage: stage.name, kind: kind, by: caller.displayName, at: change.now)
            )
            state.put(run, &change)
            change.audit(caller, "stage.\(kind.rawValue)", "run:\(id)", "stage \(stage.name) of run \(run.number)")
            if kind == .cancel {
                for job in active.jobList where job.stage == stage.name && !job.state.isFinished {
                    state.cancel(job, settings: self.settings, &change)
                }
            }
            change.dirtyRuns.insert(id)
            return run
        }
    }

    /// Stages of a run that wait for a person to start them, in the order of the file.
    public func stagesToStart(in id: RunID) -> [PlannedStage] {
        read { state in
            guard let active = state.runs[id], !active.run.state.isCompleted, active.run.plan.hasManualStages else {
                return []
            }
            let snapshot = RunSnapshot(run: active.run, jobs: active.jobList)
            return active.run.plan.stages.filter { explainWaiting(stage: $0.name, in: snapshot) == .start }
        }
    }

    /// Names of stages that a request leaves out, as the plan spells them.
    ///
    /// - Throws: ``ControlError/invalid(what:problem:advice:)`` for one that there is not, or that may not be left out.
    static func stagesToSkip(_ names: [String], of plan: RunPlan) throws(ControlError) -> [String] {
        var stages: [String] = []
        for name in names {
            let stage = try Self.stage(name, of: plan)
            guard stage.isSkippable != false else { throw refusal(.skip, name, "'isSkippable: false' forbids it", nil) }
            if !stages.contains(stage.name) { stages.append(stage.name) }
        }
        return stages
    }

    private static func stage(_ name: String, of plan: RunPlan) throws(ControlError) -> PlannedStage {
        if let stage = plan.stages.first(where: { equalIgnoringCase($0.name, name) }) { return stage }
        let names = plan.stages.map(\.name)
        throw .invalid(
            what: "The stage '\(name)'",
            problem: "the pipeline has none of that name",
            advice: nearName(name, among: names).map { "Did you mean '\($0)'?" }
                ?? "It has \(names.joined(separator: ", "))."
        )
    }

    private static func check(
        _ kind: StageRequest.Kind,
        _ stage: PlannedStage,
        _ snapshot: RunSnapshot
    ) throws(ControlError) {
        let standing = RunStanding(snapshot).stage(stage.name)
        if let result = standing.result { throw refusal(kind, stage.name, "it has ended: \(result.rawValue)", nil) }
        let wait = explainWaiting(stage: stage.name, in: snapshot)
        switch kind {
        case .cancel: return
        case .skip:
            guard wait != nil else { throw refusal(kind, stage.name, "it has begun", "Cancel it.") }
            guard stage.isSkippable != false else {
                throw refusal(kind, stage.name, "'isSkippable: false' forbids it", nil)
            }
        case .start:
            guard wait != .start else { return }
            guard stage.trigger == .manual else {
                throw refusal(
                    kind,
                    stage.name,
                    "it begins by itself",
                    "Only a stage with 'trigger: manual' is started."
                )
            }
            throw refusal(kind, stage.name, wait.map(\.sentence) ?? "it has begun", nil)
        }
    }

    private static func refusal(
        _ kind: StageRequest.Kind,
        _ stage: String,
        _ problem: String,
        _ advice: String?
    ) -> ControlError {
        let verb =
            switch kind {
            case .start: "Starting"
            case .skip: "Skipping"
            case .cancel: "Canceling"
            }
        let text = problem.hasSuffix(".") ? String(problem.dropLast()) : problem
        return .invalid(what: "\(verb) the stage '\(stage)'", problem: text, advice: advice)
    }
}
