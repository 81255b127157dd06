import RoostModel

/// Why a task of a folder does not run.
enum TaskFolderFailure: UserFacingError, Hashable {
    case notUnpacked(String, reason: String)
    case wrongHash(String)
    case unreadable(String, problems: [String])
    /// Only handlers of other systems.
    case noHandler(task: String, section: String, handlers: [String])
    case nodeMissing(task: String, needs: Int)
    case nodeTooOld(task: String, needs: Int, has: Int, path: String)
    case nodeUnknown(path: String)
    case targetMissing(task: String, target: String)
    case fileNotWritten(String, reason: String)

    var code: String {
        switch self {
        case .notUnpacked: "task.not-unpacked"
        case .wrongHash: "task.wrong-hash"
        case .unreadable: "task.invalid"
        case .noHandler: "task.no-handler"
        case .nodeMissing: "task.node-missing"
        case .nodeTooOld: "task.node-too-old"
        case .nodeUnknown: "task.node-unknown"
        case .targetMissing: "task.target-missing"
        case .fileNotWritten: "task.file-not-written"
        }
    }

    var summary: String {
        switch self {
        case .notUnpacked(let task, let reason): "The task '\(task)' could not be unpacked: \(reason)."
        case .wrongHash(let task): "The package of task '\(task)' came with another SHA-256 than the server says."
        case .unreadable(let task, let problems):
            "The task '\(task)' cannot be used: \(problems.joined(separator: " "))"
        case .noHandler(let task, let section, let handlers):
            "The task '\(task)' has nothing in '\(section)' that runs on Linux, only \(handlers.joined(separator: ", "))."
        case .nodeMissing(let task, let needs):
            "The task '\(task)' runs in Node.js \(needs), and there is no Node.js on this machine."
        case .nodeTooOld(let task, let needs, let has, let path):
            "The task '\(task)' needs Node.js \(needs) or newer; \(path) is \(has)."
        case .nodeUnknown(let path): "The Node.js at \(path) does not tell its version."
        case .targetMissing(let task, let target): "The file '\(target)' of task '\(task)' is not in its folder."
        case .fileNotWritten(let path, let reason): "The file '\(path)' could not be written: \(reason)."
        }
    }

    var advice: String? {
        switch self {
        case .notUnpacked, .fileNotWritten:
            "Free space in the agent's work folder, or give the agent's user the right to write there."
        case .wrongHash:
            "Something between the server and this agent changes what is fetched; install the task again if it stays so."
        case .unreadable: "Correct the task and install it again."
        case .noHandler: "Use a version of the task with a Node handler, or do the same with a 'script' step."
        case .nodeMissing, .nodeTooOld:
            "Install Node.js on the agent's machine so that 'node' is on its PATH, or put one into 'externals' of the agent's folder (externals/node20_1/bin/node)."
        case .nodeUnknown: "Run '\("node --version")' there as the agent's user."
        case .targetMissing: "Install the task again."
        }
    }
}
