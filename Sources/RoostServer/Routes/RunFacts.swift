import FoundationEssentials
import RoostModel

/// The few things of a run that many answers need.
struct RunFacts: Sendable {
    var run: RunID
    var plan: PlanID
    var timeline: UUID
    var number: String
    var pipeline: PipelineID
    var pipelineName: String
    var project: ProjectID

    init(_ run: Run) {
        self.run = run.id
        plan = run.planID
        timeline = run.timelineID
        number = run.number
        pipeline = run.pipeline
        pipelineName = run.pipelineName
        project = run.project
    }
}

extension ControlPlane {
    /// Of a run in memory; nil when it is only in the store.
    func facts(of run: RunID) -> RunFacts? { read { $0.runs[run].map { RunFacts($0.run) } } }

    /// Of a plan's run, completed ones included.
    func facts(of plan: PlanID) async throws(ControlError) -> RunFacts {
        if let facts = read({ state in state.runOfPlan[plan].flatMap { state.runs[$0] }.map { RunFacts($0.run) } }) {
            return facts
        }
        return RunFacts(try await run(runID(plan: plan)).run)
    }
}
