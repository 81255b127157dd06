import Glibc

/// A program of this machine, and how it is started.
package struct HostCommand: Sendable {
    /// Absolute.
    var program: String
    /// Without the name of the program.
    var arguments: [String]
    var environment: [String: String]
    var folder: String
    /// What asks it to end.
    var stopSignal = SIGTERM
    /// What is done between the polite and the forced end of everything that it started.
    var grace: Duration = .seconds(5)
}

extension HostCommand {
    package init(program: String, arguments: [String], environment: [String: String], folder: String) {
        self.program = program
        self.arguments = arguments
        self.environment = environment
        self.folder = folder
    }
}

/// How a program ended.
package enum HostEnd: Sendable, Hashable {
    case exited(Int32)
    case signaled(Int32)

    /// As shells tell it.
    package var code: Int32 {
        switch self {
        case .exited(let code): code
        case .signaled(let signal): 128 + signal
        }
    }
}
