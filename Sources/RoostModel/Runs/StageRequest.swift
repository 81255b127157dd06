public import FoundationEssentials

/// What a person asked of one stage of a run.
public struct StageRequest: Hashable, Sendable, Codable {
    public enum Kind: String, Hashable, Sendable, Codable, CaseIterable {
        /// Begin a stage that waits for a person (`trigger: manual`).
        case start
        /// Leave out a stage that has not begun.
        case skip
        /// End a stage; jobs of it whose condition holds after a cancel still run.
        case cancel
    }

    /// Its name in the plan.
    public var stage: String
    public var kind: Kind
    public var by: String
    public var at: Date

    public init(stage: String, kind: Kind, by: String, at: Date) {
        self.stage = stage
        self.kind = kind
        self.by = by
        self.at = at
    }
}

extension Run {
    /// Who asked for something of a stage; nil when nobody did.
    public func request(_ kind: StageRequest.Kind, of stage: String) -> StageRequest? {
        stageRequests.first { $0.kind == kind && $0.stage == stage }
    }
}
