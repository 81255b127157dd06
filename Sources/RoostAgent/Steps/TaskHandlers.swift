import RoostModel

/// The tasks that are built into the agent, by id and by name.
struct TaskHandlers: Sendable {
    private let byID: [String: any TaskHandler]
    private let byName: [String: any TaskHandler]

    init() {
        let all: [(TaskReference, any TaskHandler)] = [
            (.commandLine, CommandLineTask()), (.bash, BashTask()), (.powerShell, PowerShellTask()),
            (.checkout, CheckoutTask()), (UsePythonVersionTask.reference, UsePythonVersionTask()),
            (PublishPipelineArtifactTask.reference, PublishPipelineArtifactTask()),
            (DownloadPipelineArtifactTask.reference, DownloadPipelineArtifactTask()),
            (PublishBuildArtifactsTask.reference, PublishBuildArtifactsTask()),
            (DownloadBuildArtifactsTask.reference, DownloadBuildArtifactsTask()),
            (CacheTask.reference, CacheTask()),
        ]
        byID = Dictionary(all.map { ($0.0.id, $0.1) }) { first, _ in first }
        byName = Dictionary(all.map { ($0.0.name.lowercased(), $0.1) }) { first, _ in first }
    }

    /// The task of a reference; the name counts only when there is no id.
    ///
    /// - Throws: ``TaskFailure/unknownTask(name:id:version:)``.
    func handler(for task: TaskReference) throws(TaskFailure) -> any TaskHandler {
        let found = task.id.isEmpty ? byName[task.name.lowercased()] : byID[task.id]
        guard let found else { throw .unknownTask(name: task.name, id: task.id, version: task.version) }
        return found
    }
}

/// Why a task could not do its work.
enum TaskFailure: UserFacingError, Hashable {
    case unknownTask(name: String, id: String, version: String)
    case inputMissing(String)
    case inputInvalid(String, value: String, expected: String)
    case fileMissing(String)
    case scriptNotWritten(path: String, reason: String)
    case wroteToStandardError

    var code: String {
        switch self {
        case .unknownTask: "task.unknown"
        case .inputMissing: "task.input-missing"
        case .inputInvalid: "task.input-invalid"
        case .fileMissing: "task.file-missing"
        case .scriptNotWritten: "task.script-not-written"
        case .wroteToStandardError: "task.standard-error"
        }
    }

    var summary: String {
        switch self {
        case .unknownTask(let name, let id, let version):
            "The task '\(name.isEmpty ? id : name)\(version.isEmpty ? "" : "@\(version)")' is not known to this agent\(id.isEmpty || name.isEmpty ? "" : " (id \(id))")."
        case .inputMissing(let name): "The input '\(name)' is missing."
        case .inputInvalid(let name, let value, let expected):
            "The input '\(name)' is '\(value)'; it must be \(expected)."
        case .fileMissing(let path): "The file '\(path)' does not exist."
        case .scriptNotWritten(let path, let reason): "The script could not be written to '\(path)': \(reason)."
        case .wroteToStandardError: "The process wrote to standard error, which fails this step."
        }
    }

    var advice: String? {
        switch self {
        case .unknownTask:
            "This agent has CmdLine (script), Bash (bash), PowerShell (pwsh), Checkout, UsePythonVersion, Cache and the tasks of artifacts; do the same with a 'script' or 'bash' step."
        case .inputMissing(let name): "Give it under 'inputs: \(name):' of the step."
        case .inputInvalid: nil
        case .fileMissing: "Check the path; relative paths start at the sources folder."
        case .scriptNotWritten:
            "Free space in the agent's work folder, or give the agent's user the right to write there."
        case .wroteToStandardError: "Redirect what is no error (2>&1), or set 'failOnStderr' to false."
        }
    }
}
