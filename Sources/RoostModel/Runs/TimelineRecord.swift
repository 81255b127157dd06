public import FoundationEssentials

/// An error or a warning attached to a record or a run.
public struct Issue: Hashable, Sendable, Codable {
    public enum Kind: String, Hashable, Sendable, Codable { case error, warning }

    public var kind: Kind
    public var category: String
    public var message: String
    /// Properties such as `sourcepath`, `linenumber`, `columnnumber`, `code`, `logFileLineNumber`.
    public var data: [String: String]

    public init(_ kind: Kind, _ message: String, category: String = "General", data: [String: String] = [:]) {
        self.kind = kind
        self.category = category
        self.message = message
        self.data = data
    }
}

/// A value that a step or a job left behind.
public struct OutputVariable: Hashable, Sendable, Codable {
    public var value: String
    public var isSecret: Bool

    public init(value: String, isSecret: Bool = false) {
        self.value = value
        self.isSecret = isSecret
    }
}

/// What a record stands for; unknown kinds of a peer are kept.
public struct RecordKind: RawRepresentable, Hashable, Sendable, Codable {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }

    public static let stage = RecordKind(rawValue: "Stage")
    public static let phase = RecordKind(rawValue: "Phase")
    public static let job = RecordKind(rawValue: "Job")
    public static let task = RecordKind(rawValue: "Task")
}

/// Progress of a record; spelling of the wire.
public enum RecordState: String, Hashable, Sendable, Codable { case pending, inProgress, completed }

/// One line of a run's timeline: a stage, a phase (job of the file), a job (one copy and attempt of it) or a task (step).
public struct TimelineRecord: Hashable, Sendable, Codable {
    public var id: RecordID
    public var parent: RecordID?
    public var kind: RecordKind
    public var name: String
    public var refName: String?
    /// `Stage.Job.Leg`, for stages, phases and jobs.
    public var identifier: String?
    public var order: Int?
    public var attempt: Int
    public var state: RecordState
    public var result: TaskResult?
    public var resultCode: String?
    public var startedAt: Date?
    public var finishedAt: Date?
    public var percentComplete: Int?
    public var currentOperation: String?
    public var workerName: String?
    public var log: LogID?
    public var errorCount: Int
    public var warningCount: Int
    public var issues: [Issue]
    public var task: TaskReference?
    public var variables: [String: OutputVariable]
    /// Rises with each change of the timeline.
    public var changeID: Int
    public var lastModified: Date?

    public init(
        id: RecordID,
        parent: RecordID? = nil,
        kind: RecordKind,
        name: String,
        refName: String? = nil,
        identifier: String? = nil,
        order: Int? = nil,
        attempt: Int = 1,
        state: RecordState = .pending,
        result: TaskResult? = nil,
        resultCode: String? = nil,
        startedAt: Date? = nil,
        finishedAt: Date? = nil,
        percentComplete: Int? = nil,
        currentOperation: String? = nil,
        workerName: String? = nil,
        log: LogID? = nil,
        errorCount: Int = 0,
        warningCount: Int = 0,
        issues: [Issue] = [],
        task: TaskReference? = nil,
        variables: [String: OutputVariable] = [:],
        changeID: Int = 0,
        lastModified: Date? = nil
    ) {
        self.id = id
        self.parent = parent
        self.kind = kind
        self.name = name
        self.refName = refName
        self.identifier = identifier
        self.order = order
        self.attempt = attempt
        self.state = state
        self.result = result
        self.resultCode = resultCode
        self.startedAt = startedAt
        self.finishedAt = finishedAt
        self.percentComplete = percentComplete
        self.currentOperation = currentOperation
        self.workerName = workerName
        self.log = log
        self.errorCount = errorCount
        self.warningCount = warningCount
        self.issues = issues
        self.task = task
        self.variables = variables
        self.changeID = changeID
        self.lastModified = lastModified
    }
}

/// A log of a run; its lines are in the blob store.
public struct RunLog: Hashable, Sendable, Codable {
    public var id: LogID
    public var run: RunID
    /// As the agent named it, `logs\<record id>`.
    public var path: String
    public var createdAt: Date
    public var lineCount: Int
    public var byteCount: Int
    /// No more lines come.
    public var finished: Bool

    public init(
        id: LogID,
        run: RunID,
        path: String,
        createdAt: Date,
        lineCount: Int = 0,
        byteCount: Int = 0,
        finished: Bool = false
    ) {
        self.id = id
        self.run = run
        self.path = path
        self.createdAt = createdAt
        self.lineCount = lineCount
        self.byteCount = byteCount
        self.finished = finished
    }
}
