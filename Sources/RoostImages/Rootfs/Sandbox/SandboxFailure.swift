import Foundation
import RoostModel

/// Why a sandbox cannot do something.
enum SandboxFailure: UserFacingError, Equatable {
    /// It could not be made in any of the ways that were tried.
    case notMade(step: String, error: Int32)
    /// It ended before its time.
    case ended
    case notRun(program: String, error: Int32)
    case file(path: String, error: Int32)
    /// A command of the machine that works on files inside failed.
    case commandFailed(program: String, code: Int32, text: String)
    case unknownUser(String)

    var code: String {
        switch self {
        case .notMade: "sandbox.not-made"
        case .ended: "sandbox.ended"
        case .notRun: "sandbox.not-run"
        case .file: "sandbox.file"
        case .commandFailed: "sandbox.command-failed"
        case .unknownUser: "sandbox.unknown-user"
        }
    }

    var summary: String {
        switch self {
        case .notMade(let step, let error): "No sandbox can be made here: it cannot \(step): \(Self.text(error))"
        case .ended: "The sandbox has ended"
        case .notRun(let program, let error): "\(program) cannot be run in the sandbox: \(Self.text(error))"
        case .file(let path, let error): "\(path) in the root file system: \(Self.text(error))"
        case .commandFailed(let program, let code, let text):
            "\(program) ended with \(code)\(text.isEmpty ? "" : ": \(text)")"
        case .unknownUser(let name): "The root file system has no user \"\(name)\""
        }
    }

    var advice: String? {
        switch self {
        case .notMade(_, let error) where error == EPERM || error == EACCES || error == ENOSPC:
            "Build as root, or let users make namespaces (user.max_user_namespaces above 0, "
                + "kernel.apparmor_restrict_unprivileged_userns=0)."
        case .notMade(let step, EINVAL) where step.contains("layers"):
            "The cache folder must be on a file system that can hold layers, such as ext4, XFS or btrfs; "
                + "--cache-folder chooses another."
        case .notRun(let program, ENOENT):
            "The base has to contain \(program), and what it is interpreted or linked by."
        case .unknownUser: "Users are those of /etc/passwd of the root file system, or numbers."
        default: nil
        }
    }

    static func text(_ error: Int32) -> String { String(cString: strerror(error)) }
}
