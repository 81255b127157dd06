/// What a pipeline's YAML comes to for one run: every template expanded, every compile-time expression evaluated.
///
/// `RoostPipeline` makes it, the server and `roost run` carry it out. What only the run knows (`$[ ]` expressions, conditions,
/// matrices computed from outputs, `$(macros)`) is still text in it, with the place it came from.
public struct RunPlan: Hashable, Sendable, Codable {
    /// The `name:` of the file, a run number format such as `$(Date:yyyyMMdd)$(Rev:.r)`; nil is the default format.
    public var numberFormat: PlannedText?
    /// Whether the commit's message stands behind the run's number where people see it; nil is yes.
    public var appendsCommitMessage: Bool?
    public var variables: [PlannedVariable]
    /// In file order; a file with jobs or steps at its root has one stage with an empty ``PlannedStage/name`` written as `__default`.
    public var stages: [PlannedStage]
    public var repositories: [PlannedRepository]
    /// The file after expansion, as `GET …/runs` gives it under `finalYaml`.
    public var finalYAML: String
    /// Of the file's root: for the locks of every stage that says nothing itself.
    public var lockBehavior: LockBehavior?
    /// What the file extends, as it says it: `path` or `path@alias`.
    public var extendedTemplate: String?

    public init(
        numberFormat: PlannedText? = nil,
        variables: [PlannedVariable] = [],
        stages: [PlannedStage],
        repositories: [PlannedRepository] = [],
        finalYAML: String = "",
        lockBehavior: LockBehavior? = nil,
        extendedTemplate: String? = nil
    ) {
        self.numberFormat = numberFormat
        self.variables = variables
        self.stages = stages
        self.repositories = repositories
        self.finalYAML = finalYAML
        self.lockBehavior = lockBehavior
        self.extendedTemplate = extendedTemplate
    }
}

/// Text that is evaluated while the run goes on, and where it stands.
public struct PlannedText: Hashable, Sendable, Codable {
    public var text: String
    /// `file:line:column`, empty when there is none.
    public var place: String

    public init(_ text: String, place: String = "") {
        self.text = text
        self.place = place
    }
}

/// A variable in the order of the file; the value may hold `$(macros)` or one `$[ expression ]`.
public struct PlannedVariable: Hashable, Sendable, Codable {
    public var name: String
    public var value: PlannedText
    public var isReadOnly: Bool
    /// It stands for all variables of the variable group of its name.
    public var isGroup: Bool

    public init(name: String, value: PlannedText, isReadOnly: Bool = false) {
        self.name = name
        self.value = value
        self.isReadOnly = isReadOnly
        isGroup = false
    }

    /// The variables of a variable group; `place` is where the file names it.
    public init(group name: String, place: String) {
        self.init(name: name, value: PlannedText("", place: place))
        isGroup = true
    }
}

/// A repository a checkout step can name; `self` is the pipeline's own.
public struct PlannedRepository: Hashable, Sendable, Codable {
    public var alias: String
    /// The type as the file gives it, such as `git` or `github`.
    public var type: String
    public var name: String
    /// A ref; empty is the default branch.
    public var ref: String
    public var endpoint: String?

    public init(alias: String, type: String, name: String, ref: String = "", endpoint: String? = nil) {
        self.alias = alias
        self.type = type
        self.name = name
        self.ref = ref
        self.endpoint = endpoint
    }
}

/// Which agents a stage or job asks for; all parts may hold `$(macros)`.
public struct PlannedPool: Hashable, Sendable, Codable {
    /// Nil when the file gives only `vmImage` or demands.
    public var name: PlannedText?
    public var vmImage: PlannedText?
    /// In the form of ``Demand``, unparsed, because macros are not yet expanded.
    public var demands: [PlannedText]
    /// True of `pool: server`, jobs without an agent; nil otherwise.
    public var isServer: Bool?

    public init(name: PlannedText? = nil, vmImage: PlannedText? = nil, demands: [PlannedText] = []) {
        self.name = name
        self.vmImage = vmImage
        self.demands = demands
    }
}

