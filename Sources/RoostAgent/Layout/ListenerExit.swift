/// The exit codes of the agent; numbers and meaning are those of Azure Pipelines' agent.
public enum ListenerExit: Int32, Sendable, CaseIterable {
    /// A normal stop, or the registration was taken back: do not start it again.
    case success = 0
    /// Something that a restart does not change: wrong configuration, wrong usage, access denied.
    case terminated = 1
    /// Something that may pass: start it again.
    case retryable = 2
    /// The agent replaces itself by another version.
    case updating = 3
    /// The same after the one job of `--once`.
    case runOnceUpdating = 4

    /// One line for a person.
    public var meaning: String {
        switch self {
        case .success: "normal stop, or the registration was removed on the server; do not restart"
        case .terminated: "error that a restart does not change, such as a wrong configuration; do not restart"
        case .retryable: "error that may pass; restart"
        case .updating: "the agent is being updated; restart"
        case .runOnceUpdating: "the agent is being updated after '--once'; restart"
        }
    }
}
