public import FoundationEssentials
public import RoostWire

extension RoostClient {
    private static func path(_ project: String, _ rest: String) -> String { "\(escape(project))/_apis/\(rest)" }

    // MARK: Environments

    public func environments(project: String) async throws(ClientError) -> [EnvironmentWire] {
        let path = Self.path(project, "distributedtask/environments")
        return try await call(Call(method: "GET", path: path), as: WireList<EnvironmentWire>.self).value
    }

    public func createEnvironment(
        project: String,
        _ draft: EnvironmentWire
    ) async throws(ClientError) -> EnvironmentWire {
        let path = Self.path(project, "distributedtask/environments")
        return try await call(Call(method: "POST", path: path, body: try Self.body(draft)))
    }

    public func updateEnvironment(
        project: String,
        id: Int,
        _ change: EnvironmentWire
    ) async throws(ClientError) -> EnvironmentWire {
        let path = Self.path(project, "distributedtask/environments/\(id)")
        return try await call(Call(method: "PATCH", path: path, body: try Self.body(change)))
    }

    public func deleteEnvironment(project: String, id: Int) async throws(ClientError) {
        try await callForNothing(Call(method: "DELETE", path: Self.path(project, "distributedtask/environments/\(id)")))
    }

    /// Newest first.
    public func deployments(
        project: String,
        environment: Int,
        top: Int = 20
    ) async throws(ClientError) -> [EnvironmentDeploymentWire] {
        let path = Self.path(project, "distributedtask/environments/\(environment)/environmentdeploymentrecords")
        return try await call(
            Call(method: "GET", path: path, query: [("top", String(top))]),
            as: WireList<EnvironmentDeploymentWire>.self
        ).value
    }

    /// Makes an agent a machine of an environment.
    public func addMachine(
        project: String,
        environment: Int,
        _ machine: EnvironmentResourceWire
    ) async throws(ClientError) -> EnvironmentWire {
        let path = Self.path(project, "roost/environments/\(environment)/machines")
        return try await call(Call(method: "POST", path: path, body: try Self.body(machine)))
    }

    public func removeMachine(
        project: String,
        environment: Int,
        machine: String
    ) async throws(ClientError) -> EnvironmentWire {
        let path = Self.path(project, "roost/environments/\(environment)/machines/\(Self.escape(machine))")
        return try await call(Call(method: "DELETE", path: path))
    }

    // MARK: Checks

    public func checks(project: String, environment: Int) async throws(ClientError) -> [CheckConfigurationWire] {
        try await call(
            Call(
                method: "GET",
                path: Self.path(project, "pipelines/checks/configurations"),
                query: [("resourceType", "environment"), ("resourceId", String(environment))]
            ),
            as: WireList<CheckConfigurationWire>.self
        ).value
    }

    public func createCheck(
        project: String,
        _ draft: CheckConfigurationWire
    ) async throws(ClientError) -> CheckConfigurationWire {
        let path = Self.path(project, "pipelines/checks/configurations")
        return try await call(Call(method: "POST", path: path, body: try Self.body(draft)))
    }

    public func deleteCheck(project: String, id: Int) async throws(ClientError) {
        try await callForNothing(
            Call(method: "DELETE", path: Self.path(project, "pipelines/checks/configurations/\(id)"))
        )
    }

    // MARK: Approvals

    /// Approvals of all projects; only those that wait when asked so.
    public func approvals(isPending: Bool = true, run: Int? = nil) async throws(ClientError) -> [ApprovalWire] {
        try await call(
            Call(
                method: "GET",
                path: "_apis/pipelines/approvals",
                query: [("state", isPending ? "pending" : nil), ("runId", run.map(String.init))]
            ),
            as: WireList<ApprovalWire>.self
        ).value
    }

    public func decide(
        approval: UUID,
        isApproved: Bool,
        comment: String
    ) async throws(ClientError) -> ApprovalWire? {
        let update = ApprovalUpdateWire(
            approvalId: approval,
            status: isApproved ? .approved : .rejected,
            comment: comment
        )
        let call = Call(method: "PATCH", path: "_apis/pipelines/approvals", body: try Self.body([update]))
        return try await self.call(call, as: WireList<ApprovalWire>.self).value.first
    }

    // MARK: Variable groups

    public func variableGroups(project: String) async throws(ClientError) -> [VariableGroupWire] {
        let path = Self.path(project, "distributedtask/variablegroups")
        return try await call(Call(method: "GET", path: path), as: WireList<VariableGroupWire>.self).value
    }

    public func createVariableGroup(
        project: String,
        _ draft: VariableGroupWire
    ) async throws(ClientError) -> VariableGroupWire {
        let path = Self.path(project, "distributedtask/variablegroups")
        return try await call(Call(method: "POST", path: path, body: try Self.body(draft)))
    }

    public func updateVariableGroup(
        project: String,
        id: Int,
        _ change: VariableGroupWire
    ) async throws(ClientError) -> VariableGroupWire {
        let path = Self.path(project, "distributedtask/variablegroups/\(id)")
        return try await call(Call(method: "PUT", path: path, body: try Self.body(change)))
    }

    public func deleteVariableGroup(project: String, id: Int) async throws(ClientError) {
        try await callForNothing(
            Call(method: "DELETE", path: Self.path(project, "distributedtask/variablegroups/\(id)"))
        )
    }
}
