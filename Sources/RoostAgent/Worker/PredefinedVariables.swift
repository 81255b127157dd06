import RoostModel

/// The variables that only the agent can know.
enum PredefinedVariables {
    static func list(_ parts: JobParts, _ folders: JobFolders) -> [(String, String)] {
        let settings = parts.settings
        var values = [
            ("Agent.Id", String(settings.agentID)), ("Agent.Name", settings.agentName),
            ("Agent.MachineName", MachineFacts.hostName), ("Agent.HomeDirectory", settings.folders.root),
            ("Agent.RootDirectory", settings.folders.work), ("Agent.WorkFolder", settings.folders.work),
            ("Agent.TempDirectory", settings.folders.temp), ("Agent.ToolsDirectory", settings.folders.tools),
            ("Agent.BuildDirectory", folders.build), ("Agent.JobName", parts.order.displayName),
            ("Agent.JobStatus", "Succeeded"), ("Agent.OS", "Linux"),
            ("Agent.OSArchitecture", MachineFacts.architecture), ("Agent.OSVersion", MachineFacts.kernel),
            ("Agent.Version", settings.agentVersion), ("Agent.IsSelfHosted", "1"),
            ("Build.SourcesDirectory", folders.sources), ("Build.ArtifactStagingDirectory", folders.artifacts),
            ("Build.StagingDirectory", folders.artifacts), ("Build.BinariesDirectory", folders.binaries),
            ("Pipeline.Workspace", folders.build), ("Common.TestResultsDirectory", folders.testResults),
            ("System.ArtifactsDirectory", folders.artifacts), ("System.DefaultWorkingDirectory", folders.sources),
            ("System.WorkFolder", settings.folders.work), ("Build.Repository.LocalPath", folders.sources),
        ]
        if let repository = parts.order.repositories.first(where: { $0.alias.lowercased() == "self" }) {
            let known = [
                ("Build.Repository.Id", repository.id), ("Build.Repository.Name", repository.name),
                ("Build.Repository.Uri", GitCredentials.withoutUser(repository.url)),
                ("Build.Repository.Provider", repository.type),
            ]
            values += known.filter { parts.variables[$0.0]?.isEmpty ?? true }
        }
        return values
    }

    /// The job's token as a secret variable, where the server leaves it to the agent to make it.
    static func accessToken(_ order: JobOrder) -> String? {
        let wish = order.variables.first { $0.key.lowercased() == "system.enableaccesstoken" }?.value.value
        guard wish?.lowercased() == "true" else { return nil }
        return order.systemConnection?.parameter("AccessToken")
    }
}
