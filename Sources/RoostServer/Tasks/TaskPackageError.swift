public import RoostModel

/// Why a package of a task is not installed.
public enum TaskPackageError: UserFacingError, Hashable {
    /// All problems of its `task.json`.
    case invalid([String])
    case otherID(path: String, package: String)
    case builtIn(name: String)
    case installed(name: String, version: String)
    case nameTaken(name: String, id: String)
    case tooLarge(limit: Int)
    case notFound(id: String, version: String)

    public var code: String {
        switch self {
        case .invalid: "task.invalid"
        case .otherID: "task.other-id"
        case .builtIn: "task.built-in"
        case .installed: "task.installed"
        case .nameTaken: "task.name-taken"
        case .tooLarge: "task.too-large"
        case .notFound: "task.not-found"
        }
    }

    public var summary: String {
        switch self {
        case .invalid(let problems): "The package is no task that can be installed: \(problems.joined(separator: " "))"
        case .otherID(let path, let package): "The package is the task \(package), not \(path)."
        case .builtIn(let name): "The task '\(name)' is built into the agents here."
        case .installed(let name, let version): "The task '\(name)' is installed in version \(version) already."
        case .nameTaken(let name, let id): "Another task, \(id), is called '\(name)' already."
        case .tooLarge(let limit): "The package is larger than \(limit >> 20) MiB, the most that is taken."
        case .notFound(let id, let version): "There is no task \(id) in version \(version)."
        }
    }

    public var location: String? { nil }

    public var advice: String? {
        switch self {
        case .invalid: "Correct task.json and install the task again."
        case .otherID: "Send the package to the address of its own id."
        case .builtIn: "Give your task an id of its own in task.json."
        case .installed: "Raise the version in task.json, or install it with --overwrite."
        case .nameTaken: "Delete the other one with 'roost task delete', or give your task another name."
        case .tooLarge: "Leave out what is not needed when the task runs, such as tests and sources."
        case .notFound:
            "List them with 'roost task list'; a run that was queued before it was deleted needs it installed again."
        }
    }
}
