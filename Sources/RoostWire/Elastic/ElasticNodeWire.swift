public import FoundationEssentials
public import RoostModel

/// A machine of an elastic pool in the shape of Azure DevOps' `nodes`.
public struct ElasticNodeWire: Codable, Sendable, Hashable {
    public var poolId: Int?
    public var id: Int?
    public var name: String?
    public var state: String?
    public var stateChangedOn: Date?
    public var desiredState: String?
    public var agentId: Int?
    /// `none`, or what holds of `enabled`, `online` and `assigned`.
    public var agentState: String?
    public var computeId: String?
    public var computeState: String?
    public var requestId: Int?

    public init() {}

    /// - Parameters:
    ///   - instance: its row.
    ///   - name: of the machine and of its agent.
    ///   - agent: enabled, online, with a job; nil when there is none.
    public init(_ instance: ElasticInstance, name: String, agent: (enabled: Bool, online: Bool, assigned: Bool)?) {
        poolId = instance.pool.rawValue
        id = instance.number
        self.name = name
        state = Self.state(instance)
        stateChangedOn = instance.since
        desiredState = Self.desired(instance)
        agentId = instance.agents.first?.rawValue
        let flags = [
            agent?.enabled == true ? "enabled" : nil, agent?.online == true ? "online" : nil,
            agent?.assigned == true ? "assigned" : nil,
        ]
        let words = flags.compactMap(\.self)
        agentState = words.isEmpty ? "none" : words.joined(separator: ", ")
        computeId = instance.providerID
        computeState = Self.compute(instance)
        requestId = instance.jobs.last?.rawValue
    }

    private static func state(_ instance: ElasticInstance) -> String {
        switch instance.phase {
        case .planned: "new"
        case .creating: "creatingCompute"
        case .booting: "startingAgent"
        case .idle: instance.wish?.kind == .reimage ? "pendingReimage" : "idle"
        case .busy: instance.wish?.kind == .delete ? "assignedPendingDelete" : "assigned"
        case .used: "pendingReimage"
        case .recycling: "reimagingCompute"
        case .saved: "saved"
        case .deleting: instance.attempts > 0 ? "retryDelete" : "deletingCompute"
        case .gone: "deleted"
        }
    }

    private static func desired(_ instance: ElasticInstance) -> String {
        switch instance.wish?.kind {
        case .delete: return "pendingDelete"
        case .reimage: return "pendingReimage"
        case .save: return "saved"
        case nil: break
        }
        switch instance.phase {
        case .saved: return "saved"
        case .deleting, .gone: return "deleted"
        default: return "idle"
        }
    }

    private static func compute(_ instance: ElasticInstance) -> String {
        switch instance.phase {
        case .planned, .gone: "none"
        case .creating: "creating"
        case .booting, .idle, .busy, .used: "healthy"
        case .recycling: "reimaging"
        case .saved: "unhealthyVm"
        case .deleting: "deleting"
        }
    }

    /// What a person asks for by a state; nil for one that nobody can ask for.
    public var wish: ElasticInstance.Wish.Kind? {
        switch state?.lowercased() {
        case "pendingreimage": .reimage
        case "pendingdelete": .delete
        case "saved": .save
        default: nil
        }
    }
}

/// A line of the log of an elastic pool in the shape of Azure DevOps' `logs`.
public struct ElasticPoolLogWire: Codable, Sendable, Hashable {
    public var id: Int
    public var poolId: Int
    public var timestamp: Date
    public var level: String
    public var operation: String
    public var message: String
    /// Only Roost: the machine it is about.
    public var machine: Int?

    public init(_ line: ElasticPoolLog) {
        id = line.id
        poolId = line.pool.rawValue
        timestamp = line.at
        level = line.level.rawValue
        operation = line.operation.rawValue
        message = line.message
        machine = line.instance
    }
}
