/// Answers questions of one kind.
public protocol PreflightSource: Sendable {
    /// The answer, at the deadline at the latest; nil for a question of another kind.
    ///
    /// Called for many questions at once. It only reads, and returns soon when its task is cancelled.
    func answer(_ question: PreflightQuestion, until deadline: ContinuousClock.Instant) async -> PreflightAnswer?
}

/// Makes what is missing.
public protocol PreflightMaker: Sendable {
    /// Makes something unless it is there, and returns when it can be used.
    ///
    /// - Returns: false when it was there already, which is left as it is; nil when this maker makes no such things.
    func make(_ draft: PreflightDraft) async throws -> Bool?
}
