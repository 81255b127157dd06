/// What an agent does to keep its jobs apart, as found out at its start; it travels to workers.
public struct JobIsolation: Codable, Hashable, Sendable {
    public var mode: IsolationMode
    /// Why jobs are not isolated, as the rest of a sentence; nil when they are.
    public var obstacle: String?
    /// Folders that jobs must not see, beside those of agents.
    public var hides: [String]
    /// The machine is a job's alone: nothing has to be kept apart in it.
    public var hasOwnMachine: Bool

    public init(
        mode: IsolationMode,
        obstacle: String? = nil,
        hides: [String] = [],
        hasOwnMachine: Bool = false
    ) {
        self.hasOwnMachine = hasOwnMachine
        self.mode = mode
        self.obstacle = obstacle
        self.hides = hides
    }

    /// Workers make walls.
    var isOn: Bool { mode != .off && obstacle == nil }

    /// The value of the agent's capability.
    var capability: String { hasOwnMachine ? "machine" : isOn ? "on" : "off (\(reason))" }

    var reason: String { mode == .off ? "its configuration says so" : obstacle ?? "" }

    /// What a job's log says where it is not isolated.
    static func warning(_ reason: String) -> String {
        "This job is not isolated: it can read what other jobs of this agent's user leave or do, because \(reason)."
    }
}
