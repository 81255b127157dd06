public import FoundationEssentials
import RoostModel

/// Everything that can be decided about a run now, in the order in which to do it.
///
/// Stages wait for the stages they depend on, jobs for the jobs of their stage; conditions, variables, matrices and pools are evaluated when
/// a turn comes. Planning again after the decisions were applied (``RunSnapshot/apply(_:at:makeID:)``) decides nothing.
/// Nothing is decided for a run that is still queued or already completed.
///
/// Example: of `build → test` with nothing made yet, one decision creates `build`; once it succeeded, one creates `test`; once that ended,
/// one finishes the run.
public func planProgress(_ snapshot: RunSnapshot, at now: Date) -> [ProgressDecision] {
    guard snapshot.run.state == .running || snapshot.run.state == .canceling else { return [] }
    var planner = RunPlanner(snapshot, at: now)
    planner.run()
    return planner.decisions
}

/// What a stage is called, with its macros expanded.
public func stageDisplayName(_ stage: String, in snapshot: RunSnapshot) -> String {
    var planner = RunPlanner(snapshot, at: snapshot.run.queuedAt)
    guard let place = planner.stageGraph.place(of: stage) else { return stage }
    let planned = planner.plan.stages[place]
    return planner.stageScope(place).variables.expand(planned.displayName)
}
