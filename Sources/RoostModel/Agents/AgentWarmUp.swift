public import FoundationEssentials

/// What an agent does before it takes jobs, and why it is kept out of its pool; gone with its first session.
public struct AgentWarmUp: Hashable, Sendable, Codable {
    public enum State: String, Hashable, Sendable, Codable {
        case running
        /// It is tried again after a while.
        case failed
        /// The disk has no room for a job; it is looked at again until there is some.
        case noRoom = "no-room"
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
        case .noRoom: "takes no job because its disk is full: \(reason)"
        }
    }
}
