public import FoundationEssentials

/// What the planner of updates knows of the agents of one pool that have the same platform.
public struct UpdateSnapshot: Hashable, Sendable {
    /// A package that the server has.
    public struct Package: Hashable, Sendable {
        public var release: AgentRelease
        /// SHA-256, hexadecimal.
        public var digest: String

        public init(release: AgentRelease, digest: String) {
            self.release = release
            self.digest = digest
        }
    }

    public struct Agent: Hashable, Sendable {
        public var id: AgentID
        public var name: String
        public var release: AgentRelease
        public var isOnline: Bool
        public var isBusy: Bool
        /// Since when it is online, or is not.
        public var statusSince: Date?
        public var update: AgentUpdate
        /// Why it cannot update itself; nil when it can.
        public var blocker: String?

        public init(
            id: AgentID,
            name: String,
            release: AgentRelease,
            isOnline: Bool,
            isBusy: Bool = false,
            statusSince: Date? = nil,
            update: AgentUpdate = AgentUpdate(),
            blocker: String? = nil
        ) {
            self.id = id
            self.name = name
            self.release = release
            self.isOnline = isOnline
            self.isBusy = isBusy
            self.statusSince = statusSince
            self.update = update
            self.blocker = blocker
        }
    }

    public var policy: AgentUpdatePolicy
    /// One of each version.
    public var packages: [Package]
    public var agents: [Agent]
    public var rollouts: [AgentRelease: AgentRollout]
    /// Since when the server looks: before that nobody could have been seen to come back.
    public var since: Date

    public init(
        policy: AgentUpdatePolicy,
        packages: [Package],
        agents: [Agent],
        rollouts: [AgentRelease: AgentRollout] = [:],
        since: Date = .distantPast
    ) {
        self.since = since
        self.policy = policy
        self.packages = packages
        self.agents = agents
        self.rollouts = rollouts
    }
}

/// What is to be done about the versions of agents, and where each stands.
public struct UpdatePlan: Hashable, Sendable {
    /// Agents that are told to update.
    public var orders: [AgentID: AgentUpdate.Order] = [:]
    /// Agents that need not update any more.
    public var withdrawn: Set<AgentID> = []
    /// Agents that never said what became of their update.
    public var failures: [AgentID: AgentUpdate.Failure] = [:]
    /// All that are under way or over; what is not there is forgotten.
    public var rollouts: [AgentRelease: AgentRollout] = [:]
    public var standings: [AgentID: UpdateStanding] = [:]
    /// When to plan again although nothing happened.
    public var wakeAt: Date?

    public init() {}
}
