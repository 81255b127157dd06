import Foundation
import RoostLanguage

/// Templates of JSON, as Packer had them before HCL2.
public enum PackerJSONTemplate {
    /// Whether a file is one, as far as the keys at its root say.
    public static func recognises(_ bytes: [UInt8]) -> Bool {
        guard bytes.first(where: { ![0x20, 0x09, 0x0A, 0x0D, 0xEF, 0xBB, 0xBF].contains($0) }) == UInt8(ascii: "{"),
            case .object(let properties) = HCLJSONReader.read(bytes, name: "").root.form
        else { return false }
        let names = Set(properties.map { $0.name.lowercased() })
        return !names.isDisjoint(with: ["builders", "provisioners", "post-processors", "min_packer_version"])
    }

    /// What a template comes to, with everything that is wrong in it.
    public static func read(_ bytes: [UInt8], name: String, _ input: ImageTemplateInput) -> ImageTemplateReading {
        let document = HCLJSONReader.read(bytes, name: name)
        let (syntax, problems) = PackerJSONReader.read(document)
        var plan = ImagePlan(language: .packerJSON, description: syntax.description?.text)
        var diagnostics = problems
        if let problem = versionProblem(syntax.minimumVersion) {
            // Of a template for another version nothing else is worth saying.
            return ImageTemplateReading(
                plan: plan,
                diagnostics: [problem],
                syntaxProblems: problems,
                sources: [document.source]
            )
        }
        var context = context(name, input)
        let values = PackerJSONValues(syntax, input, context)
        context.variables = values.texts
        plan.variables = variables(syntax, values.texts)
        var planner = PackerJSONPlanner(syntax, input, context)
        plan.targets = planner.targets()
        diagnostics += values.diagnostics + planner.diagnostics
        let sources = [document.source] + values.sources
        return ImageTemplateReading(
            plan: plan,
            diagnostics: diagnostics.withoutRepetitions.ordered(by: sources),
            syntaxProblems: problems,
            sources: sources
        )
    }

    private static func context(_ name: String, _ input: ImageTemplateInput) -> TextTemplateContext {
        let folder = (name as NSString).deletingLastPathComponent
        return TextTemplateContext(
            variables: [:],
            now: input.now,
            templateFolder: absolute(folder, in: input.workingFolder),
            workingFolder: input.workingFolder
        )
    }

    /// Without dots and doubled slashes; links are not followed.
    private static func absolute(_ path: String, in folder: String) -> String {
        var parts: [Substring] = []
        for part in (path.hasPrefix("/") ? path : "\(folder)/\(path)").split(separator: "/") where part != "." {
            if part == ".." { _ = parts.popLast() } else { parts.append(part) }
        }
        return "/" + parts.joined(separator: "/")
    }

    private static func variables(_ syntax: PackerJSONSyntax, _ values: [String: SettingText]) -> [ImageVariable] {
        let sensitive = Set(syntax.sensitiveVariables.map(\.text))
        return syntax.variables.sorted { $0.name < $1.name }.map { variable in
            let value = values[variable.name]
            let isSensitive = sensitive.contains(variable.name) || value?.isSensitive == true
            return ImageVariable(
                name: variable.name,
                defaultValue: variable.defaultValue.map { HCLValue.string($0.text).marked(isSensitive) },
                value: value.flatMap { $0.isKnown ? HCLValue.string($0.text).marked(isSensitive) : nil },
                isSensitive: isSensitive
            )
        }
    }

    // MARK: Versions

    private static func versionProblem(_ wanted: PackerJSONSyntax.Text?) -> Diagnostic? {
        guard let wanted else { return nil }
        let own = PackerEvaluation.languageVersion
        guard let version = SemanticVersion(wanted.text) else {
            return .error(
                "packer-json.version",
                "Invalid version",
                at: wanted.range.span,
                advice: "Write it like \"1.6.0\".",
                detail: "\"\(wanted.text)\" is no version."
            )
        }
        guard let understood = SemanticVersion(own), understood < version else { return nil }
        return .error(
            "packer-json.version",
            "Unsupported Packer version",
            at: wanted.range.span,
            advice: "Lower min_packer_version, or use a template for Packer \(own).",
            detail: "The template asks for Packer \(wanted.text) or higher; what is understood here is Packer \(own)."
        )
    }
}
