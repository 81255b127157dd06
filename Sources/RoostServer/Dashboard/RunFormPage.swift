import RoostLanguage
import RoostModel
import RoostPipeline

/// The form that queues a run, as its template shows it.
struct RunFormPage {
    struct Option {
        var value: String
        var selected: Bool
    }

    /// One thing that may be given; exactly one of the flags says how it looks.
    struct Field {
        var id: String
        var name: String
        var label: String
        var hint: String?
        var value: String
        var checked = false
        var isText = false
        var isNumber = false
        var isBoolean = false
        var isSelect = false
        var isArea = false
        var isSecret = false
        var required = false
        var options: [Option] = []
        var problems: [String] = []
    }

    struct Stage {
        var id: String
        var name: String
        var label: String
        var checked: Bool
    }

    var t: [String: String]
    var id: Int
    var heading: String
    var subheading: String
    var branch: String
    var commit: String
    var fields: [Field]
    var hasFields: Bool
    var variables: [Field]
    var hasVariables: Bool
    var stages: [Stage]
    var hasStages: Bool
    /// What is wrong and belongs to no field.
    var problems: [String]
    var hasProblems: Bool

    /// - Parameters:
    ///   - form: what may be given.
    ///   - posted: what was given, when it was refused.
    ///   - refusal: why.
    ///   - phrases: in the reader's language.
    init(_ form: RunForm, posted: DashboardForm?, refusal: ControlError?, _ phrases: Phrases) {
        t = phrases.table
        id = form.pipeline.id.rawValue
        heading = "\(phrases["runPipeline"]): \(form.pipeline.name)"
        subheading = "\(form.pipeline.repository.name) · \(form.pipeline.yamlPath)"
        branch = posted?["branch"] ?? form.branch.shortRef
        commit = posted?["commit"] ?? ""
        var open = refusal.map(Self.problems) ?? []
        fields = form.parameters.enumerated().map { index, parameter in
            var field = Self.field(parameter, index, posted, phrases)
            field.problems = open.filter { $0.parameter == parameter.name }.map(\.text)
            open.removeAll { $0.parameter == parameter.name }
            return field
        }
        hasFields = !fields.isEmpty
        variables = form.variables.sorted { $0.key < $1.key }.enumerated().map { index, entry in
            let name = "v.\(entry.key)"
            let known = entry.value.isSecret ? "" : entry.value.value
            return Field(
                id: "v\(index)",
                name: name,
                label: entry.key,
                hint: nil,
                value: entry.value.isSecret ? "" : posted?.value(name) ?? known,
                isText: !entry.value.isSecret,
                isSecret: entry.value.isSecret
            )
        }
        hasVariables = !variables.isEmpty
        stages = form.stages.enumerated().map { index, stage in
            let isSkipped = posted?["stage.\(stage.name)"] == "skip"
            return Stage(id: "s\(index)", name: "stage.\(stage.name)", label: stage.displayName, checked: !isSkipped)
        }
        hasStages = stages.count > 1
        problems = open.map(\.text)
        hasProblems = !problems.isEmpty
    }

    private static func field(
        _ parameter: PipelineParameter,
        _ index: Int,
        _ posted: DashboardForm?,
        _ phrases: Phrases
    ) -> Field {
        let name = "p.\(parameter.name)"
        var field = Field(
            id: "p\(index)",
            name: name,
            label: parameter.displayName,
            hint: parameter.defaultValue == nil ? phrases["required"] : nil,
            value: posted?.value(name) ?? parameter.defaultValue ?? ""
        )
        field.required = parameter.defaultValue == nil
        if let allowed = parameter.allowed, parameter.type != "stringList" {
            field.isSelect = true
            field.options = allowed.map { Option(value: $0, selected: $0 == field.value) }
        } else if parameter.type == "boolean" {
            field.isBoolean = true
            field.checked = field.value.lowercased() == "true"
        } else if parameter.type == "number" {
            field.isNumber = true
        } else if ["string", "environment", "secureFile", "serviceConnection", "filePath"].contains(parameter.type) {
            field.isText = true
        } else {
            field.isArea = true
            field.hint = [field.hint, "\(parameter.type), YAML"].compactMap(\.self).joined(separator: "; ")
        }
        return field
    }

    private struct Problem {
        var text: String
        var parameter: String?
    }

    private static func problems(_ refusal: ControlError) -> [Problem] {
        guard case .pipelineInvalid(let diagnostics) = refusal else {
            return [Problem(text: [refusal.summary, refusal.advice ?? ""].joined(separator: " "))]
        }
        return diagnostics.map { diagnostic in
            guard diagnostic.code.hasPrefix("parameter.") || diagnostic.span?.file.hasPrefix("parameter ") == true
            else {
                return Problem(text: diagnostic.description)
            }
            let text = [diagnostic.summary, diagnostic.advice ?? ""].joined(separator: " ")
            return Problem(text: text, parameter: parameter(diagnostic))
        }
    }

    /// The parameter that a problem is about: its value is a text of its own, or its name stands in quotes.
    private static func parameter(_ diagnostic: Diagnostic) -> String? {
        if let file = diagnostic.span?.file, file.hasPrefix("parameter ") { return String(file.dropFirst(10)) }
        let parts = diagnostic.summary.split(separator: "'", omittingEmptySubsequences: false)
        return parts.count > 1 ? String(parts[1]) : nil
    }
}
