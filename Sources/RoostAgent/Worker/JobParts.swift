import FoundationEssentials
import RoostModel

/// What all steps of one job share.
struct JobParts: Sendable {
    let order: JobOrder
    let settings: WorkerSettings
    let variables: JobVariables
    let masker: SecretMasker
    let paths: PrependedPaths
    let records: JobRecords
    let reporter: any JobReporter
    let logs: any StepLogs
    let handlers: TaskHandlers
    let checkouts: CheckoutPlan
    /// Where artifacts and the cache are; nil in a run that has neither.
    let content: (any ContentHost)?
    /// Where tasks that are not built in and secure files come from; nil in a run that has neither.
    let host: (any TaskHost)?
    let endpoints: JobEndpoints
    let taskVariables = TaskVariables()
    let memos = StepMemos()
    let containers: JobContainers
    /// Nil for a job without limits.
    let fence: FenceWatch?
    /// What the job uses of the agent's disk.
    let uses: UseLocks
    /// Value of ``ProcessTree/markName`` of all processes of the job.
    let mark: String
    let clock: any Clock<Duration>
    /// The worker's own.
    let log: WorkerLog

    /// How long processes may go on after the gentle signals; a variable of the job may say it.
    var grace: StopGrace {
        StopGrace { name in variables[name] ?? settings.environment[name] }
    }

    /// The environment for processes of a step, before the step's own.
    ///
    /// - Returns: The values, and the names of variables that are too long for an environment.
    func environment(taskVariables: [String: OutputVariable]) -> (values: [String: String], tooLong: [String]) {
        let (own, tooLong) = variables.environment()
        var values = settings.environment.merging(own) { _, new in new }
        let status = variables["Agent.JobStatus"] ?? "Succeeded"
        values["TF_BUILD"] = "True"
        values["AGENT_JOBSTATUS"] = status
        values["agent.jobstatus"] = status
        values[ProcessTree.markName] = mark
        values["PATH"] = paths.applied(to: values["PATH"] ?? ExecutableSearch.defaultPath)
        for (name, variable) in taskVariables {
            values["VSTS_TASKVARIABLE_\(JobVariables.environmentName(name))"] = variable.value
        }
        return (values, tooLong)
    }
}
