import RoostLanguage
import RoostTemplate

/// Answers lines of a console.
struct ImageConsole {
    /// Why a line has no answer.
    struct Failure: Error {
        let text: String
    }

    private let scope: HCLScope
    private let plan: ImagePlan

    /// With the names of a template.
    init(_ template: ImageTemplate) {
        switch template {
        case .packerHCL(let template):
            scope = template.evaluation.scope
            plan = template.reading.plan
        }
    }

    /// Without a template.
    init(_ input: ImageTemplateInput, _ language: ImagePlan.Language) {
        scope = PackerEvaluation.functionsOnly(input)
        plan = ImagePlan(language: language)
    }

    func answer(_ line: String) -> Result<String, Failure> {
        switch line {
        case "variables": return .success(ImageListing.variables(plan))
        case "help": return .success(Self.help)
        default: break
        }
        let (expression, problems) = HCLExpression.parse(line, name: "<console>")
        let (value, found) = problems.isEmpty ? expression.value(in: scope) : (.null(), [])
        let all = problems + found
        guard !all.hasErrors else {
            let style: DiagnosticRenderer.Style = Terminal.standardError.hasColor ? .coloured : .plain
            let sources = [SourceText(name: "<console>", text: line)]
            let text = DiagnosticRenderer(style: style, sources: sources).render(all)
            return .failure(Failure(text: SecretTexts(plan).masked(String(text.dropLast()))))
        }
        return .success(value.consoleText)
    }

    private static let help = """
        An expression is computed: var.name, local.name, upper("text"), [for n in var.list : n].
        'variables' shows all names with their values, 'exit' ends.
        """
}
