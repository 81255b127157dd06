public import FoundationEssentials
public import RoostModel

/// An elastic pool in the shape of Azure DevOps' `elasticpools`; in changes, what is nil stays as it is.
public struct ElasticPoolWire: Codable, Sendable, Hashable {
    public var poolId: Int?
    public var serviceEndpointId: UUID?
    public var serviceEndpointScope: UUID?
    public var azureId: String?
    public var maxCapacity: Int?
    public var desiredIdle: Int?
    public var recycleAfterEachUse: Bool?
    public var maxSavedNodeCount: Int?
    public var osType: String?
    /// `online`, `offline`, `unhealthy` or `new`.
    public var state: String?
    public var offlineSince: Date?
    public var desiredSize: Int?
    public var sizingAttempts: Int?
    public var agentInteractiveUI: Bool?
    public var timeToLiveMinutes: Int?
    public var orchestrationType: String?

    public init() {}

    public init(_ pool: ElasticPool, size: Int, attempts: Int, isHealthy: Bool) {
        let settings = pool.settings
        poolId = pool.pool.rawValue
        serviceEndpointId = pool.origin?.connection
        serviceEndpointScope = pool.origin?.connectionProject?.rawValue
        azureId = MachineSet.resource(pool.provider, pool.setName)
        maxCapacity = settings.max
        desiredIdle = settings.standby
        recycleAfterEachUse = settings.recycle != .reuse
        maxSavedNodeCount = settings.maxSaved
        osType = pool.origin?.system.rawValue ?? "linux"
        state = pool.state == .active ? isHealthy ? "online" : "unhealthy" : "offline"
        offlineSince = pool.state == .active ? nil : pool.stateChangedAt
        desiredSize = size
        sizingAttempts = attempts
        agentInteractiveUI = settings.interactiveUI
        timeToLiveMinutes = Int(settings.idleDelay.components.seconds / 60)
        orchestrationType = pool.origin?.orchestration.rawValue ?? "uniform"
    }

    /// Puts what is given into settings.
    public func change(_ settings: inout ElasticPoolSettings) {
        settings.max = maxCapacity ?? settings.max
        settings.standby = desiredIdle ?? settings.standby
        settings.maxSaved = maxSavedNodeCount ?? settings.maxSaved
        settings.interactiveUI = agentInteractiveUI ?? settings.interactiveUI
        // More minutes than any setting may have stay too many.
        if let minutes = timeToLiveMinutes { settings.idleDelay = .seconds(min(max(minutes, -1), 1 << 32) * 60) }
        guard let isClean = recycleAfterEachUse else { return }
        if !isClean { settings.recycle = .reuse } else if settings.recycle == .reuse { settings.recycle = .reimage }
    }
}

/// What making an elastic pool gives.
public struct ElasticPoolCreationWire: Codable, Sendable, Hashable {
    public var agentPool: TaskAgentPoolWire
    public var agentQueue: TaskAgentQueueWire?
    public var elasticPool: ElasticPoolWire

    public init(agentPool: TaskAgentPoolWire, agentQueue: TaskAgentQueueWire?, elasticPool: ElasticPoolWire) {
        self.agentPool = agentPool
        self.agentQueue = agentQueue
        self.elasticPool = elasticPool
    }
}
