/// A program to start, and all it is given.
public struct ProcessLaunch: Sendable {
    /// An absolute path.
    public var executable: String
    /// Without the program's own name.
    public var arguments: [String]
    /// The whole environment; nothing is inherited.
    public var environment: [String: String]
    public var workingDirectory: String
    /// It only speaks for a process elsewhere in the tree, which gets the first, gentle signal in its place.
    public var isClient = false
    /// Within which it runs; nil is the machine as this process sees it.
    var walls: JobWalls?

    public init(executable: String, arguments: [String], environment: [String: String], workingDirectory: String) {
        self.executable = executable
        self.arguments = arguments
        self.environment = environment
        self.workingDirectory = workingDirectory
    }
}

/// How a process ended.
public struct ProcessOutcome: Hashable, Sendable {
    /// The end of the process itself.
    public enum End: Hashable, Sendable {
        case exited(Int32)
        case signaled(Int32)
        /// It could not be killed, or its end was not observed.
        case unknown
    }

    public var end: End
    /// It was asked to stop before it ended.
    public var stopped: Bool
    /// Another process still held its output when the wait for it was given up.
    public var outputHeldOpen: Bool
    /// Processes of its tree that resisted even SIGKILL.
    public var survivors: Int

    public init(end: End, stopped: Bool = false, outputHeldOpen: Bool = false, survivors: Int = 0) {
        self.end = end
        self.stopped = stopped
        self.outputHeldOpen = outputHeldOpen
        self.survivors = survivors
    }

    /// The status as a shell gives it: of a signal 128 and its number.
    public var exitCode: Int32 {
        switch end {
        case .exited(let code): code
        case .signaled(let signal): 128 + signal
        case .unknown: -1
        }
    }
}
