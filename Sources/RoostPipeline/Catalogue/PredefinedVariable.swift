import RoostLanguage

/// A variable that every run, job or step has without being told.
public struct PredefinedVariable: Hashable, Sendable {
    public let name: String
    /// `${{ variables['name'] }}` has its value, not only what is evaluated while the run goes on.
    public let isKnownAtCompileTime: Bool
    /// One sentence.
    public let documentation: String

    /// All of them, by group and as documentation lists them.
    public static let all: [PredefinedVariable] = PredefinedVariableTable.text.split(separator: "\n").compactMap(read)

    /// The variable with a name in any letter case.
    public static func named(_ name: String) -> PredefinedVariable? {
        all.first { equalIgnoringCase($0.name, name) }
    }

    /// `Name T | documentation`, where the T marks those known at compile time.
    private static func read(_ line: Substring) -> PredefinedVariable? {
        guard let (head, documentation) = line.parted(at: " | "), let name = head.split(separator: " ").first else {
            return nil
        }
        return PredefinedVariable(
            name: String(name),
            isKnownAtCompileTime: head.hasSuffix(" T"),
            documentation: documentation
        )
    }
}

/// The table ``PredefinedVariable`` reads.
private enum PredefinedVariableTable {
    static let text = """
        Build.ArtifactStagingDirectory | The folder in which a job gathers files before it publishes them.
        Build.BinariesDirectory | A folder for what is built, beside the sources.
        Build.BuildId | The id of the run.
        Build.BuildNumber | The number of the run, made by the format under 'name'.
        Build.BuildUri | The address of the run for programs.
        Build.ContainerId | The id of the place where the run's artifacts are kept.
        Build.CronSchedule.DisplayName T | The name of the schedule that started the run.
        Build.DefinitionName T | The name of the pipeline.
        Build.DefinitionVersion T | The version of the pipeline's settings.
        Build.QueuedBy T | Who started the run, or for whom the service did.
        Build.QueuedById T | The id of who started the run.
        Build.Reason T | Why the run began: Manual, IndividualCI, BatchedCI, Schedule, PullRequest or ResourceTrigger.
        Build.Repository.Clean | Whether checkouts clean the folder.
        Build.Repository.Git.SubmoduleCheckout | Whether checkouts fetch submodules.
        Build.Repository.ID T | The id of the repository.
        Build.Repository.LocalPath | The folder of the sources on the agent.
        Build.Repository.Name T | The name of the repository.
        Build.Repository.Provider T | The kind of host, such as TfsGit, GitHub or Git.
        Build.Repository.Uri T | The address of the repository.
        Build.RequestedFor T | For whom the run began, such as the author of the push.
        Build.RequestedForEmail T | The mail address of that person.
        Build.RequestedForId T | The id of that person.
        Build.SourceBranch T | The full ref, such as refs/heads/main or refs/pull/1/merge.
        Build.SourceBranchName T | The last part of the ref, such as main.
        Build.SourceVersion T | The commit.
        Build.SourceVersionAuthor | Who wrote the commit.
        Build.SourceVersionMessage | The first line of the commit's message.
        Build.SourcesDirectory | The folder of the sources on the agent.
        Build.StagingDirectory | The folder in which a job gathers files before it publishes them.
        Build.TriggeredBy.BuildId | The id of the run whose end started this one.
        Build.TriggeredBy.BuildNumber | The number of the run whose end started this one.
        Build.TriggeredBy.DefinitionId | The id of the pipeline whose run started this one.
        Build.TriggeredBy.DefinitionName | The name of the pipeline whose run started this one.
        Build.TriggeredBy.ProjectID | The project of the pipeline whose run started this one.
        System.AccessToken | The job's token, a secret; steps get it only through 'env'.
        System.ArtifactsDirectory | The folder into which artifacts are fetched.
        System.CollectionId T | The id of the organization.
        System.CollectionUri T | The address of the organization.
        System.Debug | true makes steps print more.
        System.DefaultWorkingDirectory | The folder in which steps begin, that of the sources.
        System.DefinitionId T | The id of the pipeline.
        System.HostType T | build, for runs of pipelines.
        System.JobAttempt | 1 when the job runs first, more when it is run again.
        System.JobDisplayName | The job's name for people.
        System.JobId | The id of the job's record.
        System.JobIdentifier | Stage, job and leg, joined by dots.
        System.JobName | The name of the job or of its leg.
        System.JobParallelismTag | Whether the job counts as public or private.
        System.JobPositionInPhase | The number of the copy, from 1, when a strategy makes several.
        System.OidcRequestUri | Where a step asks for an identity token.
        System.PhaseAttempt | How often the job has begun.
        System.PhaseDisplayName | The job's name for people, without its leg.
        System.PhaseName | The name of the job.
        System.PlanId | The id of the run's plan.
        System.PullRequest.IsFork T | True when the pull request comes from a fork.
        System.PullRequest.PullRequestId T | The id of the pull request.
        System.PullRequest.PullRequestNumber T | The number of the pull request.
        System.PullRequest.SourceBranch T | The branch that is to be merged.
        System.PullRequest.SourceCommitId T | The commit that is to be merged.
        System.PullRequest.SourceRepositoryURI T | The repository that is to be merged from.
        System.PullRequest.TargetBranch T | The branch to merge into, as a full ref.
        System.PullRequest.TargetBranchName T | The branch to merge into, by its short name.
        System.StageAttempt | How often the stage has begun.
        System.StageDisplayName | The stage's name for people.
        System.StageId | The id of the stage's record.
        System.StageName T | The name of the stage.
        System.TaskDisplayName | The step's name for people.
        System.TaskInstanceId | The id of the step's record.
        System.TaskInstanceName | The name of the step.
        System.TeamFoundationCollectionUri T | The address of the organization.
        System.TeamProject T | The name of the project.
        System.TeamProjectId T | The id of the project.
        System.TimelineId | The id of the run's timeline.
        System.TotalJobsInPhase | How many copies a strategy makes.
        System.WorkFolder | The folder of the agent that holds the folders of jobs.
        Agent.BuildDirectory | The folder of the job on the agent; the same as Pipeline.Workspace.
        Agent.ContainerMapping | The containers of the job with their ids, as JSON.
        Agent.HomeDirectory | The folder in which the agent is installed.
        Agent.Id | The id of the agent.
        Agent.JobName | The name of the job.
        Agent.JobStatus | How the job stands: Succeeded, SucceededWithIssues, Failed or Canceled.
        Agent.MachineName | The name of the machine.
        Agent.Name | The name of the agent.
        Agent.OS | Linux, Darwin or Windows_NT.
        Agent.OSArchitecture | X86, X64, ARM or ARM64.
        Agent.ProxyBypassList | Patterns of addresses that are reached without the proxy, as JSON.
        Agent.ProxyPassword | The password at the proxy; a secret.
        Agent.ProxyUrl | The proxy the agent uses.
        Agent.ProxyUsername | The user at the proxy.
        Agent.RootDirectory | The folder of the agent.
        Agent.TempDirectory | A folder that is emptied after each job.
        Agent.ToolsDirectory | The folder of the tool cache.
        Agent.Version | The version of the agent.
        Agent.WorkFolder | The folder of the agent that holds the folders of jobs.
        Pipeline.Workspace | The folder of the job on the agent.
        Common.TestResultsDirectory | A folder for results of tests.
        Environment.Id | The id of the environment a deployment job deploys to.
        Environment.Name | The name of the environment a deployment job deploys to.
        Environment.ResourceId | The id of the resource a deployment job deploys to.
        Environment.ResourceName | The name of the resource a deployment job deploys to.
        Strategy.Action | The hook that runs, such as deploy.
        Strategy.CycleName | Where a canary deployment is: PreIteration, Iteration or PostIteration.
        Strategy.Increment | The share of a canary deployment.
        Strategy.Name | The deployment strategy: runOnce, rolling or canary.
        Resources.TriggeringAlias | The alias of the resource that started the run.
        Resources.TriggeringCategory | The kind of the resource that started the run.
        Checks.StageAttempt | How often the stage has begun, inside checks.
        Checks.StageId | The id of the stage, inside checks.
        TF_BUILD | True in every step of a run.
        """
}
