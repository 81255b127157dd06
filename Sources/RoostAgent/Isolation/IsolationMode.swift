/// Whether an agent keeps its jobs apart: the values of `--isolation`.
public enum IsolationMode: String, Codable, Hashable, Sendable, CaseIterable {
    /// Where it costs jobs nothing.
    case auto
    /// A job that cannot be isolated does not run.
    case always
    /// Jobs see what the agent's user sees.
    case off
}
