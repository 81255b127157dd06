public import FoundationEssentials
public import RoostWire

extension RoostClient {
    public func serviceConnections(project: String) async throws(ClientError) -> [ServiceConnectionWire] {
        try await call(
            Call(method: "GET", path: Self.connections(project)),
            as: WireList<ServiceConnectionWire>.self
        ).value
    }

    public func createServiceConnection(
        project: String,
        _ draft: ServiceConnectionWire
    ) async throws(ClientError) -> ServiceConnectionWire {
        try await call(Call(method: "POST", path: Self.connections(project), body: try Self.body(draft)))
    }

    /// Changes a connection; absent members stay as they are.
    public func updateServiceConnection(
        project: String,
        id: UUID,
        _ draft: ServiceConnectionWire
    ) async throws(ClientError) -> ServiceConnectionWire {
        let path = "\(Self.connections(project))/\(id.uuidString.lowercased())"
        return try await call(Call(method: "PUT", path: path, body: try Self.body(draft)))
    }

    public func deleteServiceConnection(project: String, id: UUID) async throws(ClientError) {
        try await callForNothing(
            Call(method: "DELETE", path: "\(Self.connections(project))/\(id.uuidString.lowercased())")
        )
    }

    /// Tries whether a connection lets the server in.
    public func verifyServiceConnection(
        project: String,
        id: UUID
    ) async throws(ClientError) -> EndpointRequestResultWire {
        try await call(
            Call(
                method: "POST",
                path: "\(Self.escape(project))/_apis/serviceendpoint/endpointproxy",
                query: [("endpointId", id.uuidString.lowercased())],
                body: try Self.body(EndpointRequestWire(dataSourceDetails: .init(dataSourceName: "TestConnection")))
            )
        )
    }

    /// The latest jobs that were given a connection, newest first.
    public func serviceConnectionUses(project: String, id: UUID) async throws(ClientError) -> [EndpointExecutionWire] {
        let path = "\(Self.escape(project))/_apis/serviceendpoint/\(id.uuidString.lowercased())/executionhistory"
        return try await call(Call(method: "GET", path: path), as: WireList<EndpointExecutionWire>.self).value
    }

    /// Which pipelines may use a thing; `type` and `id` as ``CheckConfigurationWire/Resource`` has them, or its name.
    public func pipelinePermissions(
        project: String,
        type: String,
        id: String
    ) async throws(ClientError) -> ResourcePipelinePermissionsWire {
        try await call(Call(method: "GET", path: Self.permissions(project, type, id)))
    }

    /// Changes that; what the draft does not name stays.
    public func setPipelinePermissions(
        project: String,
        type: String,
        id: String,
        _ draft: ResourcePipelinePermissionsWire
    ) async throws(ClientError) -> ResourcePipelinePermissionsWire {
        try await call(
            Call(method: "PATCH", path: Self.permissions(project, type, id), body: try Self.body(draft))
        )
    }

    private static func permissions(_ project: String, _ type: String, _ id: String) -> String {
        "\(escape(project))/_apis/pipelines/pipelinePermissions/\(type)/\(escape(id))"
    }

    private static func connections(_ project: String) -> String {
        "\(escape(project))/_apis/serviceendpoint/endpoints"
    }
}
