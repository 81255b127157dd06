public import RoostTemplate

/// Finds out what a build would miss, before anything is made.
///
/// It asks everything at once, again when answers lead to new questions, and only reads.
public struct Preflight: Sendable {
    public var plan: ImagePlan
    public var settings: PreflightSettings
    /// Asked in this order who knows.
    public var sources: [any PreflightSource]
    /// After this, what is not answered counts as unknown.
    public var budget: Duration

    /// Answers lead to new questions twice: the region of a group, then what that region has.
    private static let mostRounds = 5

    public init(
        _ plan: ImagePlan,
        _ settings: PreflightSettings,
        sources: [any PreflightSource],
        budget: Duration = .seconds(2)
    ) {
        self.plan = plan
        self.settings = settings
        self.sources = sources
        self.budget = budget
    }

    public func run() async -> PreflightReport {
        let start = ContinuousClock.now
        let deadline = start + budget
        var (facts, durations): ([PreflightQuestion: PreflightAnswer], [PreflightQuestion: Duration]) = ([:], [:])
        var inquiry = PreflightInquiry(plan, settings)
        for _ in 0..<Self.mostRounds where !inquiry.open.isEmpty {
            for (question, answer, duration) in await answers(to: inquiry.open, until: deadline) {
                facts[question] = answer
                durations[question] = duration
            }
            inquiry = PreflightInquiry(plan, settings, knowing: facts)
        }
        let entries = inquiry.questions.compactMap { question in
            facts[question].map {
                PreflightReport.Entry(question: question, answer: $0, duration: durations[question] ?? .zero)
            }
        }
        return PreflightReport(
            entries: entries,
            findings: inquiry.findings,
            duration: ContinuousClock.now - start
        )
    }

    private func answers(
        to questions: [PreflightQuestion],
        until deadline: ContinuousClock.Instant
    ) async -> [(PreflightQuestion, PreflightAnswer, Duration)] {
        await withTaskGroup(of: (PreflightQuestion, PreflightAnswer, Duration).self) { group in
            for question in questions {
                group.addTask {
                    let start = ContinuousClock.now
                    let answer = await answer(to: question, until: deadline)
                    return (question, answer, ContinuousClock.now - start)
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
    }

    private func answer(
        to question: PreflightQuestion,
        until deadline: ContinuousClock.Instant
    ) async -> PreflightAnswer {
        for source in sources {
            if let answer = await source.answer(question, until: deadline) { return answer }
        }
        return .unknown(PreflightObstacle(.unanswered, code: "nobody", reason: "nobody here can tell"))
    }
}
