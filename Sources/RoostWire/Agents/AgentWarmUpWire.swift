public import FoundationEssentials

/// How far an agent is with what it does before it takes jobs; only Roost.
public struct AgentWarmUpWire: Codable, Sendable, Hashable {
    /// `running`, `failed`, or `no-room` where the disk is full.
    public var state: String
    /// What went wrong.
    public var reason: String?
    public var since: Date?

    public init(state: String, reason: String? = nil, since: Date? = nil) {
        self.state = state
        self.reason = reason
        self.since = since
    }
}
