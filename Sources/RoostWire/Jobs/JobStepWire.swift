public import FoundationEssentials

/// A step.
public struct JobStepWire: Codable, Sendable, Hashable {
    public var type: String?
    /// Also the id of its timeline record.
    public var id: UUID?
    public var name: String?
    public var displayName: String?
    public var enabled: Bool?
    public var condition: String?
    public var continueOnError: Bool?
    public var timeoutInMinutes: Int?
    public var retryCountOnTaskFailure: Int?
    public var reference: TaskReferenceWire?
    public var inputs: [String: String]?
    public var environment: [String: String]?
    public var target: StepTargetWire?

    public init(
        type: String? = nil,
        id: UUID? = nil,
        name: String? = nil,
        displayName: String? = nil,
        enabled: Bool? = nil,
        condition: String? = nil,
        continueOnError: Bool? = nil,
        timeoutInMinutes: Int? = nil,
        retryCountOnTaskFailure: Int? = nil,
        reference: TaskReferenceWire? = nil,
        inputs: [String: String]? = nil,
        environment: [String: String]? = nil,
        target: StepTargetWire? = nil
    ) {
        self.type = type
        self.id = id
        self.name = name
        self.displayName = displayName
        self.enabled = enabled
        self.condition = condition
        self.continueOnError = continueOnError
        self.timeoutInMinutes = timeoutInMinutes
        self.retryCountOnTaskFailure = retryCountOnTaskFailure
        self.reference = reference
        self.inputs = inputs
        self.environment = environment
        self.target = target
    }
}
