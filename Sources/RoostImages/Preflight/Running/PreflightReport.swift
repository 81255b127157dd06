public import RoostLanguage

/// What a check before a build came to.
public struct PreflightReport: Sendable {
    /// A question, what came of it, and how long that took.
    public struct Entry: Sendable {
        public var question: PreflightQuestion
        public var answer: PreflightAnswer
        public var duration: Duration
    }

    /// In the order of the plan.
    public var entries: [Entry]
    public var findings: [PreflightFinding]
    public var duration: Duration

    /// The findings as problems, with what to do.
    public var diagnostics: [Diagnostic] { findings.map(\.diagnostic) }

    /// What can be made, in the order in which it has to be.
    public var drafts: [PreflightDraft] {
        var seen: Set<PreflightDraft> = []
        let drafts = findings.compactMap(\.draft).filter { seen.insert($0).inserted }
        return drafts.enumerated().sorted { ($0.element.rank, $0.offset) < ($1.element.rank, $1.offset) }.map(\.element)
    }
}
