public import FoundationEssentials

/// What is to become of one agent's version, and what became of it.
public struct AgentUpdate: Hashable, Sendable, Codable {
    /// Why an agent is updated.
    public enum Cause: String, Hashable, Sendable, Codable {
        /// The pool's policy.
        case policy
        /// A person.
        case hand
        /// What it was updated to is no good.
        case rollBack
    }

    /// How far it is.
    public enum Phase: String, Hashable, Sendable, Codable {
        /// It is told when it listens.
        case ordered
        /// It fetches and checks the package; jobs run meanwhile.
        case preparing
        /// It waits for its job to end.
        case waiting
        /// It runs the new version, and the old one watches.
        case switching
    }

    /// It is to have another version.
    public struct Order: Hashable, Sendable, Codable {
        public var release: AgentRelease
        /// SHA-256 of the package, hexadecimal.
        public var digest: String
        public var cause: Cause
        /// Who said so, as in audit events; empty for the policy.
        public var by: String
        public var since: Date
        public var phase: Phase
        /// When it came into this phase.
        public var phaseSince: Date
        /// Of the message that carries it.
        public var message: Int?
        /// How often it was begun.
        public var attempts = 1

        public init(
            release: AgentRelease,
            digest: String,
            cause: Cause,
            by: String = "",
            since: Date,
            phase: Phase = .ordered,
            message: Int? = nil
        ) {
            self.release = release
            self.digest = digest
            self.cause = cause
            self.by = by
            self.since = since
            self.phase = phase
            phaseSince = since
            self.message = message
        }
    }

    /// Whose fault it is that an update came to nothing.
    public enum Fault: String, Hashable, Sendable, Codable {
        /// The new version did not work; the agent went back.
        case unhealthy
        /// The package is not what it is said to be.
        case tampered
        /// This machine cannot: no room, a folder that is read only, no way to the package.
        case machine
    }

    public struct Failure: Hashable, Sendable, Codable {
        public var release: AgentRelease
        public var digest: String
        public var fault: Fault
        public var reason: String
        public var at: Date

        public init(release: AgentRelease, digest: String, fault: Fault, reason: String, at: Date) {
            self.release = release
            self.digest = digest
            self.fault = fault
            self.reason = reason
            self.at = at
        }
    }

    /// It is not updated past this version, whatever the pool's policy is.
    public var pin: AgentRelease?
    public var order: Order?
    /// The last one; gone with the next success.
    public var failure: Failure?
    /// What it had before its last update, to which it can go back.
    public var previous: AgentRelease?
    public var updatedAt: Date?
    /// A job it lost since its last update.
    public var lostJob: String?

    public init(pin: AgentRelease? = nil, order: Order? = nil) {
        self.pin = pin
        self.order = order
    }

    /// Nothing is to be kept.
    public var isEmpty: Bool {
        pin == nil && order == nil && failure == nil && previous == nil && updatedAt == nil && lostJob == nil
    }
}

/// How far a version is in a pool, on one platform.
public struct AgentRollout: Hashable, Sendable, Codable {
    public enum Phase: Hashable, Sendable, Codable {
        /// A few agents try it.
        case trial
        /// The others get it, a few at a time.
        case rolling
        /// No other agent gets it: it failed.
        case withheld(reason: String)
    }

    public var release: AgentRelease
    /// SHA-256 of the package, hexadecimal: another package of the same version begins anew.
    public var digest: String
    public var phase: Phase
    /// Who tries it.
    public var canaries: [AgentID]
    public var since: Date
    /// How many went away while they tried it, and were replaced.
    public var lost = 0

    public init(release: AgentRelease, digest: String, phase: Phase, canaries: [AgentID] = [], since: Date) {
        self.release = release
        self.digest = digest
        self.phase = phase
        self.canaries = canaries
        self.since = since
    }
}
