public import RoostModel
public import RoostPipeline

/// What a person may say when a run is queued, for a form.
public struct RunForm: Sendable {
    public var pipeline: Pipeline
    /// A full ref.
    public var branch: String
    public var parameters: [PipelineParameter]
    /// Variables of the pipeline's settings that may be given another value, secret ones without theirs.
    public var variables: [String: PipelineVariable]
    public var stages: [PlannedStage]
}

extension ControlPlane {
    /// Reads a pipeline's file at a branch for what may be given.
    ///
    /// Parameters that must be given make the file incomplete, so that its stages are not always known.
    public func runForm(_ id: PipelineID, branch: String?) async throws(ControlError) -> RunForm {
        let pipeline = try self.pipeline(id)
        let project = try self.project(pipeline.project.description)
        let commit = try await repositories.resolve(pipeline.repository, branch: branch, version: nil)
        let request = RunRequest(pipeline: id, branch: branch)
        let asked = CompileRequest(
            predefinedVariables: RunVariables.compileTime(
                pipeline,
                project,
                settings,
                instance: instanceID,
                reason: .manual,
                requestedBy: "",
                ref: commit.ref,
                commit: commit.id
            ),
            repository: PlannedRepository(alias: "self", type: "git", name: pipeline.repository.name),
            tasks: read { $0.tasks.installed }
        )
        let compiled = try await compile(pipeline, project, commit, request, asked).0
        return RunForm(
            pipeline: pipeline,
            branch: commit.ref,
            parameters: compiled.parameters,
            variables: pipeline.variables.filter(\.value.settableAtQueueTime),
            stages: compiled.plan?.stages.filter { $0.name != "__default" } ?? []
        )
    }
}
