/// What makes a job of the file a deployment: where it goes, and the hooks by which it gets there.
public struct PlannedDeployment: Hashable, Sendable, Codable {
    /// Nil when the file names none.
    public var environment: PlannedEnvironment?
    public var strategy: DeploymentStrategy
    /// Hooks that have steps, in the order in which they run; each becomes a job of its own.
    public var hooks: [PlannedHook]

    public init(environment: PlannedEnvironment? = nil, strategy: DeploymentStrategy, hooks: [PlannedHook]) {
        self.environment = environment
        self.strategy = strategy
        self.hooks = hooks
    }
}

/// The environment a deployment goes to; all parts may hold `$(macros)`.
public struct PlannedEnvironment: Hashable, Sendable, Codable {
    /// Without the resource, which the file may write behind a dot.
    public var name: PlannedText
    public var resourceName: PlannedText?
    public var resourceID: PlannedText?
    /// `VirtualMachine` or `Kubernetes`, as the file gives it.
    public var resourceType: String?
    /// Resources must have all of these tags.
    public var tags: [String]

    public init(
        name: PlannedText,
        resourceName: PlannedText? = nil,
        resourceID: PlannedText? = nil,
        resourceType: String? = nil,
        tags: [String] = []
    ) {
        self.name = name
        self.resourceName = resourceName
        self.resourceID = resourceID
        self.resourceType = resourceType
        self.tags = tags
    }
}

/// How the hooks of a deployment are repeated.
public enum DeploymentStrategy: Hashable, Sendable, Codable {
    case runOnce
    /// Once for each machine of the environment; `maxParallel` is a number or a percentage such as `50%`, nil is all at once.
    case rolling(maxParallel: PlannedText?)
    /// `deploy`, `routeTraffic` and `postRouteTraffic` once for each increment in percent, then for everything.
    case canary(increments: [Int])

    /// As the file and `Strategy.Name` spell it.
    public var name: String {
        switch self {
        case .runOnce: "runOnce"
        case .rolling: "rolling"
        case .canary: "canary"
        }
    }
}

/// One phase of a deployment.
public struct PlannedHook: Hashable, Sendable, Codable {
    /// In the order in which they run; of the last two only the one that fits the result.
    public enum Kind: String, Hashable, Sendable, Codable, CaseIterable {
        case preDeploy, deploy, routeTraffic, postRouteTraffic
        case onSuccess = "success"
        case onFailure = "failure"
    }

    public var kind: Kind
    /// Nil when it runs in the pool of its job.
    public var pool: PlannedPool?
    /// Without a checkout unless the file has one.
    public var steps: [PlannedStep]

    public init(kind: Kind, pool: PlannedPool? = nil, steps: [PlannedStep]) {
        self.kind = kind
        self.pool = pool
        self.steps = steps
    }
}

/// What becomes of runs that wait for the same lock: `lockBehavior`.
public enum LockBehavior: String, Hashable, Sendable, Codable, CaseIterable {
    /// One after the other, none is left out.
    case sequential
    /// The newest goes on, those that waited before it are canceled.
    case runLatest
}

/// What starts a stage whose dependencies are done: `trigger`.
public enum StageTrigger: String, Hashable, Sendable, Codable, CaseIterable {
    case automatic, manual
}
