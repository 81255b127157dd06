/// What the scaler knows of one machine.
public struct InstanceFacts: Hashable, Sendable {
    public var number: Int
    public var generation: Int
    public var providerID: String?
    public var image: ElasticInstance.Image
    public var phase: ElasticPhase
    /// How long it has been in its phase.
    public var age: Duration
    /// How long its row has been there.
    public var lifetime: Duration
    public var jobs: [RequestID]
    /// Jobs that it can run at once; nil is what the policy says of new ones.
    public var slots: Int?
    /// Jobs that it could take besides those it runs, while it is busy.
    public var freeSlots: Int
    /// The lease of a job has expired, and no other runs on it.
    public var leaseExpired: Bool
    /// Its agent was online and has not been heard for longer than it may.
    public var isSilent: Bool
    /// Its agent was heard just now.
    public var isHeard: Bool
    /// Listings running without it, before the one in the snapshot.
    public var unlisted: Int
    /// A call for it is under way.
    public var isUnderWay: Bool
    /// Somebody disabled its agent: it takes no further job.
    public var isDisabled: Bool
    public var wish: ElasticInstance.Wish?
    /// Calls that failed in its phase.
    public var attempts: Int
    /// What went wrong last, in the provider's words where it was the provider.
    public var failure: String?
    /// Until the call that failed is tried again; zero or less when that is due, nil when nothing failed.
    public var retryIn: Duration?

    public init(
        _ number: Int,
        _ phase: ElasticPhase,
        age: Duration = .zero,
        lifetime: Duration? = nil,
        image: ElasticInstance.Image = ElasticInstance.Image(),
        providerID: String? = nil,
        jobs: [RequestID] = []
    ) {
        self.number = number
        self.generation = 1
        self.providerID = providerID
        self.image = image
        self.phase = phase
        self.age = age
        self.lifetime = lifetime ?? age
        self.jobs = jobs
        self.freeSlots = 0
        self.leaseExpired = false
        self.isSilent = false
        self.isHeard = false
        self.unlisted = 0
        self.isUnderWay = false
        self.isDisabled = false
        self.attempts = 0
    }

    /// What a row says.
    ///
    /// - Parameters:
    ///   - row: of the ledger.
    ///   - age: how long it has been in its phase.
    ///   - lifetime: how long it has been there.
    public init(_ row: ElasticInstance, age: Duration, lifetime: Duration) {
        self.init(
            row.number,
            row.phase,
            age: age,
            lifetime: lifetime,
            image: row.image,
            providerID: row.providerID,
            jobs: row.jobs
        )
        generation = row.generation
        slots = row.slots
        unlisted = row.unlisted
        wish = row.wish
        (attempts, failure) = (row.attempts, row.lastFailure)
    }
}

extension InstanceFacts {
    /// Whether its agents may get a job, now or once they are online; what shall go, or be kept, gets none.
    ///
    /// An idle machine that is too old still takes one, because it is replaced only when nothing waits; after its jobs it goes.
    ///
    /// - Parameters:
    ///   - state: of the pool.
    ///   - isWithdrawn: its version was withdrawn.
    ///   - timeToLive: the pool's.
    /// - Returns: whether.
    public func takesJobs(in state: ElasticPool.State, isWithdrawn: Bool, timeToLive: Duration?) -> Bool {
        guard state == .active || state == .paused, wish == nil, !isWithdrawn else { return false }
        switch phase {
        case .planned, .creating, .booting, .idle, .recycling: return true
        case .busy: return timeToLive.map { lifetime < $0 } ?? true
        case .used, .saved, .deleting, .gone: return false
        }
    }
}
