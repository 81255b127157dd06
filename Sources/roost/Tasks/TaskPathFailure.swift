import RoostLanguage
import RoostModel

/// Why a path gives no task.
enum TaskPathFailure: UserFacingError {
    case missing(path: String)
    case noTask(path: String)
    /// All that is wrong with a `task.json`.
    case invalid(path: String, problems: [TaskManifestProblem])
    case extensionInvalid(path: String, reason: String)
    case link(path: String)
    case unreadable(path: String)
    case notWritable(path: String)

    var code: String {
        switch self {
        case .missing: "file.missing"
        case .noTask: "task.none"
        case .invalid: "task.invalid"
        case .extensionInvalid: "extension.invalid"
        case .link: "task.link"
        case .unreadable: "file.unreadable"
        case .notWritable: "file.unwritable"
        }
    }

    var summary: String {
        switch self {
        case .missing(let path): "There is no file or folder '\(path)'."
        case .noTask(let path): "'\(path)' holds no task."
        case .invalid(let path, let problems):
            "The task cannot be installed:" + problems.map { "\n  \(path)/\($0)" }.joined()
        case .extensionInvalid(_, let reason): "The extension cannot be installed: \(reason)."
        case .link: "The link leads out of the folder of the task, or to a folder."
        case .unreadable: "The file cannot be read."
        case .notWritable: "A file for temporary use cannot be written."
        }
    }

    var location: String? {
        switch self {
        case .extensionInvalid(let path, _), .link(let path), .unreadable(let path), .notWritable(let path): path
        case .missing, .noTask, .invalid: nil
        }
    }

    var advice: String? {
        switch self {
        case .noTask:
            "Give a folder or a ZIP archive with a 'task.json' at its top, or a VSIX file with contributions of the type ms.vss-distributed-task.task."
        case .link: "Put a copy in its place."
        default: nil
        }
    }
}
