/// An elastic pool at one moment: what it should be, what it is, and why that differs.
public struct ElasticPoolReport: Hashable, Sendable {
    /// Machines of one version.
    public struct Version: Hashable, Sendable {
        public enum Standing: String, Hashable, Sendable, CaseIterable {
            case wanted, candidate, old, withdrawn
        }

        public var image: ElasticInstance.Image
        public var standing: Standing
        public var machines: Int
    }

    /// One thing that is not as it should be.
    public struct Difference: Hashable, Sendable {
        /// The machine; nil when it is about the pool.
        public var instance: Int?
        /// A full sentence, with the reason.
        public var sentence: String
        /// How long; nil when that is not known.
        public var age: Duration?
        /// Until it is tried again or something is done about it; nil when that takes an event.
        public var nextIn: Duration?

        init(_ instance: Int? = nil, _ sentence: String, age: Duration? = nil, nextIn: Duration? = nil) {
            self.instance = instance
            self.sentence = sentence
            self.age = age
            self.nextIn = nextIn.map { Swift.max(.zero, $0) }
        }
    }

    /// Azure DevOps' word for the whole.
    public enum Health: String, Hashable, Sendable, CaseIterable {
        case online, offline, unhealthy, new
    }

    public var state: ElasticPool.State
    public var health: Health
    public var max: Int
    public var ceiling: ScalingCeiling
    /// Agents that shall wait for jobs.
    public var standby: Int
    /// Machines that there should be for jobs that run and wait, and for standby.
    public var desired: Int
    /// Machines that there are for that: idle, busy or on their way.
    public var observed: Int
    /// Only phases in which there are machines, in the order of a machine's life.
    public var counts: [Count]
    public var versions: [Version]
    /// The pool's own first, then by machine.
    public var differences: [Difference]
    /// One sentence for each waiting job, by request.
    public var jobs: [Waiting]

    public struct Count: Hashable, Sendable {
        public var phase: ElasticPhase
        public var machines: Int
    }

    public struct Waiting: Hashable, Sendable {
        public var request: RequestID
        public var sentence: String
    }

    /// Whether the pool is what it should be, with nothing on its way.
    public var isSettled: Bool { differences.isEmpty && jobs.isEmpty }
}
