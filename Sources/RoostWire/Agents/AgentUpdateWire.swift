public import FoundationEssentials

/// Only Roost: where an agent stands with its version.
public struct AgentUpdateWire: Codable, Sendable, Hashable {
    public var agentId: Int?
    public var name: String?
    public var pool: String?
    /// `linux-x64`; nil for an agent that is not Roost's.
    public var platform: String?
    public var version: String?
    /// The newest version that the server has for the platform; nil when it has none.
    public var newest: String?
    /// What it would have if nothing stood in the way.
    public var target: String?
    /// One word, such as `current`, `pinned`, `withheld`.
    public var state: String?
    /// A sentence.
    public var reason: String?
    public var pin: String?
    public var previous: String?
    public var updatedOn: Date?

    public init() {}
}

/// Only Roost: what an agent says of its update.
public struct AgentUpdateReportWire: Codable, Sendable, Hashable {
    public var version: String
    /// SHA-256 of the package, hexadecimal.
    public var digest: String
    /// `preparing`, `waiting`, `switching`, `failed`.
    public var state: String
    /// Of a failure: `unhealthy`, `tampered`, `machine`.
    public var fault: String?
    public var reason: String?

    public init(version: String, digest: String, state: String, fault: String? = nil, reason: String? = nil) {
        self.version = version
        self.digest = digest
        self.state = state
        self.fault = fault
        self.reason = reason
    }
}

/// Only Roost: when and how the agents of a pool get newer versions of themselves.
public struct AgentUpdatePolicyWire: Codable, Sendable, Hashable {
    /// `automatic`, `window` or `manual`.
    public var minor: String?
    public var major: String?
    /// Such as `mon-fri 22:00-04:00 UTC+02:00`; an empty text is none.
    public var window: String?
    /// A version; an empty text is none.
    public var pin: String?
    public var canaries: Int?
    /// Seconds.
    public var gate: Int?
    /// Percent of the pool.
    public var atOnce: Int?
    /// How far versions are, when it is an answer.
    public var rollouts: [AgentRolloutWire]?

    public init() {}
}

/// Only Roost: how far a version is in a pool.
public struct AgentRolloutWire: Codable, Sendable, Hashable {
    public var platform: String?
    public var version: String?
    /// `trial`, `rolling`, `withheld`.
    public var state: String?
    public var reason: String?
    public var canaries: [String]?
    public var since: Date?

    public init() {}
}

/// Only Roost: what a person orders of an agent's version.
public struct AgentUpdateOrderWire: Codable, Sendable, Hashable {
    /// The version it is to have; nil is the newest of its generation.
    public var version: String?

    public init(version: String? = nil) { self.version = version }
}
