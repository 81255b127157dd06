/// How long a process may go on after each of the gentle signals.
public struct StopGrace: Hashable, Sendable {
    /// Between SIGINT and SIGTERM.
    public var afterInterrupt: Duration
    /// Between SIGTERM and SIGKILL.
    public var afterTerminate: Duration

    /// The defaults are those of Azure Pipelines' agent, so that clean-up code written for it has the time it expects.
    public init(afterInterrupt: Duration = .milliseconds(7500), afterTerminate: Duration = .milliseconds(2500)) {
        self.afterInterrupt = afterInterrupt
        self.afterTerminate = afterTerminate
    }

    /// Stops at once, with SIGKILL.
    public static let none = StopGrace(afterInterrupt: .zero, afterTerminate: .zero)

    /// Reads `PROCESS_SIGINT_TIMEOUT` and `PROCESS_SIGTERM_TIMEOUT`, milliseconds; absent or senseless ones leave the default.
    public init(reading value: (String) -> String?) {
        self.init()
        if let text = value("PROCESS_SIGINT_TIMEOUT"), let milliseconds = Int(text), milliseconds >= 0 {
            afterInterrupt = .milliseconds(milliseconds)
        }
        if let text = value("PROCESS_SIGTERM_TIMEOUT"), let milliseconds = Int(text), milliseconds >= 0 {
            afterTerminate = .milliseconds(milliseconds)
        }
    }
}
