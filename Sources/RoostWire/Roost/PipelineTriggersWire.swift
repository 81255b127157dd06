public import FoundationEssentials

/// What begins runs of a pipeline, and what came of it lately.
public struct PipelineTriggersWire: Codable, Sendable, Hashable {
    public var pipelineId: Int?
    public var pipeline: String?
    public var settings: TriggerSettingsWire?
    /// As the file of the default branch says it, for people.
    public var push: String?
    public var pullRequest: String?
    /// What keeps the file from being read.
    public var problem: String?
    public var schedules: [TriggerScheduleWire]?
    public var resources: [TriggerResourceWire]?
    /// Pull requests that begin a run when somebody approves them, oldest first.
    public var waiting: [WaitingRequestWire]?
    /// Newest first.
    public var decisions: [TriggerDecisionWire]?
    /// Where hosts send their messages, by kind of host.
    public var hooks: [String: String]?

    public init(
        pipelineId: Int? = nil,
        pipeline: String? = nil,
        settings: TriggerSettingsWire? = nil,
        push: String? = nil,
        pullRequest: String? = nil,
        problem: String? = nil,
        schedules: [TriggerScheduleWire]? = nil,
        resources: [TriggerResourceWire]? = nil,
        waiting: [WaitingRequestWire]? = nil,
        decisions: [TriggerDecisionWire]? = nil,
        hooks: [String: String]? = nil
    ) {
        self.pipelineId = pipelineId
        self.pipeline = pipeline
        self.settings = settings
        self.push = push
        self.pullRequest = pullRequest
        self.problem = problem
        self.schedules = schedules
        self.resources = resources
        self.waiting = waiting
        self.decisions = decisions
        self.hooks = hooks
    }
}

/// Settings of a pipeline's triggers; in a request, absent members stay as they are.
public struct TriggerSettingsWire: Codable, Sendable, Hashable {
    public var push: Bool?
    public var pullRequest: Bool?
    public var schedules: Bool?
    public var resources: Bool?
    /// In place of what the file says; `push` in a request ends that.
    public var pushFilters: TriggerFiltersWire?
    /// The same for pull requests.
    public var pullRequestFilters: TriggerFiltersWire?
    /// Seconds; 0 in a request ends polling.
    public var pollInterval: Int?
    public var hasWebhookSecret: Bool?
    /// In a request the new secret, empty to take none any more; in an answer only one that was made just now.
    public var webhookSecret: String?
    /// Asks the server to make a secret.
    public var makeWebhookSecret: Bool?
    /// Pull requests of forks are built.
    public var forks: Bool?
    /// Which pull requests wait for an approval: `all`, `forks`, `outsiders`, `none`.
    public var requestApproval: String?
    /// Runs of forks get secrets.
    public var forkSecrets: Bool?

    public init(
        push: Bool? = nil,
        pullRequest: Bool? = nil,
        schedules: Bool? = nil,
        resources: Bool? = nil,
        pushFilters: TriggerFiltersWire? = nil,
        pullRequestFilters: TriggerFiltersWire? = nil,
        pollInterval: Int? = nil,
        hasWebhookSecret: Bool? = nil,
        webhookSecret: String? = nil,
        makeWebhookSecret: Bool? = nil,
        forks: Bool? = nil,
        requestApproval: String? = nil,
        forkSecrets: Bool? = nil
    ) {
        self.push = push
        self.pullRequest = pullRequest
        self.schedules = schedules
        self.resources = resources
        self.pushFilters = pushFilters
        self.pullRequestFilters = pullRequestFilters
        self.pollInterval = pollInterval
        self.hasWebhookSecret = hasWebhookSecret
        self.webhookSecret = webhookSecret
        self.makeWebhookSecret = makeWebhookSecret
        self.forks = forks
        self.requestApproval = requestApproval
        self.forkSecrets = forkSecrets
    }
}

/// A pull request that waits for an approval.
public struct WaitingRequestWire: Codable, Sendable, Hashable {
    public var number: Int?
    public var author: String?
    /// The newest commit of its branch.
    public var commit: String?
    public var sourceBranch: String?
    public var sourceRepository: String?
    public var targetBranch: String?
    public var since: Date?

    public init(
        number: Int? = nil,
        author: String? = nil,
        commit: String? = nil,
        sourceBranch: String? = nil,
        sourceRepository: String? = nil,
        targetBranch: String? = nil,
        since: Date? = nil
    ) {
        self.number = number
        self.author = author
        self.commit = commit
        self.sourceBranch = sourceBranch
        self.sourceRepository = sourceRepository
        self.targetBranch = targetBranch
        self.since = since
    }
}

/// An approval of a pull request that waits.
public struct RequestApprovalWire: Codable, Sendable, Hashable {
    /// The newest commit that whoever approves has seen, or its beginning; without, it is the one that waits.
    public var commit: String?

    public init(commit: String? = nil) { self.commit = commit }
}

/// A schedule of a branch.
public struct TriggerScheduleWire: Codable, Sendable, Hashable {
    public var branch: String?
    public var cron: String?
    public var displayName: String?
    public var always: Bool?
    public var batch: Bool?
    public var nextDue: Date?

    public init(
        branch: String? = nil,
        cron: String? = nil,
        displayName: String? = nil,
        always: Bool? = nil,
        batch: Bool? = nil,
        nextDue: Date? = nil
    ) {
        self.branch = branch
        self.cron = cron
        self.displayName = displayName
        self.always = always
        self.batch = batch
        self.nextDue = nextDue
    }
}

/// A resource of the file whose news begin runs.
public struct TriggerResourceWire: Codable, Sendable, Hashable {
    public var alias: String?
    /// `pipeline` or `repository`.
    public var category: String?
    public var source: String?
    /// When it does, for people.
    public var trigger: String?

    public init(alias: String? = nil, category: String? = nil, source: String? = nil, trigger: String? = nil) {
        self.alias = alias
        self.category = category
        self.source = source
        self.trigger = trigger
    }
}

/// What came of an event.
public struct TriggerDecisionWire: Codable, Sendable, Hashable {
    public var at: Date?
    public var pipelineId: Int?
    public var pipeline: String?
    /// Such as `push`, `poll`, `pull request`, `schedule`, `pipeline`, `repository`.
    public var kind: String?
    public var event: String?
    /// `queued`, `held`, `skipped` or `failed`.
    public var outcome: String?
    public var reason: String?
    public var code: String?
    public var runId: Int?

    public init(
        at: Date? = nil,
        pipelineId: Int? = nil,
        pipeline: String? = nil,
        kind: String? = nil,
        event: String? = nil,
        outcome: String? = nil,
        reason: String? = nil,
        code: String? = nil,
        runId: Int? = nil
    ) {
        self.at = at
        self.pipelineId = pipelineId
        self.pipeline = pipeline
        self.kind = kind
        self.event = event
        self.outcome = outcome
        self.reason = reason
        self.code = code
        self.runId = runId
    }
}

/// The answer to a host's message.
public struct HookAnswerWire: Codable, Sendable, Hashable {
    /// `taken`, `repeated`, `nothing` or `accepted`, when the answer would take too long.
    public var status: String?
    public var message: String?
    public var pipelines: [TriggerDecisionWire]?

    public init(status: String? = nil, message: String? = nil, pipelines: [TriggerDecisionWire]? = nil) {
        self.status = status
        self.message = message
        self.pipelines = pipelines
    }
}
