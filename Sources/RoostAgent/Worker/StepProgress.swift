import FoundationEssentials
import RoostModel
import Synchronization

/// What has become known about a step while it runs.
///
/// Commands of its output and the runner write it, from different threads.
final class StepProgress: Sendable {
    /// The present state.
    struct Snapshot: Sendable {
        var issues: [Issue] = []
        var errorCount = 0
        var warningCount = 0
        /// The worst result a command asked for.
        var commandResult: TaskResult?
        var percentComplete: Int?
        var currentOperation: String?
        var outputs: [String: OutputVariable] = [:]
        /// Given with `task.settaskvariable`, for later tries of the step.
        var taskVariables: [String: OutputVariable] = [:]
        /// Things to do on the server before the step is complete.
        var errands: [StepErrand] = []
        /// Records that the step made below its own, with what they are below.
        var details: [UUID: UUID] = [:]
    }

    /// More issues of a kind are only counted.
    static let issueLimit = 10

    private let state = Mutex(Snapshot())
    private let done = Mutex(AsyncStream.makeStream(of: Never.self))

    var snapshot: Snapshot { state.withLock { $0 } }

    /// Keeps an issue, or only counts it when there are many.
    func add(_ issue: Issue) {
        state.withLock { state in
            let count = issue.kind == .error ? state.errorCount : state.warningCount
            if count < Self.issueLimit { state.issues.append(issue) }
            if issue.kind == .error { state.errorCount += 1 } else { state.warningCount += 1 }
        }
    }

    /// Takes a result a command asked for; a worse one stays.
    func merge(_ result: TaskResult) {
        state.withLock { $0.commandResult = $0.commandResult?.merged(with: result) ?? result }
    }

    func setProgress(percent: Int?, operation: String?) {
        state.withLock { state in
            if let percent { state.percentComplete = percent }
            if let operation, !operation.isEmpty { state.currentOperation = operation }
        }
    }

    func setOutput(_ name: String, _ value: OutputVariable) { state.withLock { $0.outputs[name] = value } }

    func setTaskVariable(_ name: String, _ value: OutputVariable) { state.withLock { $0.taskVariables[name] = value } }

    /// What a detail is below; nil when the step has made no such detail.
    func parent(ofDetail id: UUID) -> UUID? { state.withLock { $0.details[id] } }
    var details: Int { state.withLock { $0.details.count } }
    func addDetail(_ id: UUID, parent: UUID) { state.withLock { $0.details[id] = parent } }

    func add(_ errand: StepErrand) { state.withLock { $0.errands.append(errand) } }

    /// What is to be done on the server, once.
    func takeErrands() -> [StepErrand] {
        state.withLock { state in
            defer { state.errands = [] }
            return state.errands
        }
    }

    /// Forgets the result of a try before the next one; issues stay.
    func beginNextTry() {
        state.withLock { $0.commandResult = nil }
        done.withLock { $0 = AsyncStream.makeStream(of: Never.self) }
    }

    /// The task says that it is done, though its process may go on.
    func finish() { done.withLock { $0.continuation.finish() } }

    /// Waits for ``finish()``, or for the end of the waiting task.
    func untilDone() async {
        for await _ in done.withLock({ $0.stream }) {}
    }
}

/// Something a command wants done on the server; it is carried out when the process has ended, and its failure fails the step.
enum StepErrand: Hashable, Sendable {
    case changeRun(RunChange)
    /// Stores a file of this machine beside the step's record.
    case attach(path: String, kind: String, name: String)
    /// Adds files to an artifact of the older form.
    case uploadArtifact(path: String, name: String)
    case publishTests(TestPublication)
    case publishCoverage(CoveragePublication)
    /// Remembers files that are elsewhere.
    case associateArtifact(name: String, type: String, location: String, properties: [String: String])
}
