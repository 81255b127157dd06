import FoundationEssentials
public import RoostWire

extension RoostClient {
    /// Who one is and what the server is.
    public func connectionData() async throws(ClientError) -> ConnectionDataWire {
        try await call(
            Call(method: "GET", path: "_apis/connectionData", query: [("connectOptions", "1"), ("lastChangeId", "-1")])
        )
    }

    /// The addresses the server offers.
    public func resourceLocations() async throws(ClientError) -> [ResourceLocation] {
        try await call(Call(method: "OPTIONS", path: "_apis"), as: WireList<ResourceLocation>.self).value
    }

    // MARK: Pools

    /// Pools, all or those of a name.
    public func pools(named name: String? = nil) async throws(ClientError) -> [TaskAgentPoolWire] {
        let query = [("poolName", name), ("poolType", "automation")]
        return try await call(
            Call(method: "GET", path: "_apis/distributedtask/pools", query: query),
            as: WireList<TaskAgentPoolWire>.self
        ).value
    }

    public func createPool(_ pool: TaskAgentPoolWire) async throws(ClientError) -> TaskAgentPoolWire {
        try await call(Call(method: "POST", path: "_apis/distributedtask/pools", body: try Self.body(pool)))
    }

    public func updatePool(_ id: Int, _ pool: TaskAgentPoolWire) async throws(ClientError) -> TaskAgentPoolWire {
        try await call(Call(method: "PATCH", path: "_apis/distributedtask/pools/\(id)", body: try Self.body(pool)))
    }

    public func deletePool(_ id: Int) async throws(ClientError) {
        try await callForNothing(Call(method: "DELETE", path: "_apis/distributedtask/pools/\(id)"))
    }

    /// Takes a pool from a project; with the pool, that goes too, and all that is its own.
    public func deleteQueue(_ id: Int, project: String, withPool: Bool = false) async throws(ClientError) {
        let path = "\(Self.escape(project))/_apis/distributedtask/queues/\(id)"
        let query = withPool ? [("withPool", "true")] : []
        try await callForNothing(Call(method: "DELETE", path: path, query: query))
    }

    /// A project's queues.
    public func queues(project: String) async throws(ClientError) -> [TaskAgentQueueWire] {
        try await call(
            Call(method: "GET", path: "\(Self.escape(project))/_apis/distributedtask/queues"),
            as: WireList<TaskAgentQueueWire>.self
        ).value
    }

    // MARK: Agents

    /// Agents of a pool, all or those of a name.
    public func agents(
        pool: Int,
        named name: String? = nil,
        includeCapabilities: Bool = false,
        includeRequests: Bool = false
    )
        async throws(ClientError) -> [TaskAgentWire]
    {
        let query: [(String, String?)] = [
            ("agentName", name), ("includeCapabilities", includeCapabilities ? "true" : "false"),
            ("includeAssignedRequest", includeRequests ? "true" : "false"),
            ("includeLastCompletedRequest", includeRequests ? "true" : "false"),
        ]
        return try await call(
            Call(method: "GET", path: "_apis/distributedtask/pools/\(pool)/agents", query: query),
            as: WireList<TaskAgentWire>.self
        ).value
    }

    public func agent(pool: Int, id: Int) async throws(ClientError) -> TaskAgentWire {
        let query: [(String, String?)] = [
            ("includeCapabilities", "true"), ("includeAssignedRequest", "true"),
            ("includeLastCompletedRequest", "true"),
        ]
        return try await call(
            Call(method: "GET", path: "_apis/distributedtask/pools/\(pool)/agents/\(id)", query: query)
        )
    }

    public func addAgent(pool: Int, _ agent: TaskAgentWire) async throws(ClientError) -> TaskAgentWire {
        try await call(
            Call(method: "POST", path: "_apis/distributedtask/pools/\(pool)/agents", body: try Self.body(agent))
        )
    }

    public func replaceAgent(pool: Int, id: Int, _ agent: TaskAgentWire) async throws(ClientError) -> TaskAgentWire {
        try await call(
            Call(method: "PUT", path: "_apis/distributedtask/pools/\(pool)/agents/\(id)", body: try Self.body(agent))
        )
    }

    /// Pauses, resumes, renames; an agent's own listener may send new system capabilities.
    public func updateAgent(pool: Int, id: Int, _ agent: TaskAgentWire) async throws(ClientError) -> TaskAgentWire {
        try await call(
            Call(method: "PATCH", path: "_apis/distributedtask/pools/\(pool)/agents/\(id)", body: try Self.body(agent))
        )
    }

    public func deleteAgent(pool: Int, id: Int) async throws(ClientError) {
        try await callForNothing(Call(method: "DELETE", path: "_apis/distributedtask/pools/\(pool)/agents/\(id)"))
    }

    /// Replaces the capabilities that people gave an agent.
    public func setUserCapabilities(
        pool: Int,
        agent: Int,
        _ capabilities: [String: String]
    ) async throws(ClientError)
        -> TaskAgentWire
    {
        let path = "_apis/distributedtask/pools/\(pool)/agents/\(agent)/usercapabilities"
        return try await call(Call(method: "PUT", path: path, body: try Self.body(capabilities)))
    }
}
