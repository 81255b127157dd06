public import FoundationEssentials

/// What an agent does before it takes jobs, and why it is kept out of its pool; gone with its first session.
public struct AgentWarmUp: Hashable, Sendable, Codable {
    public enum State: String, Hashable, Sendable, Codable {
        case running
        /// It is tried again after a while.
        case failed
    }

    public var state: State
    /// What went wrong, for people; empty while it runs.
    public var reason: String
    public var since: Date

    public init(state: State, reason: String, since: Date) {
        self.state = state
        self.reason = reason
        self.since = since
    }

    /// For people, behind the name of the agent.
    public var sentence: String {
        switch state {
        case .running: "is getting its machine ready"
        case .failed: "is kept out of the pool because its warm-up failed: \(reason)"
        }
    }
}
