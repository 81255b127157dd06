/// What a pipeline's settings say of its triggers; the file says the rest.
public struct TriggerSettings: Hashable, Sendable, Codable {
    /// Pushes begin runs as the file says; false begins none whatever the file says.
    public var push: Bool
    /// The same for pull requests.
    public var pullRequest: Bool
    /// The same for schedules.
    public var schedules: Bool
    /// The same for the ends of other pipelines' runs and pushes to other repositories.
    public var resources: Bool
    /// Which pushes, in place of what the file says of them; nil leaves that to the file.
    public var pushFilters: TriggerFilters?
    /// The same for pull requests.
    public var pullRequestFilters: TriggerFilters?
    /// Seconds between two looks at the repository's branches and tags; nil never looks.
    public var pollInterval: Int?
    /// Nil is what a pipeline has that nobody changed.
    private var forkRules: ForkSettings?
    /// What webhooks of the repository's host are signed with; nil takes none.
    ///
    /// It is no part of the coded form, because it is sealed on its own.
    public var webhookSecret: Secret?

    public init(
        push: Bool = true,
        pullRequest: Bool = true,
        schedules: Bool = true,
        resources: Bool = true,
        pushFilters: TriggerFilters? = nil,
        pullRequestFilters: TriggerFilters? = nil,
        pollInterval: Int? = nil,
        forks: ForkSettings = ForkSettings(),
        webhookSecret: Secret? = nil
    ) {
        self.push = push
        self.pullRequest = pullRequest
        self.schedules = schedules
        self.resources = resources
        self.pushFilters = pushFilters
        self.pullRequestFilters = pullRequestFilters
        self.pollInterval = pollInterval
        self.webhookSecret = webhookSecret
        self.forks = forks
    }

    /// Pull requests of people who may be strangers.
    public var forks: ForkSettings {
        get { forkRules ?? ForkSettings() }
        set { forkRules = newValue == ForkSettings() ? nil : newValue }
    }

    private enum CodingKeys: String, CodingKey {
        case push, pullRequest, schedules, resources, pushFilters, pullRequestFilters, pollInterval
        case forkRules = "forks"
    }
}
