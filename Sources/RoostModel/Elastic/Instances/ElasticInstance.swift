public import FoundationEssentials

/// A machine of an elastic pool, as the ledger knows it: the row is there before the machine is, and goes on after it is gone.
public struct ElasticInstance: Hashable, Sendable, Codable {
    /// What a person asked to become of a machine.
    public struct Wish: Hashable, Sendable, Codable {
        public enum Kind: String, Hashable, Sendable, Codable, CaseIterable {
            case reimage, delete, save

            /// The phase that it asks for.
            public var phase: ElasticPhase {
                switch self {
                case .reimage: .recycling
                case .delete: .deleting
                case .save: .saved
                }
            }
        }

        public var kind: Kind
        /// Who, as in audit events.
        public var by: String
        /// A job that runs on it is ended; otherwise it finishes first.
        public var force: Bool

        public init(_ kind: Kind, by: String, force: Bool = false) {
            self.kind = kind
            self.by = by
            self.force = force
        }
    }

    /// What a machine was made of.
    public struct Image: Hashable, Sendable, Codable {
        /// Name of the pool's image, as in ``ElasticImage``; empty for engines without images.
        public var name: String
        /// For people, such as `team/agents/1.4.2`.
        public var version: String
        /// SHA-256 of its content, hexadecimal; empty for engines without images.
        public var digest: String

        public init(name: String = "", version: String = "", digest: String = "") {
            self.name = name
            self.version = version
            self.digest = digest
        }
    }

    public var pool: PoolID
    /// Positive, rising in its pool, never used again.
    public var number: Int
    /// Rises with each reimage; 1 for the first.
    public var generation: Int
    /// The provider's name of the machine; nil until the provider has told it.
    public var providerID: String?
    public var image: Image
    public internal(set) var phase: ElasticPhase
    /// When it came into its phase.
    public internal(set) var since: Date
    /// Why it came into its phase, for people.
    public internal(set) var reason: String
    public var createdAt: Date
    /// Jobs that it can run at once, each by an agent of its own.
    public var slots: Int
    /// Those that have joined, in that order; also ones that have gone since.
    public var agents: [AgentID]
    /// Jobs that it runs, and those that were lost on it.
    public var jobs: [RequestID]
    /// Calls that failed in its phase.
    public var attempts: Int
    /// The provider's own words, or what did not happen in time.
    public var lastFailure: String?
    public var nextAttempt: Date?
    public var wish: Wish?
    /// Listings running that did not have it.
    public var unlisted: Int

    /// A planned one.
    public init(
        pool: PoolID,
        number: Int,
        image: Image,
        slots: Int = 1,
        at moment: Date,
        because reason: String
    ) {
        self.pool = pool
        self.number = number
        self.generation = 1
        self.image = image
        self.phase = .planned
        self.since = moment
        self.reason = reason
        self.createdAt = moment
        self.slots = slots
        self.agents = []
        self.jobs = []
        self.attempts = 0
        self.unlisted = 0
    }
}
