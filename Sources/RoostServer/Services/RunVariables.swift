import FoundationEssentials
import RoostModel

/// The predefined variables of a run that the server knows, by their documented names.
enum RunVariables {
    /// What compile-time expressions, conditions and run numbers may read.
    static func predefined(
        _ run: Run,
        _ pipeline: Pipeline,
        _ project: Project,
        _ settings: ControlSettings,
        instance: UUID
    )
        -> [String: String]
    {
        var values = compileTime(
            pipeline,
            project,
            settings,
            instance: instance,
            reason: run.reason,
            requestedBy: run.requestedBy,
            ref: run.sourceBranch,
            commit: run.sourceVersion
        )
        values["Build.BuildId"] = run.id.description
        values["Build.BuildNumber"] = run.number
        values["Build.BuildUri"] = "vstfs:///Build/Build/\(run.id)"
        values["Build.SourceVersionMessage"] = run.sourceVersionMessage
        values["Build.SourceVersionAuthor"] = run.sourceVersionAuthor
        values["System.PlanId"] = run.planID.description
        values["System.TimelineId"] = run.timelineID.uuidString.lowercased()
        values.merge(run.causeVariables) { _, cause in cause }
        return values
    }

    /// What is known before the run exists.
    static func compileTime(
        _ pipeline: Pipeline,
        _ project: Project,
        _ settings: ControlSettings,
        instance: UUID,
        reason: RunReason,
        requestedBy: String,
        ref: String,
        commit: String
    ) -> [String: String] {
        [
            "Build.DefinitionName": pipeline.name,
            "Build.DefinitionVersion": String(pipeline.revision),
            "Build.DefinitionId": pipeline.id.description,
            "Build.QueuedBy": requestedBy,
            "Build.RequestedFor": requestedBy,
            "Build.Reason": reason.variableValue,
            "Build.SourceBranch": ref,
            "Build.SourceBranchName": String(ref.split(separator: "/").last ?? ""),
            "Build.SourceVersion": commit,
            "Build.Repository.Name": pipeline.repository.name,
            "Build.Repository.Uri": pipeline.repository.url,
            "Build.Repository.Provider": "Git",
            "System.CollectionId": instance.uuidString.lowercased(),
            "System.CollectionUri": settings.publicURL,
            "System.TeamFoundationCollectionUri": settings.publicURL,
            "System.TeamProject": project.name,
            "System.TeamProjectId": project.id.description,
            "System.DefinitionId": pipeline.id.description,
            "System.HostType": "build",
            "System.PullRequest.IsFork": "False",
        ]
    }
}
