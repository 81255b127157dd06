public import FoundationEssentials
public import RoostModel

/// What a job's message asks the agent to do, checked and in the agent's own words.
public struct JobOrder: Sendable {
    /// The project, under which the plan is addressed.
    public var scope: UUID
    /// The hub, such as `build`.
    public var hub: String
    public var plan: PlanID
    /// Tells who finishes the request; see the protocol.
    public var planVersion: Int
    public var timeline: UUID
    public var job: JobID
    public var request: RequestID
    public var name: String
    public var displayName: String
    /// By name as the message spells it.
    public var variables: [String: OutputVariable]
    /// Names of variables that no step may change.
    public var readOnlyVariables: Set<String>
    public var endpoints: [JobEndpoint]
    public var repositories: [JobRepository]
    /// Secure files that steps name.
    public var secureFiles: [JobSecureFile]
    /// Literal texts to hide, beside the secret variables.
    public var masks: [String]
    public var workspaceCleaning: WorkspaceCleaning?
    public var containers: [JobContainer]
    /// Alias of the container in which steps run that say nothing else; nil is the agent's machine.
    public var container: String?
    /// Aliases of containers that run beside the job, by the names under which steps reach them.
    public var sidecars: [String: String]
    /// In order, without disabled ones.
    public var steps: [JobStep]

    public init(
        scope: UUID,
        hub: String = "build",
        plan: PlanID,
        planVersion: Int = 14,
        timeline: UUID,
        job: JobID,
        request: RequestID,
        name: String,
        displayName: String,
        variables: [String: OutputVariable] = [:],
        readOnlyVariables: Set<String> = [],
        endpoints: [JobEndpoint] = [],
        repositories: [JobRepository] = [],
        secureFiles: [JobSecureFile] = [],
        masks: [String] = [],
        workspaceCleaning: WorkspaceCleaning? = nil,
        containers: [JobContainer] = [],
        container: String? = nil,
        sidecars: [String: String] = [:],
        steps: [JobStep]
    ) {
        self.scope = scope
        self.hub = hub
        self.plan = plan
        self.planVersion = planVersion
        self.timeline = timeline
        self.job = job
        self.request = request
        self.name = name
        self.displayName = displayName
        self.variables = variables
        self.readOnlyVariables = readOnlyVariables
        self.endpoints = endpoints
        self.repositories = repositories
        self.secureFiles = secureFiles
        self.masks = masks
        self.workspaceCleaning = workspaceCleaning
        self.containers = containers
        self.container = container
        self.sidecars = sidecars
        self.steps = steps
    }

    /// The connection to the server that sent the job.
    var systemConnection: JobEndpoint? { endpoints.first { $0.isSystemConnection } }
}

/// A step of a job.
public struct JobStep: Sendable, Identifiable {
    /// Also the id of its timeline record.
    public var id: UUID
    /// Reference name, for outputs; unique in the job.
    public var name: String
    public var displayName: String
    public var task: TaskReference
    /// May hold macros; found by lower-case name.
    public var inputs: [String: String]
    /// May hold macros.
    public var environment: [String: String]
    /// Nil is `succeeded()`.
    public var condition: String?
    public var continueOnError: Bool
    /// Nil is no limit.
    public var timeout: Duration?
    public var retryCount: Int
    /// What its logging commands may do.
    public var limits: CommandLimits
    /// Alias of a container, or `host`; nil is where the job's steps run.
    public var target: String?

    public init(
        id: UUID,
        name: String,
        displayName: String,
        task: TaskReference,
        inputs: [String: String] = [:],
        environment: [String: String] = [:],
        condition: String? = nil,
        continueOnError: Bool = false,
        timeout: Duration? = nil,
        retryCount: Int = 0,
        limits: CommandLimits = CommandLimits(),
        target: String? = nil
    ) {
        self.id = id
        self.name = name
        self.displayName = displayName
        self.task = task
        self.inputs = Dictionary(inputs.map { ($0.key.lowercased(), $0.value) }) { first, _ in first }
        self.environment = environment
        self.condition = condition
        self.continueOnError = continueOnError
        self.timeout = timeout
        self.retryCount = retryCount
        self.limits = limits
        self.target = target
    }
}

/// What the logging commands of a step may do; by default everything.
public struct CommandLimits: Hashable, Sendable {
    /// Only commands that concern the step and its log.
    public var isRestricted: Bool
    /// The only variables that may be set; nil is no limit.
    public var settableVariables: [String]?

    public init(isRestricted: Bool = false, settableVariables: [String]? = nil) {
        self.isRestricted = isRestricted
        self.settableVariables = settableVariables
    }

    func maySet(_ variable: String) -> Bool {
        settableVariables?.contains { $0.lowercased() == variable.lowercased() } ?? true
    }
}

/// A service connection a job may use.
public struct JobEndpoint: Sendable {
    /// Lower-case UUID; all zeros for the server itself.
    public var id: String
    public var name: String
    public var url: String
    public var scheme: String
    /// Secrets among them; found ignoring case with ``parameter(_:)``.
    public var parameters: [String: String]
    public var data: [String: String]

    public init(
        id: String,
        name: String,
        url: String,
        scheme: String,
        parameters: [String: String] = [:],
        data: [String: String] = [:]
    ) {
        self.id = id.lowercased()
        self.name = name
        self.url = url
        self.scheme = scheme
        self.parameters = parameters
        self.data = data
    }

    /// Whether it is the server that sent the job.
    public var isSystemConnection: Bool { name.lowercased() == "systemvssconnection" }

    /// An authorization parameter, found ignoring case.
    public func parameter(_ key: String) -> String? {
        parameters.first { $0.key.lowercased() == key.lowercased() }?.value
    }
}

/// A repository a job may check out.
public struct JobRepository: Sendable {
    /// `self` for the pipeline's own.
    public var alias: String
    public var id: String
    /// Such as `Git`, `TfsGit`, `GitHub`.
    public var type: String
    public var name: String
    public var url: String
    /// A full ref; empty is the default branch.
    public var ref: String
    /// A commit; empty is the tip of the ref.
    public var version: String
    /// Id of the service connection that opens it.
    public var endpoint: String?
    /// Where the server serves its copy, from `_apis/` on and with a slash at the end; nil when it serves none.
    public var mirrorPath: String?

    public init(
        alias: String,
        id: String = "",
        type: String = "Git",
        name: String,
        url: String,
        ref: String = "",
        version: String = "",
        endpoint: String? = nil,
        mirrorPath: String? = nil
    ) {
        self.alias = alias
        self.id = id
        self.type = type
        self.name = name
        self.url = url
        self.ref = ref
        self.version = version
        self.endpoint = endpoint?.lowercased()
        self.mirrorPath = mirrorPath
    }
}
