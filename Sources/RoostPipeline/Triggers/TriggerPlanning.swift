public import RoostModel

/// What is known of a pipeline when an event is judged.
public struct TriggerSnapshot: Hashable, Sendable {
    public var isEnabled: Bool
    public var settings: TriggerSettings
    /// A file without `trigger` and `pr` has them implied.
    public var allowsImplied: Bool
    /// As the file at the commit of the event says them.
    public var triggers: PipelineTriggers

    public init(
        isEnabled: Bool = true,
        settings: TriggerSettings = TriggerSettings(),
        allowsImplied: Bool = true,
        triggers: PipelineTriggers
    ) {
        self.isEnabled = isEnabled
        self.settings = settings
        self.allowsImplied = allowsImplied
        self.triggers = triggers
    }
}

/// What is known of a push beyond the event itself.
public struct PushFacts: Hashable, Sendable {
    /// The message of its newest commit.
    public var message: String
    /// Paths that differ from where the branch stood; nil when there is nothing to compare with.
    public var changedPaths: [String]?
    /// The number of a run of this branch that a push began and that has not ended.
    public var activeRun: String?

    public init(message: String = "", changedPaths: [String]? = nil, activeRun: String? = nil) {
        self.message = message
        self.changedPaths = changedPaths
        self.activeRun = activeRun
    }
}

/// Judges a push to a pipeline's own repository.
///
/// Reads no repository, no store and no clock. The order of the tests is that in which a person would look: is the pipeline on, is the
/// push one at all, does its message ask for silence, is there a trigger, the branch or tag, the paths, and last the batch.
public func planPush(_ push: PushEvent, _ facts: PushFacts, _ pipeline: TriggerSnapshot) -> TriggerVerdict {
    if let reason = pipeline.refusal(pipeline.settings.push, "pushes") { return .skip(reason) }
    if push.after == nil { return .skip(.refDeleted) }
    if let mark = SkipMark.first(in: facts.message) { return .skip(.skipMark(mark)) }
    switch pipeline.triggers.push {
    case .none: return .skip(.noTrigger("trigger: none"))
    case .implied:
        guard pipeline.allowsImplied else {
            return .skip(.noTrigger("nothing of 'trigger', and nothing is implied here"))
        }
        return push.isTag ? .skip(.noTagTrigger) : .queue(.impliedTrigger)
    case .on(let filter):
        let verdict = planPush(push, facts, filter)
        guard case .queue = verdict, filter.batch, let run = facts.activeRun else { return verdict }
        return .hold(.runActive(run: run))
    }
}

/// Judges a push to a repository of the file's resources.
public func planRepositoryPush(
    _ push: PushEvent,
    _ facts: PushFacts,
    _ filter: PushFilter?,
    _ pipeline: TriggerSnapshot
) -> TriggerVerdict {
    if let reason = pipeline.refusal(pipeline.settings.resources, "resources") { return .skip(reason) }
    if push.after == nil { return .skip(.refDeleted) }
    if let mark = SkipMark.first(in: facts.message) { return .skip(.skipMark(mark)) }
    guard let filter else { return .skip(.noTrigger("no 'trigger' for this repository")) }
    return planPush(push, facts, filter)
}

private func planPush(_ push: PushEvent, _ facts: PushFacts, _ filter: PushFilter) -> TriggerVerdict {
    push.isTag ? planTag(push, filter) : planBranch(push, facts, filter)
}

/// Tags begin runs only where they are named, and paths do not count for them.
private func planTag(_ push: PushEvent, _ filter: PushFilter) -> TriggerVerdict {
    if let tags = filter.tags {
        switch tags.verdict(ofTag: push.ref) {
        case .included(let pattern): return .queue(.tagIncluded(pattern: pattern))
        case .excluded(let pattern): return .skip(.tagExcluded(pattern: pattern))
        case .unmatched: break
        }
    }
    guard let branches = filter.branches, branches.namesTags else {
        return .skip(filter.tags == nil ? .noTagTrigger : .tagNotIncluded)
    }
    switch branches.verdict(ofRef: push.ref) {
    case .included(let pattern): return .queue(.tagIncluded(pattern: pattern))
    case .excluded(let pattern): return .skip(.tagExcluded(pattern: pattern))
    case .unmatched: return .skip(.tagNotIncluded)
    }
}

private func planBranch(_ push: PushEvent, _ facts: PushFacts, _ filter: PushFilter) -> TriggerVerdict {
    var reason = TriggerReason.impliedTrigger
    if let branches = filter.branches {
        switch branches.verdict(ofRef: push.ref) {
        case .included(let pattern): reason = .branchIncluded(pattern: pattern)
        case .excluded(let pattern): return .skip(.branchExcluded(pattern: pattern))
        case .unmatched: return .skip(.branchNotIncluded)
        }
    } else if filter.tags != nil {
        return .skip(.onlyTagsTrigger)
    }
    return planPaths(filter.paths, facts.changedPaths) ?? .queue(reason)
}

