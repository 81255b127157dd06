public import FoundationEssentials

/// An approval that a stage waits for, or waited for.
public struct ApprovalWire: Codable, Sendable, Hashable {
    /// The voice of one approver.
    public struct Step: Codable, Sendable, Hashable {
        public var assignedApprover: IdentityWire?
        public var actualApprover: IdentityWire?
        /// `pending`, `approved`, `rejected` or `skipped`.
        public var status: String?
        public var comment: String?
        public var order: Int?
        public var initiatedOn: Date?
        public var lastModifiedOn: Date?
        public var lastModifiedBy: IdentityWire?

        public init(
            assignedApprover: IdentityWire? = nil,
            actualApprover: IdentityWire? = nil,
            status: String? = nil,
            comment: String? = nil,
            order: Int? = nil,
            initiatedOn: Date? = nil,
            lastModifiedOn: Date? = nil,
            lastModifiedBy: IdentityWire? = nil
        ) {
            self.assignedApprover = assignedApprover
            self.actualApprover = actualApprover
            self.status = status
            self.comment = comment
            self.order = order
            self.initiatedOn = initiatedOn
            self.lastModifiedOn = lastModifiedOn
            self.lastModifiedBy = lastModifiedBy
        }
    }

    /// The pipeline; its owner is the run.
    public struct Pipeline: Codable, Sendable, Hashable {
        public var id: String?
        public var name: String?
        public var owner: ReferenceWire?

        public init(id: String? = nil, name: String? = nil, owner: ReferenceWire? = nil) {
            self.id = id
            self.name = name
            self.owner = owner
        }
    }

    public var id: UUID?
    public var steps: [Step]?
    /// `pending`, `approved`, `rejected`, `timedOut` or `canceled`.
    public var status: String?
    public var createdOn: Date?
    public var lastModifiedOn: Date?
    public var executionOrder: ExecutionOrderWire?
    public var minRequiredApprovers: Int?
    public var instructions: String?
    public var pipeline: Pipeline?
    /// Only Roost.
    public var environment: String?
    /// Only Roost.
    public var stage: String?
    /// Only Roost: when it counts as timed out.
    public var expiresOn: Date?
    /// Only Roost: why the caller may not decide about it; nil when they may.
    public var refusal: String?

    public init(
        id: UUID? = nil,
        steps: [Step]? = nil,
        status: String? = nil,
        createdOn: Date? = nil,
        lastModifiedOn: Date? = nil,
        executionOrder: ExecutionOrderWire? = nil,
        minRequiredApprovers: Int? = nil,
        instructions: String? = nil,
        pipeline: Pipeline? = nil,
        environment: String? = nil,
        stage: String? = nil,
        expiresOn: Date? = nil,
        refusal: String? = nil
    ) {
        self.id = id
        self.steps = steps
        self.status = status
        self.createdOn = createdOn
        self.lastModifiedOn = lastModifiedOn
        self.executionOrder = executionOrder
        self.minRequiredApprovers = minRequiredApprovers
        self.instructions = instructions
        self.pipeline = pipeline
        self.environment = environment
        self.stage = stage
        self.expiresOn = expiresOn
        self.refusal = refusal
    }
}

/// What an approver says about an approval.
public struct ApprovalUpdateWire: Codable, Sendable, Hashable {
    public var approvalId: UUID?
    /// `approved` or `rejected`; clients also write the numbers 4 and 8.
    public var status: StatusWire?
    public var comment: String?

    public init(approvalId: UUID? = nil, status: StatusWire? = nil, comment: String? = nil) {
        self.approvalId = approvalId
        self.status = status
        self.comment = comment
    }

    /// A status as a word or a number.
    public enum StatusWire: Codable, Sendable, Hashable {
        case approved, rejected
        case other(String)

        public init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            let number = try? container.decode(Int.self)
            let text = try number.map(String.init) ?? container.decode(String.self)
            switch text.lowercased() {
            case "approved", "4": self = .approved
            case "rejected", "8": self = .rejected
            default: self = .other(text)
            }
        }

        public func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            switch self {
            case .approved: try container.encode("approved")
            case .rejected: try container.encode("rejected")
            case .other(let text): try container.encode(text)
            }
        }
    }
}
