import FoundationEssentials
public import RoostModel

extension TimelineRecordWire {
    /// A record as the service shows it.
    ///
    /// - Parameters:
    ///   - record: the record.
    ///   - logURL: the address of a log by its number.
    public init(_ record: TimelineRecord, logURL: (LogID) -> String? = { _ in nil }) {
        self.init(
            id: record.id.rawValue,
            parentId: record.parent?.rawValue,
            type: record.kind.rawValue,
            name: record.name,
            refName: record.refName,
            identifier: record.identifier,
            order: record.order,
            attempt: record.attempt,
            previousAttempts: [],
            startTime: record.startedAt,
            finishTime: record.finishedAt,
            currentOperation: record.currentOperation,
            percentComplete: record.percentComplete,
            state: record.state.rawValue,
            result: record.result?.rawValue,
            resultCode: record.resultCode,
            changeId: record.changeID,
            lastModified: record.lastModified,
            workerName: record.workerName,
            log: record.log.map { TaskLogReferenceWire(id: $0.rawValue, url: logURL($0), type: "Container") },
            errorCount: record.errorCount,
            warningCount: record.warningCount,
            issues: record.issues.map(IssueWire.init),
            task: record.task.map(TaskReferenceWire.init),
            variables: record.variables.isEmpty ? nil : record.variables.mapValues(VariableValueWire.init)
        )
    }

    /// Puts what is present into a record; what is absent leaves it as it is.
    public func merge(into record: inout TimelineRecord) {
        record.parent = parentId.map { RecordID($0) } ?? record.parent
        record.kind = type.map { RecordKind(rawValue: $0) } ?? record.kind
        record.name = name ?? record.name
        record.refName = refName ?? record.refName
        record.identifier = identifier ?? record.identifier
        record.order = order ?? record.order
        record.attempt = attempt ?? record.attempt
        record.state = state.flatMap { RecordState(wire: $0) } ?? record.state
        record.result = result.flatMap { TaskResult(wire: $0) } ?? record.result
        record.resultCode = resultCode ?? record.resultCode
        record.startedAt = startTime ?? record.startedAt
        record.finishedAt = finishTime ?? record.finishedAt
        record.percentComplete = percentComplete ?? record.percentComplete
        record.currentOperation = currentOperation ?? record.currentOperation
        record.workerName = workerName ?? record.workerName
        record.log = log?.id.map { LogID($0) } ?? record.log
        record.errorCount = errorCount ?? record.errorCount
        record.warningCount = warningCount ?? record.warningCount
        record.issues = issues.map { $0.compactMap(\.issue) } ?? record.issues
        record.task = task.map(\.reference) ?? record.task
        for (name, value) in variables ?? [:] { record.variables[name] = value.output }
    }
}

extension IssueWire {
    public init(_ issue: Issue) {
        self.init(type: issue.kind.rawValue, category: issue.category, message: issue.message, data: issue.data)
    }

    /// Nil when the kind is unknown.
    public var issue: Issue? {
        guard let kind = type.flatMap({ Issue.Kind(wire: $0) }) else { return nil }
        return Issue(kind, message ?? "", category: category ?? "General", data: data ?? [:])
    }
}

extension TaskReferenceWire {
    public init(_ reference: TaskReference) {
        self.init(id: reference.id, name: reference.name, version: reference.version)
    }

    public var reference: TaskReference { TaskReference(id: id ?? "", name: name ?? "", version: version ?? "") }
}

extension VariableValueWire {
    public init(_ variable: OutputVariable) {
        self.init(value: variable.value, isSecret: variable.isSecret ? true : nil)
    }

    public var output: OutputVariable { OutputVariable(value: value ?? "", isSecret: isSecret ?? false) }
}

extension RecordState {
    /// By name in any letter case, or by number.
    public init?(wire: String) {
        switch wire.lowercased() {
        case "pending", "0": self = .pending
        case "inprogress", "1": self = .inProgress
        case "completed", "2": self = .completed
        default: return nil
        }
    }
}

extension TaskResult {
    /// By name in any letter case, or by number.
    public init?(wire: String) {
        switch wire.lowercased() {
        case "succeeded", "0": self = .succeeded
        case "succeededwithissues", "1": self = .succeededWithIssues
        case "failed", "2": self = .failed
        case "canceled", "cancelled", "3": self = .canceled
        case "skipped", "4": self = .skipped
        case "abandoned", "5": self = .abandoned
        default: return nil
        }
    }
}

extension Issue.Kind {
    /// By name in any letter case, or by number.
    public init?(wire: String) {
        switch wire.lowercased() {
        case "error", "1": self = .error
        case "warning", "2": self = .warning
        default: return nil
        }
    }
}