/// A stage: jobs that begin together when their dependencies allow.
public struct PlannedStage: Hashable, Sendable, Codable {
    /// `__default` when the file has no stages.
    public var name: String
    public var displayName: String
    /// Names of stages of this plan; resolved (a stage without `dependsOn` depends on the one before it).
    public var dependsOn: [String]
    /// Nil is `succeeded()`.
    public var condition: PlannedText?
    public var variables: [PlannedVariable]
    public var jobs: [PlannedJob]
    /// Nil when the stage says nothing.
    public var lockBehavior: LockBehavior?
    /// Nil is automatic.
    public var trigger: StageTrigger?
    /// Whether a person may leave the stage out; nil is yes.
    public var isSkippable: Bool?

    public init(
        name: String,
        displayName: String,
        dependsOn: [String] = [],
        condition: PlannedText? = nil,
        variables: [PlannedVariable] = [],
        jobs: [PlannedJob],
        lockBehavior: LockBehavior? = nil,
        trigger: StageTrigger? = nil,
        isSkippable: Bool? = nil
    ) {
        self.name = name
        self.displayName = displayName
        self.dependsOn = dependsOn
        self.condition = condition
        self.variables = variables
        self.jobs = jobs
        self.lockBehavior = lockBehavior
        self.trigger = trigger
        self.isSkippable = isSkippable
    }
}

/// How one job of the file becomes several.
public enum JobStrategy: Hashable, Sendable, Codable {
    case single
    /// Legs in file order; `maxParallel` 0 is no limit.
    case matrix(legs: [MatrixLeg], maxParallel: CopyCount)
    /// `$[ ]` text that yields a JSON object of legs when the job's turn comes.
    case computedMatrix(PlannedText, maxParallel: CopyCount)
    case parallel(count: CopyCount, maxParallel: CopyCount)
}

/// One copy of a matrix job and its variables.
public struct MatrixLeg: Hashable, Sendable, Codable {
    public var name: String
    public var variables: [PlannedVariable]

    public init(name: String, variables: [PlannedVariable]) {
        self.name = name
        self.variables = variables
    }
}

/// What is emptied before a job: `workspace: clean`.
public enum WorkspaceCleaning: String, Hashable, Sendable, Codable {
    case outputs, resources, all
}

/// A job of the file, before its strategy multiplies it.
public struct PlannedJob: Hashable, Sendable, Codable {
    /// Unique in its stage; `Job` or `Job2` … when the file gives none.
    public var name: String
    /// May hold `$(macros)`.
    public var displayName: String
    public var dependsOn: [String]
    public var condition: PlannedText?
    public var strategy: JobStrategy
    /// The job's, else the stage's, else the pipeline's; nil when the file names none anywhere.
    public var pool: PlannedPool?
    /// May hold a macro; minutes, 0 is no limit; nil is the default of 60.
    public var timeoutInMinutes: PlannedText?
    /// Minutes between cancel and kill; nil is the default of 5.
    public var cancelTimeoutInMinutes: PlannedText?
    /// `true`, `false` or a macro.
    public var continueOnError: PlannedText?
    public var workspaceCleaning: WorkspaceCleaning?
    public var variables: [PlannedVariable]
    /// The first is the checkout unless the file says `checkout: none`.
    public var steps: [PlannedStep]
    /// How many times a job may be tried again after its machine was lost in the middle of a step; 0 is never.
    public var retryCountOnMachineFailure: Int
    /// What makes it a deployment; its hooks hold the same steps as ``steps``, each hook apart.
    public var deployment: PlannedDeployment?
    /// Where its steps run and what runs beside them; nil is the agent's machine alone.
    public var containers: PlannedContainers?

