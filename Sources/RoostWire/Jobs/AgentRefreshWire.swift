/// Offers another version of the agent.
public struct AgentRefreshWire: Codable, Sendable, Hashable {
    public var agentId: Int?
    public var timeout: String?
    public var targetVersion: String?

    public init(
        agentId: Int? = nil,
        timeout: String? = nil,
        targetVersion: String? = nil
    ) {
        self.agentId = agentId
        self.timeout = timeout
        self.targetVersion = targetVersion
    }
}
