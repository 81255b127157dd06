import RoostLanguage
import RoostModel

/// The tasks that are built into the agent, by id and by name.
struct TaskHandlers: Sendable {
    private typealias Row = (task: TaskReference, handler: any TaskHandler)

    private let rows: [Row]
    /// Tasks that are not built in.
    let folders: TaskFolders

    init(folders: TaskFolders = TaskFolders()) {
        self.folders = folders
        rows =
            Self.shells + Self.tools + Self.programs + Self.files + Self.content + Self.secureFiles + Self.tests
            + Self.containers
    }

    private static let shells: [Row] = [
        (.commandLine, CommandLineTask()), (.bash, BashTask()), (.powerShell, PowerShellTask()),
        (.checkout, CheckoutTask()),
    ]

    private static let tools: [Row] = [
        (UsePythonVersionTask.reference, UsePythonVersionTask()), (UseNodeTask.reference, UseNodeTask()),
        (UseNodeTask.newer, UseNodeTask()), (GoToolTask.reference, GoToolTask()),
        (JavaToolInstallerTask.reference, JavaToolInstallerTask()), (UseDotNetTask.reference, UseDotNetTask()),
        (UseRubyTask.reference, UseRubyTask()),
    ]

    private static let programs: [Row] = [
        (PythonScriptTask.reference, PythonScriptTask()), (ShellScriptTask.reference, ShellScriptTask()),
        (NpmTask.reference, NpmTask()), (MavenTask.reference, MavenTask()), (GradleTask.reference, GradleTask()),
        (AntTask.reference, AntTask()), (CMakeTask.reference, CMakeTask()), (GoTask.reference, GoTask()),
        (AzureCLITask.reference, AzureCLITask()), (RoostImageBuildTask.reference, RoostImageBuildTask()),
        (PackerTask.reference, PackerTask()), (PackerBuildTask.reference, PackerBuildTask()),
    ]

    private static let files: [Row] = [
        (CopyFilesTask.reference, CopyFilesTask()), (DeleteFilesTask.reference, DeleteFilesTask()),
        (ArchiveFilesTask.reference, ArchiveFilesTask()), (ExtractFilesTask.reference, ExtractFilesTask()),
    ]

    private static let tests: [Row] = [
        (PublishTestResultsTask.reference, PublishTestResultsTask()),
        (PublishCodeCoverageTask.reference, PublishCodeCoverageTask()),
    ]

    private static let content: [Row] = [
        (PublishPipelineArtifactTask.reference, PublishPipelineArtifactTask()),
        (DownloadPipelineArtifactTask.reference, DownloadPipelineArtifactTask()),
        (PublishBuildArtifactsTask.reference, PublishBuildArtifactsTask()),
        (DownloadBuildArtifactsTask.reference, DownloadBuildArtifactsTask()), (CacheTask.reference, CacheTask()),
    ]

    private static let secureFiles: [Row] = [
        (DownloadSecureFileTask.reference, DownloadSecureFileTask()),
        (InstallSSHKeyTask.reference, InstallSSHKeyTask()),
    ]

    private static let containers: [Row] = [
        (InitializeContainersTask.reference, InitializeContainersTask()),
        (StopContainersTask.reference, StopContainersTask()),
    ]

    /// The task of a reference; the name counts only when there is no id.
    ///
    /// - Throws: ``TaskFailure/unknownTask(name:id:version:)``.
    func handler(for task: TaskReference) throws(TaskFailure) -> any TaskHandler {
        if let found = builtIn(task) { return found }
        if let folder = folders[task] { return TaskFolderTask(folder: folder, folders: folders) }
        throw .unknownTask(name: task.name, id: task.id, version: task.version)
    }

    private func builtIn(_ task: TaskReference) -> (any TaskHandler)? {
        let name = task.name.lowercased()
        let found = rows.filter { task.id.isEmpty ? $0.task.name.lowercased() == name : $0.task.id == task.id }
        // Two tasks may have one id.
        return (found.first { $0.task.name.lowercased() == name } ?? found.first)?.handler
    }

    /// Whether a task is the agent's own.
    func isBuiltIn(_ task: TaskReference) -> Bool {
        builtIn(task) != nil
    }

    /// What the logging commands of a step may do: what the step says and what its task says.
    func limits(of step: JobStep) -> CommandLimits {
        guard !isBuiltIn(step.task), let own = folders[step.task]?.manifest.restrictions else { return step.limits }
        var limits = step.limits
        limits.isRestricted = limits.isRestricted || own.isRestricted
        if let allowed = own.settableVariables {
            limits.settableVariables =
                limits.settableVariables.map { given in given.filter(allowed.contains) } ?? allowed
        }
        return limits
    }
}

extension TaskHandlers {
    /// The names of all tasks, for people.
    static var names: String { Set(TaskHandlers().rows.map(\.task.name)).sorted().joined(separator: ", ") }
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
            "This agent has \(TaskHandlers.names); install the task with 'roost task install', or do the same with a 'script' or 'bash' step."
        case .inputMissing(let name): "Give it under 'inputs: \(name):' of the step."
        case .inputInvalid: nil
        case .fileMissing: "Check the path; relative paths start at the sources folder."
        case .scriptNotWritten:
            "Free space in the agent's work folder, or give the agent's user the right to write there."
        case .wroteToStandardError: "Redirect what is no error (2>&1), or set 'failOnStderr' to false."
        }
    }
}
