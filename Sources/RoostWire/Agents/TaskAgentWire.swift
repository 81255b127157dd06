public import FoundationEssentials

/// An agent.
public struct TaskAgentWire: Codable, Sendable, Hashable {
    public var id: Int?
    public var name: String?
    public var version: String?
    public var osDescription: String?
    public var enabled: Bool?
    /// `online` or `offline`.
    public var status: String?
    public var provisioningState: String?
    public var accessPoint: String?
    public var maxParallelism: Int?
    public var createdOn: Date?
    public var statusChangedOn: Date?
    public var authorization: TaskAgentAuthorizationWire?
    public var systemCapabilities: [String: String]?
    public var userCapabilities: [String: String]?
    public var assignedRequest: TaskAgentJobRequestWire?
    public var lastCompletedRequest: TaskAgentJobRequestWire?
    public var properties: [String: PropertyWire]?
    /// Only Roost: it does one job and is then removed.
    public var singleUse: Bool?
    /// Only Roost: when its one job was assigned.
    public var retiredOn: Date?
    /// Only Roost: why it is kept out of its pool.
    public var warmUp: AgentWarmUpWire?
    /// Only Roost: how it came to its pool.
    public var enrolledBy: AgentEnrolmentWire?
    /// Only Roost: why it is not enabled; in a change with `enabled`, why it shall not be.
    public var pause: PauseWire?

    public init(
        id: Int? = nil,
        name: String? = nil,
        version: String? = nil,
        osDescription: String? = nil,
        enabled: Bool? = nil,
        status: String? = nil,
        provisioningState: String? = nil,
        accessPoint: String? = nil,
        maxParallelism: Int? = nil,
        createdOn: Date? = nil,
        statusChangedOn: Date? = nil,
        authorization: TaskAgentAuthorizationWire? = nil,
        systemCapabilities: [String: String]? = nil,
        userCapabilities: [String: String]? = nil,
        assignedRequest: TaskAgentJobRequestWire? = nil,
        lastCompletedRequest: TaskAgentJobRequestWire? = nil,
        properties: [String: PropertyWire]? = nil,
        singleUse: Bool? = nil,
        retiredOn: Date? = nil,
        warmUp: AgentWarmUpWire? = nil,
        enrolledBy: AgentEnrolmentWire? = nil,
        pause: PauseWire? = nil
    ) {
        self.id = id
        self.name = name
        self.version = version
        self.osDescription = osDescription
        self.enabled = enabled
        self.status = status
        self.provisioningState = provisioningState
        self.accessPoint = accessPoint
        self.maxParallelism = maxParallelism
        self.createdOn = createdOn
        self.statusChangedOn = statusChangedOn
        self.authorization = authorization
        self.systemCapabilities = systemCapabilities
        self.userCapabilities = userCapabilities
        self.assignedRequest = assignedRequest
        self.lastCompletedRequest = lastCompletedRequest
        self.properties = properties
        self.singleUse = singleUse
        self.retiredOn = retiredOn
        self.warmUp = warmUp
        self.enrolledBy = enrolledBy
        self.pause = pause
    }
}
