import RoostModel

/// What can go wrong in a command before the server is asked, or with what it answers.
enum CommandFailure: UserFacingError {
    case noURL
    case noToken(url: String)
    case tokenFileUnreadable(path: String, reason: String)
    case settingsUnreadable(path: String, reason: String)
    case settingsUnwritable(path: String, reason: String)
    case noProject
    /// The kind is `pool`, `agent`, `pipeline`, `job` and the like; the list is the command that shows them.
    case notFound(kind: String, name: String, near: String?, list: String)
    case ambiguousAgent(String, pools: [String])
    case needsPool(agent: String)
    case timedOut(what: String, limit: String)
    case unknownCommand(String, of: String, near: String?)
    case incompleteAnswer(what: String)
    case fileUnreadable(path: String)
    case parametersUnusable(problems: String)
    case noSuchUser(String)
    /// A file that must be its owner's alone.
    case openFile(path: String)

    var code: String {
        switch self {
        case .noURL: "url.missing"
        case .noToken: "token.missing"
        case .tokenFileUnreadable: "token.file-unreadable"
        case .settingsUnreadable: "settings.unreadable"
        case .settingsUnwritable: "settings.unwritable"
        case .noProject: "project.none"
        case .notFound(let kind, _, _, _): "\(kind).not-found"
        case .ambiguousAgent: "agent.ambiguous"
        case .needsPool: "pool.missing"
        case .timedOut: "wait.timed-out"
        case .unknownCommand: "command.unknown"
        case .incompleteAnswer: "server.incomplete-answer"
        case .noSuchUser: "user.not-found"
        case .openFile: "file.open"
        case .fileUnreadable: "file.unreadable"
        case .parametersUnusable: "parameters.unusable"
        }
    }

    var summary: String {
        switch self {
        case .noURL: "No server is known."
        case .noToken(let url): "No token for \(url) is known."
        case .tokenFileUnreadable(_, let reason): "The token cannot be read: \(reason)."
        case .settingsUnreadable(_, let reason): "The saved connection cannot be read: \(reason)."
        case .settingsUnwritable(_, let reason): "The connection cannot be saved: \(reason)."
        case .noProject: "The organization has no project yet."
        case .notFound(let kind, let name, _, _): "There is no \(kind) '\(name)'."
        case .ambiguousAgent(let name, let pools):
            "There are several agents '\(name)': in the pools \(pools.map { "'\($0)'" }.joined(separator: ", "))."
        case .needsPool(let agent): "No pool has an agent '\(agent)' yet, and there are several pools."
        case .timedOut(let what, let limit): "\(what) has not come about within \(limit)."
        case .unknownCommand(let name, _, _): "There is no command '\(name)'."
        case .incompleteAnswer(let what): "The server's answer has no \(what)."
        case .fileUnreadable: "The file cannot be read."
        case .noSuchUser(let name): "There is no user '\(name)' on this machine."
        case .openFile: "Others than its owner may use the file."
        case .parametersUnusable(let problems): problems
        }
    }

    var location: String? {
        switch self {
        case .tokenFileUnreadable(let path, _), .settingsUnreadable(let path, _), .settingsUnwritable(let path, _): path
        case .fileUnreadable(let path), .openFile(let path): path
        default: nil
        }
    }

    var advice: String? {
        switch self {
        case .noURL: "Log in with 'roost login URL', or give --url or ROOST_URL."
        case .noToken(let url): "Log in with 'roost login \(url)', or give --token-file or ROOST_TOKEN."
        case .tokenFileUnreadable: "Give a file whose first line is the token."
        case .settingsUnreadable: "Remove the file with 'roost logout' and log in again."
        case .settingsUnwritable: "Check that you may write there, or set XDG_CONFIG_HOME."
        case .noProject: "Make one with 'roost project create NAME'."
        case .notFound(_, _, let near, let list): near.map { "Did you mean '\($0)'?" } ?? "List them with '\(list)'."
        case .ambiguousAgent, .needsPool: "Say which pool with --pool."
        case .timedOut: "Wait longer with --timeout, or look at the server with 'roost status'."
        case .unknownCommand(_, let path, let near):
            near.map { "Did you mean '\(path) \($0)'?" } ?? "'\(path) --help' lists the commands."
        case .parametersUnusable: "Write one 'NAME: value' for each parameter, as YAML or JSON."
        case .noSuchUser: nil
        case .openFile: "Run chmod 600 on it."
        case .fileUnreadable: "Check that it is there and that you may read it."
        case .incompleteAnswer: "The server may be of another version; compare with 'roost status'."
        }
    }
}
