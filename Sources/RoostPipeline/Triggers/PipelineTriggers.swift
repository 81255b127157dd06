/// What starts runs of a pipeline, as its root file says it.
public struct PipelineTriggers: Hashable, Sendable, Codable {
    public var push: PushTrigger
    public var pullRequest: PullRequestTrigger
    public var schedules: [ScheduleTrigger]
    public var pipelines: [PipelineResource]
    public var repositories: [RepositoryResource]
    /// Those whose new images begin runs.
    public var containers: [ContainerResource]
    /// Those whose new versions begin runs.
    public var packages: [PackageResource]
    public var webhooks: [WebhookResource]

    public init(
        push: PushTrigger = .implied,
        pullRequest: PullRequestTrigger = .implied,
        schedules: [ScheduleTrigger] = [],
        pipelines: [PipelineResource] = [],
        repositories: [RepositoryResource] = [],
        containers: [ContainerResource] = [],
        packages: [PackageResource] = [],
        webhooks: [WebhookResource] = []
    ) {
        self.push = push
        self.pullRequest = pullRequest
        self.schedules = schedules
        self.pipelines = pipelines
        self.repositories = repositories
        self.containers = containers
        self.packages = packages
        self.webhooks = webhooks
    }

    // Resources are left out when there are none: most files have none, and older texts know nothing of them.
    private enum CodingKeys: String, CodingKey {
        case push, pullRequest, schedules, pipelines, repositories, containers, packages, webhooks
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        push = try container.decode(PushTrigger.self, forKey: .push)
        pullRequest = try container.decode(PullRequestTrigger.self, forKey: .pullRequest)
        schedules = try container.decode([ScheduleTrigger].self, forKey: .schedules)
        pipelines = try container.decodeIfPresent([PipelineResource].self, forKey: .pipelines) ?? []
        repositories = try container.decodeIfPresent([RepositoryResource].self, forKey: .repositories) ?? []
        containers = try container.decodeIfPresent([ContainerResource].self, forKey: .containers) ?? []
        packages = try container.decodeIfPresent([PackageResource].self, forKey: .packages) ?? []
        webhooks = try container.decodeIfPresent([WebhookResource].self, forKey: .webhooks) ?? []
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(push, forKey: .push)
        try container.encode(pullRequest, forKey: .pullRequest)
        try container.encode(schedules, forKey: .schedules)
        if !pipelines.isEmpty { try container.encode(pipelines, forKey: .pipelines) }
        if !repositories.isEmpty { try container.encode(repositories, forKey: .repositories) }
        if !containers.isEmpty { try container.encode(containers, forKey: .containers) }
        if !packages.isEmpty { try container.encode(packages, forKey: .packages) }
        if !webhooks.isEmpty { try container.encode(webhooks, forKey: .webhooks) }
    }
}

/// The `trigger` of a file.
public enum PushTrigger: Hashable, Sendable, Codable {
    /// The file says nothing: pushes to every branch, unless the pipeline's settings turn that off.
    case implied
    case none
    case on(PushFilter)
}

/// Which pushes start a run.
public struct PushFilter: Hashable, Sendable, Codable {
    /// While a run of the branch is active, pushes wait and share the next one.
    public var batch: Bool
    public var branches: NameFilter?
    public var paths: NameFilter?
    public var tags: NameFilter?

    public init(batch: Bool = false, branches: NameFilter? = nil, paths: NameFilter? = nil, tags: NameFilter? = nil) {
        self.batch = batch
        self.branches = branches
        self.paths = paths
        self.tags = tags
    }
}

/// The `pr` of a file.
public enum PullRequestTrigger: Hashable, Sendable, Codable {
    /// The file says nothing: every pull request.
    case implied
    case none
    case on(PullRequestFilter)
}

/// Which pull requests start a run; branches are those they want to be merged into.
public struct PullRequestFilter: Hashable, Sendable, Codable {
    /// A newer push cancels the run of the older one.
    public var autoCancel: Bool
    public var drafts: Bool
    public var branches: NameFilter?
    public var paths: NameFilter?

    public init(autoCancel: Bool = true, drafts: Bool = true, branches: NameFilter? = nil, paths: NameFilter? = nil) {
        self.autoCancel = autoCancel
        self.drafts = drafts
        self.branches = branches
        self.paths = paths
    }
}

/// An entry of `schedules`.
public struct ScheduleTrigger: Hashable, Sendable, Codable {
    public var cron: CronExpression
    public var displayName: String
    /// Nil is the default branch alone.
    public var branches: NameFilter?
    /// No new run while one of this schedule is active.
    public var batch: Bool
    /// A run even when nothing changed since the last one that succeeded.
    public var always: Bool

    public init(
        cron: CronExpression,
        displayName: String = "",
        branches: NameFilter? = nil,
        batch: Bool = false,
        always: Bool = false
    ) {
        self.cron = cron
        self.displayName = displayName
        self.branches = branches
        self.batch = batch
        self.always = always
    }
}

/// Patterns of names to take and of names to leave out; `*` stands for any characters and `?` for one.
public struct NameFilter: Hashable, Sendable, Codable {
    /// Only exclusions means that all else is included, which is written here as `*`.
    public var include: [String]
    public var exclude: [String]

    public init(include: [String], exclude: [String] = []) {
        self.include = include.isEmpty && !exclude.isEmpty ? ["*"] : include
        self.exclude = exclude
    }
}
