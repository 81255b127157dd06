import RoostModel

/// What a step does, known by its first key.
enum StepKind: String, CaseIterable {
    case task, script, bash, pwsh, powershell, checkout, publish, download, downloadBuild, getPackage, upload, reviewApp

    /// Keys beside those every step may have.
    var keys: [String] {
        switch self {
        case .task: ["inputs"]
        case .script, .bash: ["workingDirectory", "failOnStderr"]
        case .pwsh, .powershell:
            [
                "workingDirectory", "failOnStderr", "errorActionPreference", "warningPreference",
                "informationPreference",
                "verbosePreference", "debugPreference", "progressPreference", "ignoreLASTEXITCODE", "showWarnings",
                "runScriptInSeparateScope",
            ]
        case .checkout:
            [
                "clean", "fetchDepth", "fetchFilter", "fetchTags", "lfs", "persistCredentials", "submodules", "path",
                "sparseCheckoutDirectories", "sparseCheckoutPatterns", "workspaceRepo",
            ]
        case .publish, .upload: ["artifact"]
        case .download: ["artifact", "patterns", "path", "tags", "allowPartiallySucceededBuilds"]
        case .downloadBuild: ["artifact", "path", "patterns", "inputs"]
        case .getPackage: ["path"]
        case .reviewApp: []
        }
    }

    /// What a shorthand runs; nil for a task, which names it itself.
    var reference: TaskReference? {
        switch self {
        case .task: nil
        case .script: .commandLine
        case .bash: .bash
        case .pwsh, .powershell: .powerShell
        case .checkout: .checkout
        case .publish, .upload: TaskReference(id: "", name: "PublishPipelineArtifact", version: "1")
        case .download: TaskReference(id: "", name: "DownloadPipelineArtifact", version: "2")
        case .downloadBuild: TaskReference(id: "", name: "DownloadBuildArtifacts", version: "0")
        case .getPackage: TaskReference(id: "", name: "DownloadPackage", version: "1")
        case .reviewApp: TaskReference(id: "", name: "ReviewApp", version: "0")
        }
    }

    static let names = allCases.map(\.rawValue)
}
