import Foundation
import RoostLanguage
import RoostTemplate

/// Answers lines of a console.
struct ImageConsole {
    /// Why a line has no answer.
    struct Failure: Error {
        let text: String
    }

    private enum Form {
        /// Lines are expressions.
        case expressions(HCLScope)
        /// Lines are texts with text templates in them.
        case texts(TextTemplateContext)
    }

    private let form: Form
    private let plan: ImagePlan

    /// With the names of a template.
    init(_ template: ImageTemplate, _ input: ImageTemplateInput) {
        plan = template.reading.plan
        switch template {
        case .packerHCL(let template): form = .expressions(template.evaluation.scope)
        case .packerJSON(let reading, _): form = .texts(Self.context(reading.plan, input))
        case .imageBuilder(let reading): form = .texts(Self.context(reading.plan, input))
        }
    }

    /// Without a template.
    init(_ input: ImageTemplateInput, _ language: ImagePlan.Language) {
        plan = ImagePlan(language: language)
        form =
            language == .packerHCL
            ? .expressions(PackerEvaluation.functionsOnly(input)) : .texts(Self.context(plan, input))
    }

    private static func context(_ plan: ImagePlan, _ input: ImageTemplateInput) -> TextTemplateContext {
        let values = plan.variables.map { variable in
            let value = variable.value?.withoutMarks.consoleText
            return (
                variable.name, SettingText(value ?? "", isSensitive: variable.isSensitive, isKnown: value != nil)
            )
        }
        let folder = (input.path as NSString).deletingLastPathComponent
        return TextTemplateContext(
            variables: Dictionary(values) { first, _ in first },
            now: input.now,
            templateFolder: URL(filePath: folder, relativeTo: URL(filePath: input.workingFolder)).path,
            workingFolder: input.workingFolder
        )
    }

    func answer(_ line: String) -> Result<String, Failure> {
        switch (line, form) {
        case ("variables", .expressions): .success(HCLListing.variables(plan))
        case ("variables", .texts):
            .success(plan.variables.map { "\($0.name): \($0.shownPlainly)" }.joined(separator: "\n"))
        case ("help", .expressions): .success(Self.expressionHelp)
        case ("help", .texts): .success(Self.textHelp)
        case (_, .expressions(let scope)): answer(line, in: scope)
        case (_, .texts(let context)): answer(line, with: context)
        }
    }

    private func answer(_ line: String, in scope: HCLScope) -> Result<String, Failure> {
        let (expression, problems) = HCLExpression.parse(line, name: "<console>")
        let (value, found) = problems.isEmpty ? expression.value(in: scope) : (.null(), [])
        let all = problems + found
        return all.hasErrors ? .failure(failure(all, line)) : .success(value.consoleText)
    }

    private func answer(_ line: String, with context: TextTemplateContext) -> Result<String, Failure> {
        let settings = ImageSettings([.init("line", SettingValue(.text(line)))])
        let (settled, problems) = context.settled(settings, of: ComponentName(.provisioner, "console"))
        guard !problems.hasErrors, let value = settled["line"] else { return .failure(failure(problems, line)) }
        return .success(value.isSensitive ? SecretTexts.replacement : value.text ?? "")
    }

    private func failure(_ problems: [Diagnostic], _ line: String) -> Failure {
        let style: DiagnosticRenderer.Style = Terminal.standardError.hasColor ? .coloured : .plain
        let sources = [SourceText(name: "<console>", text: line)]
        let text = DiagnosticRenderer(style: style, sources: sources).render(problems)
        return Failure(text: SecretTexts(plan).masked(String(text.dropLast())))
    }

    private static let expressionHelp = """
        An expression is computed: var.name, local.name, upper("text"), [for n in var.list : n].
        'variables' shows all names with their values, 'exit' ends.
        """

    private static let textHelp = """
        A text is rendered: {{user `name`}}, {{timestamp}}, {{upper `text`}}.
        'variables' shows all variables with their values, 'exit' ends.
        """
}

extension ImageVariable {
    /// The value on one line, or what stands in its place.
    fileprivate var shownPlainly: String {
        isSensitive ? SecretTexts.replacement : value?.consoleText ?? "<unknown>"
    }
}
