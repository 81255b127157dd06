/// Everything that a pool's next actions follow from, at one moment.
///
/// Times are ages and remainders, not dates: they are measured on a clock that nobody sets.
public struct ScalingSnapshot: Hashable, Sendable {
    public var pool: PoolID
    public var state: ElasticPool.State
    public var policy: ScalingPolicy
    /// In order of preference; one without a name for engines without images.
    public var images: [ScalingImage]
    /// Jobs that could run now, in any order: permitted, with nothing ahead of them but a machine.
    public var waiting: [WaitingJob]
    /// Rows of the ledger, in any order; those that are gone may be left out.
    public var instances: [InstanceFacts]
    /// The next row's number.
    public var nextNumber: Int
    /// Machines that carry the pool's tag, by a listing that was begun after the last change had ended; nil when there is none to trust.
    public var listing: [ListedMachine]?
    /// Machines without a row that are just being destroyed: they take up room.
    public var destroying: Int
    /// Machines without a row whose removal failed or has to wait, and is not tried yet; they take up room, too.
    public var resting: Set<String>
    public var provider: ProviderFacts
    /// How long agents have to be heard again, after a start of the server; nil when that is over.
    ///
    /// Who was heard is judged before.
    public var settling: Duration?

    public init(
        pool: PoolID,
        state: ElasticPool.State = .active,
        policy: ScalingPolicy,
        images: [ScalingImage],
        waiting: [WaitingJob] = [],
        instances: [InstanceFacts] = [],
        nextNumber: Int = 1,
        listing: [ListedMachine]? = nil,
        destroying: Int = 0,
        resting: Set<String> = [],
        provider: ProviderFacts = ProviderFacts(),
        settling: Duration? = nil
    ) {
        self.pool = pool
        self.state = state
        self.policy = policy
        self.images = images
        self.waiting = waiting
        self.instances = instances
        self.nextNumber = nextNumber
        self.listing = listing
        self.destroying = destroying
        self.resting = resting
        self.provider = provider
        self.settling = settling
    }
}

/// A job that waits for a machine.
public struct WaitingJob: Hashable, Sendable {
    public var request: RequestID
    public var demands: Set<Demand>
    public var priority: RunPriority
    /// How long it has been ready.
    public var age: Duration

    public init(
        _ request: RequestID,
        demands: Set<Demand> = [],
        priority: RunPriority = .normal,
        age: Duration = .zero
    ) {
        self.request = request
        self.demands = demands
        self.priority = priority
        self.age = age
    }
}

/// What is known of the provider besides its machines.
public struct ProviderFacts: Hashable, Sendable {
    /// It takes no calls for so long.
    public var retryIn: Duration?
    /// No machine is made for so long, after starts that failed.
    public var backoff: Duration?
    /// Starts that failed, one after another.
    public var failures: Int
    /// How many more machines it has room for; nil when it did not say.
    public var quotaRoom: Int?
    /// That is believed for so long; it may have more room then.
    public var quotaEndsIn: Duration?
    /// Its own words about the last failure.
    public var words: String?
    /// A machine that it lists as ended has ended for certain, whatever was heard of its agent.
    public var endsAreCertain: Bool

    public init(
        retryIn: Duration? = nil,
        backoff: Duration? = nil,
        failures: Int = 0,
        quotaRoom: Int? = nil,
        quotaEndsIn: Duration? = nil,
        words: String? = nil,
        endsAreCertain: Bool = false
    ) {
        self.retryIn = retryIn
        self.backoff = backoff
        self.failures = failures
        self.quotaRoom = quotaRoom
        self.quotaEndsIn = quotaEndsIn
        self.words = words
        self.endsAreCertain = endsAreCertain
    }
}
