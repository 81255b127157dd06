public import RoostWire

extension RoostClient {
    /// Tells a Roost server what the machine of an agent offers now; with the agent's own token.
    ///
    /// - Parameters:
    ///   - pool: the agent's pool.
    ///   - agent: its number.
    ///   - version: the agent's version, which may have changed too.
    ///   - capabilities: all of them; they replace those the server knew.
    /// - Throws: ``ClientError``.
    public func setSystemCapabilities(
        pool: Int,
        agent: Int,
        version: String,
        _ capabilities: [String: String]
    ) async throws(ClientError) {
        let path = "_apis/roost/pools/\(pool)/agents/\(agent)/systemcapabilities"
        let call = Call(method: "PUT", path: path, query: [("version", version)], body: try Self.body(capabilities))
        try await callForNothing(call)
    }
}

extension RoostClient {
    /// Tells how far an agent is with its warm-up.
    public func setWarmUp(pool: Int, agent: Int, _ warmUp: AgentWarmUpWire) async throws(ClientError) {
        try await callForNothing(
            Call(
                method: "PUT",
                path: "_apis/roost/pools/\(pool)/agents/\(agent)/warmup",
                body: try Self.body(warmUp)
            )
        )
    }
}
