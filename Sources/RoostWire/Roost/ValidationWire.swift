public import FoundationEssentials

/// A step that waits for a person.
public struct ValidationWire: Codable, Sendable, Hashable {
    public var id: UUID?
    public var runId: Int?
    public var stage: String?
    public var job: String?
    public var step: String?
    public var instructions: String?
    public var approvers: [String]?
    public var notifyUsers: [String]?
    public var onTimeout: String?
    public var since: Date?
    /// Why the caller may not answer; absent when they may.
    public var refusal: String?

    public init(
        id: UUID? = nil,
        runId: Int? = nil,
        stage: String? = nil,
        job: String? = nil,
        step: String? = nil,
        instructions: String? = nil,
        approvers: [String]? = nil,
        notifyUsers: [String]? = nil,
        onTimeout: String? = nil,
        since: Date? = nil,
        refusal: String? = nil
    ) {
        self.id = id
        self.runId = runId
        self.stage = stage
        self.job = job
        self.step = step
        self.instructions = instructions
        self.approvers = approvers
        self.notifyUsers = notifyUsers
        self.onTimeout = onTimeout
        self.since = since
        self.refusal = refusal
    }
}

/// An answer to a step that waits for a person.
public struct ValidationAnswerWire: Codable, Sendable, Hashable {
    /// Absent is the only one of the run that waits.
    public var id: UUID?
    /// `resumed` or `rejected`.
    public var status: String?
    public var comment: String?

    public init(id: UUID? = nil, status: String?, comment: String? = nil) {
        self.id = id
        self.status = status
        self.comment = comment
    }
}