/// Nil when paths have no say: there is no filter, or nothing to compare with.
private func planPaths(_ filter: NameFilter?, _ changed: [String]?) -> TriggerVerdict? {
    guard let filter, let changed else { return nil }
    for path in changed {
        if case .included(let pattern) = filter.verdict(ofPath: path) {
            return .queue(.pathIncluded(path: path, pattern: pattern))
        }
    }
    return .skip(.noPathIncluded(changed: changed.count))
}

/// Judges a pull request by the branch it wants to be merged into and the paths it changes.
public func planPullRequest(
    _ event: PullRequestEvent,
    changedPaths: [String]?,
    _ pipeline: TriggerSnapshot
) -> TriggerVerdict {
    if let reason = pipeline.refusal(pipeline.settings.pullRequest, "pull requests") { return .skip(reason) }
    if event.action == .closed { return .skip(.requestClosed) }
    switch pipeline.triggers.pullRequest {
    case .none: return .skip(.noTrigger("pr: none"))
    case .implied:
        return pipeline.allowsImplied
            ? .queue(.impliedTrigger) : .skip(.noTrigger("nothing of 'pr', and nothing is implied here"))
    case .on(let filter):
        if event.isDraft, !filter.drafts { return .skip(.draft) }
        var reason = TriggerReason.impliedTrigger
        if let branches = filter.branches {
            switch branches.verdict(ofRef: event.request.targetBranch) {
            case .included(let pattern): reason = .branchIncluded(pattern: pattern)
            case .excluded(let pattern): return .skip(.branchExcluded(pattern: pattern))
            case .unmatched: return .skip(.branchNotIncluded)
            }
        }
        return planPaths(filter.paths, changedPaths) ?? .queue(reason)
    }
}

extension TriggerSnapshot {
    /// Whether a newer push to a pull request ends the run of the older one.
    public var cancelsOlderRequests: Bool {
        if case .on(let filter) = triggers.pullRequest { filter.autoCancel } else { true }
    }

    /// Whether judging a push needs the paths it changed.
    public var readsPathsOfPush: Bool {
        if case .on(let filter) = triggers.push { filter.paths != nil } else { false }
    }

    /// Whether judging a pull request needs the paths it changes.
    public var readsPathsOfRequest: Bool {
        if case .on(let filter) = triggers.pullRequest { filter.paths != nil } else { false }
    }

    func refusal(_ isOn: Bool, _ kind: String) -> TriggerReason? {
        if !isEnabled { return .pipelineDisabled }
        return isOn ? nil : .disabledBySettings(kind)
    }
}

// MARK: Ends of other pipelines' runs

/// A run of another pipeline that has ended, or some of whose stages have.
public struct CompletionFacts: Hashable, Sendable {
    public var number: String
    /// A full ref.
    public var branch: String
    public var tags: [String]
    /// Nil while the run goes on.
    public var result: TaskResult?
    /// Stages that have succeeded so far.
    public var succeededStages: [String]

    public init(number: String, branch: String, tags: [String], result: TaskResult?, succeededStages: [String] = []) {
        self.number = number
        self.branch = branch
        self.tags = tags
        self.result = result
        self.succeededStages = succeededStages
    }
}

/// Judges the end of another pipeline's run, or of stages of it.
public func planCompletion(
    _ completion: CompletionFacts,
    _ trigger: CompletionTrigger,
    _ pipeline: TriggerSnapshot
) -> TriggerVerdict {
    if let reason = pipeline.refusal(pipeline.settings.resources, "resources") { return .skip(reason) }
    if let branches = trigger.branches {
        switch branches.verdict(ofRef: completion.branch) {
        case .included: break
        case .excluded(let pattern): return .skip(.branchExcluded(pattern: pattern))
        case .unmatched: return .skip(.branchNotIncluded)
        }
    }
    if trigger.stages.isEmpty {
        guard completion.result == .succeeded || completion.result == .succeededWithIssues else {
            return .skip(.sourceFailed(run: completion.number))
        }
    } else {
        let done = Set(completion.succeededStages.map { $0.lowercased() })
        let open = trigger.stages.filter { !done.contains($0.lowercased()) }
        guard open.isEmpty else { return .skip(.stagesNotCompleted(open)) }
    }
    let missing = trigger.tags.filter { !completion.tags.contains($0) }
    guard missing.isEmpty else { return .skip(.tagsMissing(missing)) }
    return .queue(
        trigger.stages.isEmpty ? .pipelineCompleted(run: completion.number) : .stagesCompleted(trigger.stages)
    )
}
