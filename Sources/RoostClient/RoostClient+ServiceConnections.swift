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

    private static func connections(_ project: String) -> String {
        "\(escape(project))/_apis/serviceendpoint/endpoints"
    }
}
