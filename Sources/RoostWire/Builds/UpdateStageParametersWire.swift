/// What is asked of a stage of a run.
public struct UpdateStageParametersWire: Hashable, Sendable, Codable {
    /// `run`, `cancel`, or `skip`, which Azure DevOps has no word for.
    public var state: String?

    public init(state: String? = nil) {
        self.state = state
    }
}
