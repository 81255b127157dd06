public import FoundationEssentials

/// A check of a resource.
public struct CheckConfigurationWire: Codable, Sendable, Hashable {
    /// The kind of a check; clients give the id, the name, or both.
    public struct Kind: Codable, Sendable, Hashable {
        public var id: UUID?
        public var name: String?

        public init(id: UUID? = nil, name: String? = nil) {
            self.id = id
            self.name = name
        }
    }

    /// What is protected, by its type and id.
    public struct Resource: Codable, Sendable, Hashable {
        /// Such as `environment`.
        public var type: String?
        public var id: String?
        public var name: String?

        public init(type: String? = nil, id: String? = nil, name: String? = nil) {
            self.type = type
            self.id = id
            self.name = name
        }
    }

    public var id: Int?
    public var version: Int?
    public var type: Kind?
    public var settings: CheckSettingsWire?
    public var resource: Resource?
    /// Minutes.
    public var timeout: Int?
    public var createdBy: IdentityWire?
    public var createdOn: Date?
    public var modifiedBy: IdentityWire?
    public var modifiedOn: Date?
    public var url: String?

    public init(
        id: Int? = nil,
        version: Int? = nil,
        type: Kind? = nil,
        settings: CheckSettingsWire? = nil,
        resource: Resource? = nil,
        timeout: Int? = nil,
        createdBy: IdentityWire? = nil,
        createdOn: Date? = nil,
        modifiedBy: IdentityWire? = nil,
        modifiedOn: Date? = nil,
        url: String? = nil
    ) {
        self.id = id
        self.version = version
        self.type = type
        self.settings = settings
        self.resource = resource
        self.timeout = timeout
        self.createdBy = createdBy
        self.createdOn = createdOn
        self.modifiedBy = modifiedBy
        self.modifiedOn = modifiedOn
        self.url = url
    }
}

/// What a check asks for; which members are there depends on its kind.
public struct CheckSettingsWire: Codable, Sendable, Hashable {
    /// The task that judges a task check.
    public struct Definition: Codable, Sendable, Hashable {
        public var id: UUID?
        public var name: String?
        public var version: String?

        public init(id: UUID? = nil, name: String? = nil, version: String? = nil) {
            self.id = id
            self.name = name
            self.version = version
        }
    }

    /// A file a pipeline must extend.
    public struct Template: Codable, Sendable, Hashable {
        public var repositoryType: String?
        public var repositoryName: String?
        public var repositoryRef: String?
        public var templatePath: String?

        public init(
            repositoryType: String? = nil,
            repositoryName: String? = nil,
            repositoryRef: String? = nil,
            templatePath: String? = nil
        ) {
            self.repositoryType = repositoryType
            self.repositoryName = repositoryName
            self.repositoryRef = repositoryRef
            self.templatePath = templatePath
        }
    }

    public var approvers: [IdentityWire]?
    public var executionOrder: ExecutionOrderWire?
    public var minRequiredApprovers: Int?
    public var instructions: String?
    public var requesterCannotBeApprover: Bool?
    public var displayName: String?
    public var definitionRef: Definition?
    public var inputs: [String: String]?
    public var extendsChecks: [Template]?

    public init(
        approvers: [IdentityWire]? = nil,
        executionOrder: ExecutionOrderWire? = nil,
        minRequiredApprovers: Int? = nil,
        instructions: String? = nil,
        requesterCannotBeApprover: Bool? = nil,
        displayName: String? = nil,
        definitionRef: Definition? = nil,
        inputs: [String: String]? = nil,
        extendsChecks: [Template]? = nil
    ) {
        self.approvers = approvers
        self.executionOrder = executionOrder
        self.minRequiredApprovers = minRequiredApprovers
        self.instructions = instructions
        self.requesterCannotBeApprover = requesterCannotBeApprover
        self.displayName = displayName
        self.definitionRef = definitionRef
        self.inputs = inputs
        self.extendsChecks = extendsChecks
    }
}

/// How approvers are asked; clients write a word or a number.
public enum ExecutionOrderWire: Codable, Sendable, Hashable {
    case anyOrder, inSequence

    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let number = try? container.decode(Int.self) {
            self = number == 2 ? .inSequence : .anyOrder
        } else {
            let word = try container.decode(String.self).lowercased()
            self = word == "insequence" || word == "2" ? .inSequence : .anyOrder
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(self == .inSequence ? "inSequence" : "anyOrder")
    }
}
