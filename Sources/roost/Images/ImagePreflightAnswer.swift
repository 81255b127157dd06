import RoostImages
import RoostLanguage

/// What a check before a build prints for scripts.
struct ImagePreflightAnswer: Encodable {
    struct Question: Encodable {
        var question: String
        /// `found`, `missing` or `unknown`.
        var answer: String
        var reason: String?
        var address: String?
        var milliseconds: Int
    }

    struct Finding: Encodable {
        var code: String
        var command: String?
        /// Whether `--create-missing` makes it.
        var creatable: Bool
    }

    var template: String
    var passed: Bool
    var milliseconds: Int
    var questions: [Question]
    var findings: [Finding]
    var created: [String]
    var diagnostics: [DiagnosticJSON]

    init(_ template: String, _ report: PreflightReport, _ made: [PreflightDraft], _ problems: [Diagnostic]) {
        self.template = template
        passed = !problems.hasErrors
        milliseconds = report.duration.milliseconds
        questions = report.entries.map(Question.init)
        findings = report.findings.map {
            Finding(code: $0.problem.code, command: $0.command, creatable: $0.draft != nil)
        }
        created = made.map(\.title)
        diagnostics = problems.map(DiagnosticJSON.init)
    }
}

extension ImagePreflightAnswer.Question {
    init(_ entry: PreflightReport.Entry) {
        question = entry.question.description
        milliseconds = entry.duration.milliseconds
        switch entry.answer {
        case .found: answer = "found"
        case .missing: answer = "missing"
        case .unknown(let obstacle):
            answer = "unknown"
            reason = obstacle.reason
            address = obstacle.address
        }
    }
}

extension Duration {
    fileprivate var milliseconds: Int {
        Int(clamping: components.seconds) * 1000 + Int(components.attoseconds / 1_000_000_000_000_000)
    }
}

/// What was asked and found, for a person.
struct ImagePreflightListing {
    private let report: PreflightReport
    private let output: ImageOutput

    init(_ report: PreflightReport, _ output: ImageOutput) {
        self.report = report
        self.output = output
    }

    func print(passed: Bool, _ template: String) {
        var table = Table("", "ASKED FOR", "MS")
        for question in report.entries.map(ImagePreflightAnswer.Question.init) {
            output.tell("preflight", [question.question, question.answer, "\(question.milliseconds)"])
            table.add(question.answer, question.question, "\(question.milliseconds)")
        }
        if !report.entries.isEmpty { output.say(table.render(Terminal.standard)) }
        let count =
            "\(report.entries.count) question\(report.entries.count == 1 ? "" : "s") in \(report.duration.milliseconds) ms"
        output.say(
            passed ? "\(template): nothing is missing (\(count))." : "\(template): not ready to be built (\(count))."
        )
    }
}
