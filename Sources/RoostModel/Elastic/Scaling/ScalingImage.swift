/// A version of an image that machines can be made of.
public struct ScalingVersion: Hashable, Sendable {
    public var image: ElasticInstance.Image
    /// What agents on it will offer; nil until one has told it, so that it may be anything.
    public var capabilities: Capabilities?
    /// What the server says of such agents, as ``ElasticOffer`` has it.
    public var offer: Capabilities
    /// Machines of it, one after another, whose agent never came online.
    public var failures: Int
    /// Until the next machine of it may be made, after failures.
    public var backoff: Duration?

    public init(
        _ image: ElasticInstance.Image,
        capabilities: Capabilities? = nil,
        offer: Capabilities = [:],
        failures: Int = 0,
        backoff: Duration? = nil
    ) {
        self.image = image
        self.capabilities = capabilities
        self.offer = offer
        self.failures = failures
        self.backoff = backoff
    }
}

extension ScalingVersion {
    /// Whether agents on it meet demands, as far as it is known.
    public func mayMeet(_ demands: Set<Demand>) -> Bool {
        demands.allSatisfy { demand in
            if capabilities == nil, !ElasticOffer.decides(demand), offer[demand.name] == nil { return true }
            return demand.isMet(by: capabilities ?? [:], offer)
        }
    }
}

/// One image of a pool, with its versions as they stand.
public struct ScalingImage: Hashable, Sendable {
    /// As ``ElasticImage/name``; empty for engines without images.
    public var name: String
    /// Agents of it that wait for a job.
    public var standby: Int
    /// New machines are of it; nil when the selector finds none.
    public var wanted: ScalingVersion?
    /// Why there is none that is wanted, for people.
    public var problem: String?
    /// A newer one that is being tried.
    public var candidate: ScalingVersion?
    /// What jobs can ask for by its number, and what machines that are there were made of.
    public var others: [ScalingVersion]
    /// Digests of versions that were withdrawn.
    public var quarantined: Set<String>
    /// Agents that were too many during the whole idle delay, by ``ElasticSurplus``; nil when that is not kept.
    public var lastingSurplus: Int?
    /// Until that number may rise by time alone.
    public var surplusChangesIn: Duration?

    public init(
        name: String = "",
        standby: Int = 0,
        wanted: ScalingVersion?,
        problem: String? = nil,
        candidate: ScalingVersion? = nil,
        others: [ScalingVersion] = [],
        quarantined: Set<String> = []
    ) {
        self.name = name
        self.standby = standby
        self.wanted = wanted
        self.problem = problem
        self.candidate = candidate
        self.others = others
        self.quarantined = quarantined
    }
}
