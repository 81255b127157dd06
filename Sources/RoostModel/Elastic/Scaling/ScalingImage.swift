/// A version of an image that machines can be made of.
public struct ScalingVersion: Hashable, Sendable {
    public var image: ElasticInstance.Image
    /// What agents on it will offer.
    public var capabilities: Capabilities
    /// Machines of it, one after another, whose agent never came online.
    public var failures: Int
    /// Until the next machine of it may be made, after failures.
    public var backoff: Duration?

    public init(
        _ image: ElasticInstance.Image,
        capabilities: Capabilities = [:],
        failures: Int = 0,
        backoff: Duration? = nil
    ) {
        self.image = image
        self.capabilities = capabilities
        self.failures = failures
        self.backoff = backoff
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
