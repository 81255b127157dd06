import RoostModel

/// Why an artifact could not be published or fetched, beyond what files and the server say themselves.
enum ArtifactFailure: UserFacingError, Hashable {
    case noServer(task: String)
    case nothingFound(pattern: String)
    case notFound(path: String)
    case fileShare(task: String)
    case aliasUnknown(String)
    case runNotGiven
    case elsewhere(name: String, place: String)

    var code: String {
        switch self {
        case .noServer: "artifact.no-server"
        case .nothingFound: "artifact.nothing-found"
        case .notFound: "artifact.path-not-found"
        case .fileShare: "artifact.file-share"
        case .aliasUnknown: "artifact.alias-unknown"
        case .runNotGiven: "artifact.no-run"
        case .elsewhere: "artifact.elsewhere"
        }
    }

    var summary: String {
        switch self {
        case .noServer(let task): "\(task) needs a server, and this run has none."
        case .nothingFound(let pattern): "No artifact fits '\(pattern)'."
        case .notFound(let path): "Path does not exist: \(path)"
        case .fileShare: "Artifacts on a file share are not kept by this agent."
        case .aliasUnknown(let alias): "The run has no pipeline resource '\(alias)'."
        case .runNotGiven: "The step asks for a specific run and does not say which."
        case .elsewhere(let name, let place):
            "The files of artifact '\(name)' are not on the server, but at '\(place)'."
        }
    }

    var advice: String? {
        switch self {
        case .noServer: "Queue the pipeline on a server with 'roost run queue'."
        case .nothingFound: "Check the names with 'roost artifact list RUN'."
        case .notFound: "Make it in a step before; relative paths start at $(System.DefaultWorkingDirectory)."
        case .fileShare: "Leave 'publishLocation' out, so that the server keeps the files."
        case .aliasUnknown: "Declare it under 'resources: pipelines:'."
        case .runNotGiven: "Give its number as 'runId' (or 'buildId', 'pipelineId')."
        case .elsewhere: "Fetch them there in a script."
        }
    }
}
