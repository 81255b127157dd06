import RoostModel

extension ControlState {
    /// Whether a run gets no secrets: it builds a fork, and whoever wrote its commit chose its steps.
    func withholdsSecrets(of run: Run) -> Bool { withholdsSecrets(from: run.cause, of: run.pipeline) }

    /// The same for a run that is to be made.
    func withholdsSecrets(from cause: RunCause, of pipeline: PipelineID) -> Bool {
        guard cause.pullRequest?.isFork == true else { return false }
        return pipelines[pipeline]?.triggers.forks.getSecrets != true
    }

    /// Whether steps of a plan name secure files or service connections.
    func namesSecrets(_ plan: RunPlan) -> Bool {
        plan.stages.flatMap(\.jobs).flatMap(\.steps).contains { step in
            !secureFileInputs(of: [step]).isEmpty || !connectionInputs(of: step).isEmpty
        }
    }
}

extension [String: PipelineVariable] {
    /// Those that anybody may know.
    var withoutSecrets: [String: PipelineVariable] { filter { !$0.value.isSecret } }
}
