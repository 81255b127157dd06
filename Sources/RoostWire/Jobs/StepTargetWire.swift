/// Where a step runs and what it may say.
public struct StepTargetWire: Codable, Sendable, Hashable {
    public var target: String?
    public var commands: String?

    public init(
        target: String? = nil,
        commands: String? = nil
    ) {
        self.target = target
        self.commands = commands
    }
}