    public init(
        name: String,
        displayName: String,
        dependsOn: [String] = [],
        condition: PlannedText? = nil,
        strategy: JobStrategy = .single,
        pool: PlannedPool? = nil,
        timeoutInMinutes: PlannedText? = nil,
        cancelTimeoutInMinutes: PlannedText? = nil,
        continueOnError: PlannedText? = nil,
        workspaceCleaning: WorkspaceCleaning? = nil,
        variables: [PlannedVariable] = [],
        steps: [PlannedStep],
        retryCountOnMachineFailure: Int = 0,
        deployment: PlannedDeployment? = nil,
        containers: PlannedContainers? = nil
    ) {
        self.name = name
        self.displayName = displayName
        self.dependsOn = dependsOn
        self.condition = condition
        self.strategy = strategy
        self.pool = pool
        self.timeoutInMinutes = timeoutInMinutes
        self.cancelTimeoutInMinutes = cancelTimeoutInMinutes
        self.continueOnError = continueOnError
        self.workspaceCleaning = workspaceCleaning
        self.variables = variables
        self.steps = steps
        self.retryCountOnMachineFailure = retryCountOnMachineFailure
        self.deployment = deployment
        self.containers = containers
    }
}

/// The task a step runs.
///
/// The shorthands of the language (`script`, `bash`, `pwsh`, `checkout`) are tasks with well-known ids.
public struct TaskReference: Hashable, Sendable, Codable {
    /// Lower-case UUID; empty when only the name is known.
    public var id: String
    public var name: String
    /// As the file gives it, such as `2`, or full, such as `2.250.0`.
    public var version: String

    public init(id: String, name: String, version: String) {
        self.id = id
        self.name = name
        self.version = version
    }

    /// What `script:` runs; ids as in Azure DevOps.
    public static let commandLine = TaskReference(
        id: "d9bafed4-0b18-4f58-968d-86655b4d2ce9",
        name: "CmdLine",
        version: "2.250.0"
    )
    /// What `bash:` runs.
    public static let bash = TaskReference(id: "6c731c3c-3c68-459a-a5c9-bde6e6595b5b", name: "Bash", version: "3.250.0")
    /// What `pwsh:` and `powershell:` run.
    public static let powerShell = TaskReference(
        id: "e213ff0f-5d5c-4791-802d-52ea3e7be1f1",
        name: "PowerShell",
        version: "2.250.0"
    )
    /// What `checkout:` runs.
    public static let checkout = TaskReference(
        id: "6d15af64-176c-496d-b583-fd2ae21d4df4",
        name: "Checkout",
        version: "1.0.0"
    )
}

/// A step.
public struct PlannedStep: Hashable, Sendable, Codable {
    /// Reference name for outputs, unique in the job; made up (`CmdLine1`) when the file gives none.
    public var name: String
    /// May hold `$(macros)`.
    public var displayName: String
    public var task: TaskReference
    /// In file order of their names; values may hold `$(macros)`.
    public var inputs: [String: String]
    public var environment: [String: String]
    public var condition: PlannedText?
    /// `true`, `false` or a macro; nil is false.
    public var continueOnError: PlannedText?
    /// Nil or 0 is no limit.
    public var timeoutInMinutes: PlannedText?
    public var retryCountOnTaskFailure: Int
    /// `file:line:column` of the step.
    public var place: String
    /// Nil is where the job's steps run, with all logging commands.
    public var target: PlannedTarget?

    public init(
        name: String,
        displayName: String,
        task: TaskReference,
        inputs: [String: String] = [:],
        environment: [String: String] = [:],
        condition: PlannedText? = nil,
        continueOnError: PlannedText? = nil,
        timeoutInMinutes: PlannedText? = nil,
        retryCountOnTaskFailure: Int = 0,
        place: String = "",
        target: PlannedTarget? = nil
    ) {
        self.name = name
        self.displayName = displayName
        self.task = task
        self.inputs = inputs
        self.environment = environment
        self.condition = condition
        self.continueOnError = continueOnError
        self.timeoutInMinutes = timeoutInMinutes
        self.retryCountOnTaskFailure = retryCountOnTaskFailure
        self.place = place
        self.target = target
    }
}
