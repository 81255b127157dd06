import FoundationEssentials
public import RoostWire

extension RoostClient {
    /// What begins runs of a pipeline, and what came of it lately.
    public func triggers(project: String, pipeline: Int) async throws(ClientError) -> PipelineTriggersWire {
        try await call(Call(method: "GET", path: Self.path(project, pipeline)))
    }

    /// Changes settings; absent members stay as they are.
    public func updateTriggers(
        project: String,
        pipeline: Int,
        _ settings: TriggerSettingsWire
    ) async throws(ClientError) -> PipelineTriggersWire {
        try await call(Call(method: "PATCH", path: Self.path(project, pipeline), body: try Self.body(settings)))
    }

    /// Looks at the repository now; what moved since the last look begins runs like a push.
    public func pollTriggers(project: String, pipeline: Int) async throws(ClientError) -> [TriggerDecisionWire] {
        try await call(
            Call(method: "POST", path: "\(Self.path(project, pipeline))/poll", body: Data("{}".utf8)),
            as: WireList<TriggerDecisionWire>.self
        ).value
    }

    /// Lets a pull request that waits begin its run, or ends its wait.
    ///
    /// Without a commit the approval is for the one that waits.
    public func decideRequest(
        project: String,
        pipeline: Int,
        number: Int,
        approves: Bool,
        commit: String? = nil
    ) async throws(ClientError) -> TriggerDecisionWire {
        let path = "\(Self.path(project, pipeline))/requests/\(number)/\(approves ? "approve" : "decline")"
        return try await call(
            Call(method: "POST", path: path, body: try Self.body(RequestApprovalWire(commit: commit)))
        )
    }

    private static func path(_ project: String, _ pipeline: Int) -> String {
        "\(escape(project))/_apis/roost/pipelines/\(pipeline)/triggers"
    }
}
