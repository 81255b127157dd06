public import FoundationEssentials

/// A record of a timeline; what is absent leaves the stored value.
public struct TimelineRecordWire: Codable, Sendable, Hashable {
    public var id: UUID?
    public var parentId: UUID?
    public var type: String?
    public var name: String?
    public var refName: String?
    public var identifier: String?
    public var order: Int?
    public var attempt: Int?
    public var previousAttempts: [TimelineAttemptWire]?
    public var startTime: Date?
    public var finishTime: Date?
    public var currentOperation: String?
    public var percentComplete: Int?
    public var state: String?
    public var result: String?
    public var resultCode: String?
    public var changeId: Int?
    public var lastModified: Date?
    public var workerName: String?
    public var queueId: Int?
    public var log: TaskLogReferenceWire?
    public var details: TimelineReferenceWire?
    public var errorCount: Int?
    public var warningCount: Int?
    public var issues: [IssueWire]?
    public var task: TaskReferenceWire?
    public var variables: [String: VariableValueWire]?
    public var location: String?
    public var url: String?

    public init(
        id: UUID? = nil,
        parentId: UUID? = nil,
        type: String? = nil,
        name: String? = nil,
        refName: String? = nil,
        identifier: String? = nil,
        order: Int? = nil,
        attempt: Int? = nil,
        previousAttempts: [TimelineAttemptWire]? = nil,
        startTime: Date? = nil,
        finishTime: Date? = nil,
        currentOperation: String? = nil,
        percentComplete: Int? = nil,
        state: String? = nil,
        result: String? = nil,
        resultCode: String? = nil,
        changeId: Int? = nil,
        lastModified: Date? = nil,
        workerName: String? = nil,
        queueId: Int? = nil,
        log: TaskLogReferenceWire? = nil,
        details: TimelineReferenceWire? = nil,
        errorCount: Int? = nil,
        warningCount: Int? = nil,
        issues: [IssueWire]? = nil,
        task: TaskReferenceWire? = nil,
        variables: [String: VariableValueWire]? = nil,
        location: String? = nil,
        url: String? = nil
    ) {
        self.id = id
        self.parentId = parentId
        self.type = type
        self.name = name
        self.refName = refName
        self.identifier = identifier
        self.order = order
        self.attempt = attempt
        self.previousAttempts = previousAttempts
        self.startTime = startTime
        self.finishTime = finishTime
        self.currentOperation = currentOperation
        self.percentComplete = percentComplete
        self.state = state
        self.result = result
        self.resultCode = resultCode
        self.changeId = changeId
        self.lastModified = lastModified
        self.workerName = workerName
        self.queueId = queueId
        self.log = log
        self.details = details
        self.errorCount = errorCount
        self.warningCount = warningCount
        self.issues = issues
        self.task = task
        self.variables = variables
        self.location = location
        self.url = url
    }
}
