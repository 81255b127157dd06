/// A command line for the shell of a machine.
public struct MachineCommand: Sendable, Hashable {
    public var line: String
    /// In addition to what the machine has.
    public var environment: [String: String]
    /// Nil is the user that the machine is made as.
    public var user: String?

    public init(_ line: String, environment: [String: String] = [:], user: String? = nil) {
        self.line = line
        self.environment = environment
        self.user = user
    }
}

/// A line that a command wrote, without its end.
public enum MachineOutput: Sendable, Hashable {
    case output(String)
    case errors(String)
}
