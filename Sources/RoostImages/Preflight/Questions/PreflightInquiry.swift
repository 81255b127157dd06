import RoostLanguage

/// One walk through a plan: what has to be asked, and what follows from what is known already.
///
/// The same walk does both, so that nothing is asked that no rule needs, and no rule goes without its question. It is repeated until there is
/// nothing new to ask.
public struct PreflightInquiry: Sendable {
    let facts: [PreflightQuestion: PreflightAnswer]
    private var asked: Set<PreflightQuestion> = []
    private var obstacles: Set<PreflightObstacle> = []
    /// In the order of the plan, each once.
    public private(set) var questions: [PreflightQuestion] = []
    /// In the order of the plan.
    public private(set) var findings: [PreflightFinding] = []

    init(knowing facts: [PreflightQuestion: PreflightAnswer]) { self.facts = facts }

    /// Those that nobody has answered yet.
    public var open: [PreflightQuestion] { questions.filter { facts[$0] == nil } }

    /// The answer to a question; nil when it is asked from now on.
    mutating func ask(_ question: PreflightQuestion) -> PreflightAnswer? {
        if asked.insert(question).inserted { questions.append(question) }
        return facts[question]
    }

    /// Notes a problem; the same one of another place is told with the first.
    mutating func find(_ finding: PreflightFinding) {
        let same = findings.firstIndex {
            $0.problem.code == finding.problem.code && $0.problem.summary == finding.problem.summary
        }
        guard let same else { return findings.append(finding) }
        guard findings[same].problem.span != finding.problem.span, let span = finding.problem.span else { return }
        findings[same].problem.notes.append(.init("It is needed here too.", at: span))
        if findings[same].draft == nil { findings[same].draft = finding.draft }
    }

    /// Notes why a question was not answered, unless another told the same.
    mutating func note(
        _ obstacle: PreflightObstacle,
        of question: PreflightQuestion,
        isNeeded: Bool,
        at span: SourceSpan?
    ) {
        guard obstacles.insert(obstacle).inserted else { return }
        let address = obstacle.address.map { " (\($0))" } ?? ""
        find(
            PreflightFinding(
                Diagnostic(
                    isNeeded ? .error : .warning,
                    code: "preflight.\(obstacle.code)",
                    "It could not be found out about \(question): \(obstacle.reason)\(address)",
                    at: span,
                    advice: obstacle.advice
                )
            )
        )
    }
}
