public import FoundationEssentials

/// An agent pool.
public struct TaskAgentPoolWire: Codable, Sendable, Hashable {
    public var id: Int?
    public var name: String?
    public var isHosted: Bool?
    public var isLegacy: Bool?
    public var poolType: String?
    public var scope: UUID?
    public var size: Int?
    public var options: String?
    public var autoProvision: Bool?
    public var autoSize: Bool?
    public var autoUpdate: Bool?
    public var createdBy: IdentityWire?
    public var owner: IdentityWire?
    public var createdOn: Date?
    public var targetSize: Int?
    /// Only Roost: every agent does one job.
    public var singleUse: Bool?
    /// Only Roost: pipelines of all projects may use it.
    public var openToAll: Bool?
    public var authorizedPipelines: [Int]?
    /// Only Roost: most jobs at once; 0 takes the limit away.
    public var concurrencyLimit: Int?
    /// Only Roost: `allowed` or `refused`, whether personal tokens register agents.
    public var patEnrollment: String?
    /// Only Roost: false while no job is given to its agents; in a change, whether jobs shall be given to them.
    public var enabled: Bool?
    /// Only Roost: why it is not enabled.
    public var pause: PauseWire?

    public init(
        id: Int? = nil,
        name: String? = nil,
        isHosted: Bool? = nil,
        isLegacy: Bool? = nil,
        poolType: String? = nil,
        scope: UUID? = nil,
        size: Int? = nil,
        options: String? = nil,
        autoProvision: Bool? = nil,
        autoSize: Bool? = nil,
        autoUpdate: Bool? = nil,
        createdBy: IdentityWire? = nil,
        owner: IdentityWire? = nil,
        createdOn: Date? = nil,
        targetSize: Int? = nil,
        singleUse: Bool? = nil,
        openToAll: Bool? = nil,
        authorizedPipelines: [Int]? = nil,
        concurrencyLimit: Int? = nil,
        patEnrollment: String? = nil,
        enabled: Bool? = nil,
        pause: PauseWire? = nil
    ) {
        self.id = id
        self.name = name
        self.isHosted = isHosted
        self.isLegacy = isLegacy
        self.poolType = poolType
        self.scope = scope
        self.size = size
        self.options = options
        self.autoProvision = autoProvision
        self.autoSize = autoSize
        self.autoUpdate = autoUpdate
        self.createdBy = createdBy
        self.owner = owner
        self.createdOn = createdOn
        self.targetSize = targetSize
        self.singleUse = singleUse
        self.openToAll = openToAll
        self.authorizedPipelines = authorizedPipelines
        self.concurrencyLimit = concurrencyLimit
        self.patEnrollment = patEnrollment
        self.enabled = enabled
        self.pause = pause
    }
}
