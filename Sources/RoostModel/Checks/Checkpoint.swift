public import FoundationEssentials

/// A stage's stop before its checks; also the id of its timeline record.
public struct CheckpointID: Identifier {
    public let rawValue: UUID
    public init(_ rawValue: UUID) { self.rawValue = rawValue }
}

/// One check of one checkpoint; of an approval it is the approval's id.
///
/// Also the id of its timeline record.
public struct CheckRunID: Identifier {
    public let rawValue: UUID
    public init(_ rawValue: UUID) { self.rawValue = rawValue }
}

/// How far the checks of one stage of one run are.
public struct Checkpoint: Hashable, Sendable, Codable {
    public var id: CheckpointID
    public var run: RunID
    public var pipeline: PipelineID
    public var stage: String
    /// Who asked for the run.
    public var requestedBy: String
    /// A full ref.
    public var branch: String
    public var lockBehavior: LockBehavior
    public var environments: [EnvironmentID]
    public var createdAt: Date
    public var checks: [CheckRun]
    public var state: CheckpointState

    public init(
        id: CheckpointID,
        run: RunID,
        pipeline: PipelineID,
        stage: String,
        requestedBy: String,
        branch: String,
        lockBehavior: LockBehavior,
        environments: [EnvironmentID],
        createdAt: Date,
        checks: [CheckRun],
        state: CheckpointState = .checking
    ) {
        self.id = id
        self.run = run
        self.pipeline = pipeline
        self.stage = stage
        self.requestedBy = requestedBy
        self.branch = branch
        self.lockBehavior = lockBehavior
        self.environments = environments
        self.createdAt = createdAt
        self.checks = checks
        self.state = state
    }

    /// Neither refused nor let go.
    public var isOpen: Bool {
        switch state {
        case .checking, .queued, .passed: true
        case .refused, .released: false
        }
    }
}

/// The life of a checkpoint.
public enum CheckpointState: Hashable, Sendable, Codable {
    /// Some check has no outcome. Goes to `queued`, `refused` or `released`.
    case checking
    /// All checks passed; waits for locks and limits of its environments since then. Goes to `passed`, `refused` or `released`.
    case queued(since: Date)
    /// The stage may begin, and holds its locks. Goes to `released`.
    case passed(at: Date)
    /// The stage never begins.
    case refused(CheckRefusal, at: Date)
    /// The stage has ended, or does not want to begin any more.
    case released(at: Date)
}

/// Why a stage never begins.
public enum CheckRefusal: Hashable, Sendable, Codable {
    case rejected(by: String, environment: String, comment: String)
    case timedOut(check: String, environment: String, minutes: Int)
    case branchNotAllowed(branch: String, environment: String, allowed: [String])
    case templateMissing(environment: String, required: [String])
    /// A newer run of the pipeline waits for the same lock.
    case superseded(by: RunID, environment: String)
    /// Nobody permitted the pipeline to use a thing.
    case notPermitted(ProtectedResource.Kind, name: String, minutes: Int)

    /// How the stage ends.
    public var result: TaskResult {
        switch self {
        case .rejected, .branchNotAllowed, .templateMissing: .failed
        case .timedOut, .notPermitted: .skipped
        case .superseded: .canceled
        }
    }

    /// Stable, for programs.
    public var code: String {
        switch self {
        case .rejected: "approval.rejected"
        case .timedOut: "check.timed-out"
        case .branchNotAllowed: "check.branch-not-allowed"
        case .templateMissing: "check.template-missing"
        case .superseded: "check.superseded"
        case .notPermitted: "check.not-permitted"
        }
    }

    /// For people.
    public var sentence: String {
        switch self {
        case .rejected(let user, let environment, let comment):
            "\(user) rejected the deployment to the environment '\(environment)'\(comment.isEmpty ? "." : ": \(comment)")"
        case .timedOut(let check, let environment, let minutes):
            "The check '\(check)' of the environment '\(environment)' had no outcome within \(Self.time(minutes))."
        case .branchNotAllowed(let branch, let environment, let allowed):
            "The branch '\(branch)' may not deploy to the environment '\(environment)'; allowed are \(allowed.joined(separator: ", "))."
        case .templateMissing(let environment, let required):
            "The environment '\(environment)' requires that the pipeline extends \(required.joined(separator: " or "))."
        case .superseded(let run, let environment):
            "The newer run \(run) waits for the exclusive lock of the environment '\(environment)', and 'lockBehavior: runLatest' lets only the newest one through."
        case .notPermitted(let kind, let name, let minutes):
            "Nobody permitted the pipeline to use the \(kind.word) '\(name)' within \(Self.time(minutes))."
        }
    }

    private static func time(_ minutes: Int) -> String {
        if minutes % 1_440 == 0 { return minutes == 1_440 ? "1 day" : "\(minutes / 1_440) days" }
        if minutes % 60 == 0 { return minutes == 60 ? "1 hour" : "\(minutes / 60) hours" }
        return minutes == 1 ? "1 minute" : "\(minutes) minutes"
    }
}

/// One check of a checkpoint, as it was configured when the stage asked.
public struct CheckRun: Hashable, Sendable, Codable {
    public var id: CheckRunID
    /// Nil for a permission, which nobody configures.
    public var check: CheckID?
    /// Nil where it is about something else.
    public var environment: EnvironmentID?
    /// What it is about: the environment, or what a permission is for.
    public var environmentName: String
    public var kind: CheckKind
    public var timeoutInMinutes: Int
    public var beganAt: Date
    /// What approvers said, in order.
    public var decisions: [ApprovalDecision]
    public var outcome: CheckOutcome?

    public init(
        id: CheckRunID,
        check: CheckID?,
        environment: EnvironmentID?,
        environmentName: String,
        kind: CheckKind,
        timeoutInMinutes: Int,
        beganAt: Date,
        decisions: [ApprovalDecision] = [],
        outcome: CheckOutcome? = nil
    ) {
        self.id = id
        self.check = check
        self.environment = environment
        self.environmentName = environmentName
        self.kind = kind
        self.timeoutInMinutes = timeoutInMinutes
        self.beganAt = beganAt
        self.decisions = decisions
        self.outcome = outcome
    }

    /// When it counts as timed out.
    public var deadline: Date { beganAt + Double(timeoutInMinutes) * 60 }
}

/// What became of a check.
public enum CheckOutcome: Hashable, Sendable, Codable {
    case passed(at: Date)
    case failed(at: Date)
    case timedOut(at: Date)
    /// The stage ended before it had one.
    case dropped(at: Date)

    public var moment: Date {
        switch self {
        case .passed(let at), .failed(let at), .timedOut(let at), .dropped(let at): at
        }
    }
}

/// What one approver said.
public struct ApprovalDecision: Hashable, Sendable, Codable {
    public var by: String
    public var at: Date
    public var isApproved: Bool
    public var comment: String

    public init(by: String, at: Date, isApproved: Bool, comment: String = "") {
        self.by = by
        self.at = at
        self.isApproved = isApproved
        self.comment = comment
    }
}
