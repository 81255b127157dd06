public import FoundationEssentials

/// A request for an agent: the queue's entry of one job.
public struct TaskAgentJobRequestWire: Codable, Sendable, Hashable {
    public var requestId: Int?
    public var queueTime: Date?
    public var assignTime: Date?
    public var receiveTime: Date?
    public var finishTime: Date?
    public var lockedUntil: Date?
    public var result: String?
    public var serviceOwner: UUID?
    public var hostId: UUID?
    public var scopeId: UUID?
    public var planType: String?
    public var planId: UUID?
    public var jobId: UUID?
    public var jobName: String?
    public var demands: [String]?
    public var poolId: Int?
    public var queueId: Int?
    public var priority: Int?
    public var orchestrationId: String?
    public var planGroup: String?
    public var statusMessage: String?
    public var userDelayed: Bool?
    public var matchesAllAgentsInPool: Bool?
    public var matchedAgents: [TaskAgentReferenceWire]?
    public var reservedAgent: TaskAgentReferenceWire?
    public var definition: ReferenceWire?
    public var owner: ReferenceWire?
    public var data: [String: String]?

    public init(
        requestId: Int? = nil,
        queueTime: Date? = nil,
        assignTime: Date? = nil,
        receiveTime: Date? = nil,
        finishTime: Date? = nil,
        lockedUntil: Date? = nil,
        result: String? = nil,
        serviceOwner: UUID? = nil,
        hostId: UUID? = nil,
        scopeId: UUID? = nil,
        planType: String? = nil,
        planId: UUID? = nil,
        jobId: UUID? = nil,
        jobName: String? = nil,
        demands: [String]? = nil,
        poolId: Int? = nil,
        queueId: Int? = nil,
        priority: Int? = nil,
        orchestrationId: String? = nil,
        planGroup: String? = nil,
        statusMessage: String? = nil,
        userDelayed: Bool? = nil,
        matchesAllAgentsInPool: Bool? = nil,
        matchedAgents: [TaskAgentReferenceWire]? = nil,
        reservedAgent: TaskAgentReferenceWire? = nil,
        definition: ReferenceWire? = nil,
        owner: ReferenceWire? = nil,
        data: [String: String]? = nil
    ) {
        self.requestId = requestId
        self.queueTime = queueTime
        self.assignTime = assignTime
        self.receiveTime = receiveTime
        self.finishTime = finishTime
        self.lockedUntil = lockedUntil
        self.result = result
        self.serviceOwner = serviceOwner
        self.hostId = hostId
        self.scopeId = scopeId
        self.planType = planType
        self.planId = planId
        self.jobId = jobId
        self.jobName = jobName
        self.demands = demands
        self.poolId = poolId
        self.queueId = queueId
        self.priority = priority
        self.orchestrationId = orchestrationId
        self.planGroup = planGroup
        self.statusMessage = statusMessage
        self.userDelayed = userDelayed
        self.matchesAllAgentsInPool = matchesAllAgentsInPool
        self.matchedAgents = matchedAgents
        self.reservedAgent = reservedAgent
        self.definition = definition
        self.owner = owner
        self.data = data
    }
}
