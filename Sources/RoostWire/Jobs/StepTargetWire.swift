/// Where a step runs and what it may say.
public struct StepTargetWire: Codable, Sendable, Hashable {
    /// The variables a step's commands may set.
    public struct SettableVariables: Codable, Sendable, Hashable {
        public var allowed: [String]?

        public init(allowed: [String]? = nil) { self.allowed = allowed }
    }

    public var target: String?
    public var commands: String?
    /// Nil is no limit.
    public var settableVariables: SettableVariables?

    public init(
        target: String? = nil,
        commands: String? = nil,
        settableVariables: SettableVariables? = nil
    ) {
        self.target = target
        self.commands = commands
        self.settableVariables = settableVariables
    }
}
