public import RoostWire

extension RoostClient {
    /// All roles that the caller may see, or those on one thing, such as `pool:linux`.
    public func roles(on thing: String? = nil) async throws(ClientError) -> [RoleAssignmentWire] {
        try await call(
            Call(method: "GET", path: "_apis/roost/roles", query: thing.map { [("on", $0)] } ?? []),
            as: WireList<RoleAssignmentWire>.self
        ).value
    }

    /// Gives a role; it replaces another of the same holder on the same thing.
    public func assignRole(_ wanted: RoleAssignmentWire) async throws(ClientError) -> RoleAssignmentWire {
        try await call(Call(method: "PUT", path: "_apis/roost/roles", body: try Self.body(wanted)))
    }

    public func removeRole(of holder: String, on thing: String) async throws(ClientError) {
        try await callForNothing(
            Call(method: "DELETE", path: "_apis/roost/roles", query: [("holder", holder), ("on", thing)])
        )
    }

    /// What somebody may do with a thing; nil is the caller.
    public func checkRoles(of holder: String?, on thing: String) async throws(ClientError) -> RoleCheckWire {
        var query = [("on", thing)]
        if let holder { query.append(("holder", holder)) }
        return try await call(Call(method: "GET", path: "_apis/roost/roles/check", query: query))
    }
}
