/// Keys of the mappings whose keys are fixed, in the order in which advice lists them.
enum PipelineKeys {
    static let root = [
        "name", "trigger", "pr", "schedules", "parameters", "resources", "variables", "pool", "lockBehavior",
        "appendCommitMessageToRunName",
    ]
    /// Beside ``root``, when the file has steps at its root.
    static let rootOfSteps = [
        "strategy", "continueOnError", "container", "services", "workspace", "timeoutInMinutes",
        "cancelTimeoutInMinutes",
    ]
    static let bodies = ["stages", "jobs", "steps"]

    static let stage = [
        "stage", "displayName", "dependsOn", "condition", "variables", "pool", "jobs", "lockBehavior", "trigger",
        "isSkippable", "templateContext",
    ]
    private static let anyJob = [
        "displayName", "dependsOn", "condition", "continueOnError", "timeoutInMinutes", "cancelTimeoutInMinutes",
        "variables", "strategy", "pool", "container", "services", "workspace", "uses", "templateContext",
    ]
    static let job = ["job"] + anyJob + ["steps", "retryCountOnMachineFailure"]
    static let deployment = ["deployment"] + anyJob + ["environment", "retryCountOnMachineFailure"]
    static let jobKinds = ["job", "deployment"]

    static let pool = ["name", "vmImage", "demands"]
    /// Keys some organizations' templates put into pools; they say nothing to agents here.
    static let loosePool = ["image", "os", "hostArchitecture", "isCustom", "type", "variant", "architecture"]
    static let matrixStrategy = ["matrix", "parallel", "maxParallel"]
    static let deploymentStrategies = ["runOnce", "rolling", "canary"]
    static let hooks = ["preDeploy", "deploy", "routeTraffic", "postRouteTraffic", "on"]
    static let workspace = ["clean"]

    static let step = [
        "displayName", "name", "condition", "continueOnError", "enabled", "env", "target", "timeoutInMinutes",
        "retryCountOnTaskFailure",
    ]
    static let resources = ["repositories", "pipelines", "containers", "packages", "webhooks", "builds"]
    static let repository = [
        "repository", "type", "name", "ref", "endpoint", "trigger", "checkoutOptions", "clean", "fetchDepth",
        "fetchTags", "lfs", "submodules", "persistCredentials",
    ]
    static let pipelineResource = ["pipeline", "project", "source", "version", "branch", "tags", "trigger"]
    static let container = [
        "container", "image", "endpoint", "env", "mapDockerSocket", "options", "ports", "volumes", "mountReadOnly",
        "localImage", "type", "azureSubscription", "resourceGroup", "registry", "repository", "trigger",
    ]
    /// Of a job or a service: a container without a name of its own, or the name of a resource under `alias`.
    static let inlineContainer = ["alias"] + container.filter { $0 != "container" && $0 != "trigger" }
    static let checkoutOptions = ["clean", "fetchDepth", "fetchTags", "lfs", "submodules", "persistCredentials"]
    static let package = ["package", "type", "connection", "name", "version", "tag", "trigger"]
    static let webhook = ["webhook", "connection", "type", "filters"]
    static let build = ["build", "type", "connection", "source", "version", "branch", "trigger"]
}
