import FoundationEssentials
public import RoostWire

extension RoostClient {
    /// Queues a run of the pipeline that `definition` names, with what else the draft says of branch, variables and priority.
    public func queueBuild(project: String, _ draft: BuildWire) async throws(ClientError) -> BuildWire {
        try await call(
            Call(method: "POST", path: "\(Self.escape(project))/_apis/build/builds", body: try Self.body(draft))
        )
    }

    /// Asks a run to end; jobs whose condition holds after a cancel still run.
    public func cancelBuild(_ id: Int) async throws(ClientError) -> BuildWire {
        try await updateBuild(id, BuildWire(status: "cancelling"))
    }

    /// Asks something of a stage of a run: `run`, `skip` or `cancel`.
    public func updateStage(_ stage: String, ofBuild id: Int, state: String) async throws(ClientError) {
        try await callForNothing(
            Call(
                method: "PATCH",
                path: "_apis/build/builds/\(id)/stages/\(Self.escape(stage))",
                body: try Self.body(UpdateStageParametersWire(state: state))
            )
        )
    }
}
