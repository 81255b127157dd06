import ArgumentParser

/// Exit codes of `roost`, documented in ``roost --help`.
enum RoostExit: Int32 {
    case success = 0
    /// What was asked failed: a run that failed, a refused request.
    case failed = 1
    /// The server cannot be reached.
    case unreachable = 2
    /// The token is missing, wrong or not enough.
    case notAllowed = 3
    /// A time given with `--timeout` is over.
    case timedOut = 4
    /// The run was canceled.
    case canceled = 5
    /// The chain of the audit is not whole.
    case chainBroken = 6
    /// Wrong flags or arguments; ArgumentParser's own.
    case usage = 64
    /// The port, the store or a file is in use or cannot be used.
    case cannotStart = 70
    /// Ctrl-C, as shells count it: 128 and the number of the signal.
    case interrupted = 130

    var code: ExitCode { ExitCode(rawValue) }

    /// The code for an error, by the error's own stable code.
    init(errorCode code: String) {
        switch code {
        case "wait.timed-out": self = .timedOut
        case "server.unreachable", "server.timed-out", "server.tls": self = .unreachable
        case "forbidden", "access.forbidden", "access.role-missing", "access.no-credential",
            "access.unreadable-credential":
            self = .notAllowed
        case "command.unknown", "url.invalid", "url.missing": self = .usage
        case "server.port-in-use", "server.port-forbidden", "server.address-unavailable",
            "server.certificate-unreadable",
            "server.key-unreadable", "server.tls-unusable":
            self = .cannotStart
        default:
            let area = code.prefix { $0 != "." }
            switch area {
            case "store", "configuration", "settings": self = .cannotStart
            case "token" where code != "token.not-found": self = .notAllowed
            default:
                if code.contains("unreachable") || code.contains("timed-out") {
                    self = .unreachable
                } else if code.contains("unauthorized") || code.contains("not-allowed") {
                    self = .notAllowed
                } else {
                    self = .failed
                }
            }
        }
    }
}
