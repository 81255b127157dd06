import RoostLanguage
public import RoostModel

/// What people asked of single stages.
extension RunPlanner {
    /// Whether a stage may begin as far as people are concerned; one that waits for them when the run is canceled is skipped.
    mutating func isStarted(_ stage: PlannedStage) -> Bool {
        guard stage.waitsForStart(in: snapshot.run) else { return true }
        if snapshot.isCanceling { skip(stage, because: .stageSkipped(stage.name, because: .runCanceled)) }
        return false
    }

    /// Ends a stage that somebody skipped or canceled before it began; true when somebody did.
    mutating func isLeftOut(_ stage: PlannedStage) -> Bool {
        let run = snapshot.run
        if let cancel = run.request(.cancel, of: stage.name) {
            let reason = ProgressReason.stageCanceled(stage.name, by: cancel.by)
            refuse(stage, .canceled, Issue(.warning, reason.sentence, category: "General"))
            return true
        }
        guard let wish = run.request(.skip, of: stage.name) else { return false }
        skip(stage, because: .leftOut(stage.name, by: wish.by))
        return true
    }

    /// Why what is hit by a cancel does not go on.
    func cancelReason(_ stage: PlannedStage) -> ProgressReason {
        guard let cancel = snapshot.run.request(.cancel, of: stage.name) else { return .runCanceled }
        return .stageCanceled(stage.name, by: cancel.by)
    }
}

extension RunPlan {
    /// Whether a stage of it waits for a person to start it.
    public var hasManualStages: Bool { stages.contains { $0.trigger == .manual } }
}

extension PlannedStage {
    /// Whether nobody has started it yet, and somebody must.
    func waitsForStart(in run: Run) -> Bool { trigger == .manual && run.request(.start, of: name) == nil }
}
