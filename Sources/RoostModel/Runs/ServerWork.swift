public import FoundationEssentials

/// The steps of a job without an agent: the server itself carries them out, one after the other.
public struct ServerWork: Hashable, Sendable, Codable {
    public var steps: [ServerStep]

    public init(steps: [ServerStep]) { self.steps = steps }

    /// The place of the step a person must answer; nil when there is none.
    public var waitingValidation: Int? {
        steps.firstIndex { step in
            guard case .running = step.state, case .validation = step.action, step.answer == nil else { return false }
            return true
        }
    }
}

/// A step of a job without an agent.
public struct ServerStep: Hashable, Sendable, Codable {
    /// What it does.
    public enum Action: Hashable, Sendable, Codable {
        /// Waits for some minutes.
        case delay(minutes: Double)
        /// Waits for a person.
        case validation(ManualValidation)
        /// Its inputs make no sense, and this is why; it fails when its turn comes.
        case invalid(String)
    }

    /// How far it is.
    public enum State: Hashable, Sendable, Codable {
        case pending
        case running(since: Date)
        case finished(TaskResult)
    }

    public var name: String
    public var displayName: String
    public var task: TaskReference
    public var action: Action
    /// Nil is `succeeded()`.
    public var condition: PlannedText?
    public var continueOnError: Bool
    /// Minutes; 0 is no limit.
    public var timeoutInMinutes: Int
    public var state: State
    /// What a person said.
    public var answer: ValidationAnswer?

    public init(
        name: String,
        displayName: String,
        task: TaskReference,
        action: Action,
        condition: PlannedText? = nil,
        continueOnError: Bool = false,
        timeoutInMinutes: Int = 0,
        state: State = .pending,
        answer: ValidationAnswer? = nil
    ) {
        self.name = name
        self.displayName = displayName
        self.task = task
        self.action = action
        self.condition = condition
        self.continueOnError = continueOnError
        self.timeoutInMinutes = timeoutInMinutes
        self.state = state
        self.answer = answer
    }
}

/// What a person is asked before a run goes on.
public struct ManualValidation: Hashable, Sendable, Codable {
    public var instructions: String
    /// Whom to tell.
    public var notifyUsers: [String]
    /// Who may answer; without any, everybody who may queue runs.
    public var approvers: [String]
    /// Whoever started the run may answer too.
    public var allowsRequester: Bool
    /// Nobody answering in time counts as yes.
    public var resumesOnTimeout: Bool

    public init(
        instructions: String = "",
        notifyUsers: [String] = [],
        approvers: [String] = [],
        allowsRequester: Bool = true,
        resumesOnTimeout: Bool = false
    ) {
        self.instructions = instructions
        self.notifyUsers = notifyUsers
        self.approvers = approvers
        self.allowsRequester = allowsRequester
        self.resumesOnTimeout = resumesOnTimeout
    }

    /// Longest time a validation waits.
    public static let longestWait: TimeInterval = 30 * 86_400

    /// Why a user may not answer; nil when they may.
    public func refusal(of user: String, requester: String) -> ApprovalRefusal? {
        let isApprover = approvers.isEmpty || approvers.contains { $0.lowercased() == user.lowercased() }
        if !isApprover { return .notAnApprover(among: approvers) }
        if !allowsRequester, user.lowercased() == requester.lowercased() { return .askedForTheRun }
        return nil
    }
}

/// What a person answered.
public struct ValidationAnswer: Hashable, Sendable, Codable {
    public var by: String
    public var at: Date
    public var isResumed: Bool
    public var comment: String

    public init(by: String, at: Date, isResumed: Bool, comment: String) {
        self.by = by
        self.at = at
        self.isResumed = isResumed
        self.comment = comment
    }
}
