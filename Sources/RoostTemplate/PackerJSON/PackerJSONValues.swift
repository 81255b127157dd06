import Foundation
import RoostLanguage

/// Gives variables their values: defaults, over them files, over those the command line.
///
/// Values may speak of other variables; they are rendered in the order in which they need each other.
struct PackerJSONValues {
    private struct Raw {
        var text: String
        /// Nil on the command line.
        var range: HCLRange?
    }

    private let syntax: PackerJSONSyntax
    private let input: ImageTemplateInput
    private let context: TextTemplateContext
    private let declared: Set<String>
    /// Names that the template puts in; nil as long as nobody asked.
    private var used: Set<String>?
    private var raw: [String: Raw] = [:]
    private let sensitive: Set<String>
    /// Values that are known, and placeholders for those that are not.
    private(set) var texts: [String: SettingText] = [:]
    private(set) var diagnostics: [Diagnostic] = []
    private(set) var sources: [SourceText] = []
    /// Variables that are declared, and those that only have values.
    private var all: [PackerJSONSyntax.Variable] = []
    private var needs: [String: Set<String>] = [:]
    private var open: [String] = []

    init(_ syntax: PackerJSONSyntax, _ input: ImageTemplateInput, _ context: TextTemplateContext) {
        self.syntax = syntax
        self.input = input
        self.context = context
        declared = Set(syntax.variables.map(\.name))
        sensitive = Set(syntax.sensitiveVariables.map(\.text)).union(input.offered.secrets)
        for variable in syntax.variables {
            raw[variable.name] = variable.defaultValue.map { Raw(text: $0.text, range: $0.range) }
        }
        checkSensitive()
        for (name, text) in input.offered.values where isWanted(name) { raw[name] = Raw(text: text) }
        for path in input.variableFiles { readFile(path) }
        for argument in input.arguments { take(argument) }
        resolve(context)
    }

    private var names: [String] { syntax.variables.map(\.name) }

    private func isDeclared(_ name: String) -> Bool { declared.contains(name) }

    /// Whether a value can be meant for a variable: one that is declared, or one that the template uses all the same.
    private mutating func isWanted(_ name: String) -> Bool {
        if isDeclared(name) { return true }
        if used == nil {
            let functions = context.functionsOfVariables(environment: [:], lookups: TemplateLookups())
                .merging(context.functions(for: ComponentName(.builder, "azure-arm"))) { first, _ in first }
            used = Set(syntax.uses(functions).map(\.name))
        }
        return used?.contains(name) == true
    }

    /// A misspelt name would show a secret.
    private mutating func checkSensitive() {
        for name in syntax.sensitiveVariables {
            if isWanted(name.text) { continue }
            diagnostics.append(
                .warning(
                    "packer-json.undeclared-sensitive",
                    "No variable \"\(name.text)\" is declared that could be sensitive",
                    at: name.range.span,
                    advice: suggestion(name.text, among: names)
                )
            )
        }
    }

    // MARK: Sources

    private mutating func readFile(_ path: String) {
        guard let bytes = FileBytes.read(path) else {
            diagnostics.append(PackerInput.missing(path))
            return
        }
        let document = HCLJSONReader.read(bytes, name: path)
        sources.append(document.source)
        diagnostics += document.diagnostics + document.duplicates
        guard case .object(let properties) = document.root.form else {
            guard document.diagnostics.isEmpty else { return }
            return fail(
                "type",
                "Invalid file of values",
                "A file of values is one JSON object.",
                document.root.startRange
            )
        }
        for property in properties { take(property) }
    }

    private mutating func fail(
        _ code: String,
        _ summary: String,
        _ detail: String,
        _ range: HCLRange?,
        advice: String? = nil
    ) {
        diagnostics.append(.error("packer-json.\(code)", summary, at: range?.span, advice: advice, detail: detail))
    }

    private mutating func take(_ property: HCLJSONNode.Property) {
        guard isWanted(property.name) else {
            guard input.warnsOfUndeclared else { return }
            diagnostics.append(
                .warning(
                    "hcl.packer.undeclared",
                    "Undefined variable",
                    at: property.nameRange.span,
                    advice: suggestion(property.name, among: names)
                        ?? "Declare it under \"variables\", or remove it here.",
                    detail: "The template declares no variable \"\(property.name)\"."
                )
            )
            return
        }
        guard case .string(let text, _) = property.value.form else {
            return fail(
                "type",
                "Wrong type of value",
                "The value of a variable has to be a text, not \(property.value.kindName).",
                property.value.startRange,
                advice: "Put it into quotes."
            )
        }
        raw[property.name] = Raw(text: text, range: property.value.range)
    }

    private mutating func take(_ argument: PackerInput.Argument) {
        guard isWanted(argument.name) else {
            return fail(
                "undeclared",
                "Undefined -var variable",
                "The template declares no variable \"\(argument.name)\".",
                nil,
                advice: suggestion(argument.name, among: names) ?? "Declare it under \"variables\"."
            )
        }
        raw[argument.name] = Raw(text: argument.text)
    }

    // MARK: Order

    private mutating func resolve(_ context: TextTemplateContext) {
        var context = context
        context.variables = [:]
        let functions = context.functionsOfVariables(environment: input.environment, lookups: input.lookups)
        all = syntax.variables + undeclared
        for variable in all { findNeeds(variable, functions) }
        for variable in all { resolve(variable, functions) }
    }

    /// Variables that are not declared and have values, because the template uses them.
    private var undeclared: [PackerJSONSyntax.Variable] {
        raw.filter { !isDeclared($0.key) }.sorted { $0.key < $1.key }.map { name, value in
            .init(
                name: name,
                nameRange: value.range ?? HCLRange(SourceText(name: "", text: ""), 0..<0),
                defaultValue: nil
            )
        }
    }

    /// Other variables that a value names.
    private mutating func findNeeds(
        _ variable: PackerJSONSyntax.Variable,
        _ functions: [String: TextTemplateFunction]
    ) {
        guard let text = raw[variable.name]?.text, text.contains("{{"),
            let parsed = try? TextTemplateParser.parse(text, functions: functions)
        else { return }
        needs[variable.name] = parsed.userVariables
    }

    private mutating func resolve(
        _ variable: PackerJSONSyntax.Variable,
        _ functions: [String: TextTemplateFunction]
    ) {
        guard texts[variable.name] == nil else { return }
        open.append(variable.name)
        defer { open.removeLast() }
        for need in (needs[variable.name] ?? []).sorted() where texts[need] == nil {
            if let start = open.firstIndex(of: need) {
                reportCycle(Array(open[start...]), variable)
                continue
            }
            guard let other = all.first(where: { $0.name == need }) else { continue }
            resolve(other, functions)
        }
        guard texts[variable.name] == nil else { return }
        texts[variable.name] = value(of: variable, functions)
    }

    private mutating func reportCycle(_ cycle: [String], _ variable: PackerJSONSyntax.Variable) {
        fail(
            "cycle",
            "Variables depend on each other",
            "None of them has a value before the others: \((cycle + [cycle[0]]).joined(separator: " → ")).",
            raw[variable.name]?.range ?? variable.nameRange
        )
        for name in cycle where texts[name] == nil {
            texts[name] = SettingText("", isSensitive: sensitive.contains(name), isKnown: false)
        }
    }

    private mutating func value(
        of variable: PackerJSONSyntax.Variable,
        _ functions: [String: TextTemplateFunction]
    ) -> SettingText {
        let isSensitive = sensitive.contains(variable.name)
        guard let raw = raw[variable.name] else {
            diagnostics.append(
                .hcl(
                    "packer.unset",
                    "Unset variable \"\(variable.name)\"",
                    "Its default is null, so that a value has to be given.",
                    variable.nameRange,
                    advice: "Give it one with -var \(variable.name)=… or in a file with -var-file."
                )
            )
            return SettingText("", isSensitive: isSensitive, isKnown: false)
        }
        var functions = functions
        functions["user"] = TextTemplateContext.user(texts)
        let outcome = TextTemplateOutcome.settling(raw.text, functions)
        let value = SettingValue(.text(raw.text), range: raw.range)
        for fault in outcome.faults {
            var problem = fault.diagnostic(in: value)
            if raw.range == nil { problem.notes.append(.init("In the value of -var \(variable.name)=…")) }
            diagnostics.append(problem)
        }
        return SettingText(
            outcome.text,
            isSensitive: isSensitive || outcome.isSensitive,
            isTemplate: outcome.isTemplate,
            isKnown: outcome.faults.isEmpty && !outcome.asksUnknown
        )
    }
}

extension TextTemplateSyntax {
    /// Names of variables that are called by a constant name.
    var userVariables: Set<String> {
        var names: Set<String> = []
        for node in nodes + definitions.values.flatMap({ $0 }) { node.collectUserVariables(&names) }
        return names
    }
}

extension TextTemplateNode {
    fileprivate func collectUserVariables(_ names: inout Set<String>) {
        switch self {
        case .text, .leave, .next: break
        case .action(let pipeline): pipeline.collectUserVariables(&names)
        case .branch(let pipeline, let first, let second), .with(let pipeline, let first, let second),
            .range(let pipeline, let first, let second):
            pipeline.collectUserVariables(&names)
            for node in first + second { node.collectUserVariables(&names) }
        case .inclusion(_, let pipeline, _): pipeline?.collectUserVariables(&names)
        }
    }
}

extension TextTemplatePipeline {
    fileprivate func collectUserVariables(_ names: inout Set<String>) {
        for (place, command) in commands.enumerated() {
            if case .function("user") = command.words[0].form {
                let argument =
                    command.words.count > 1 ? command.words[1] : place > 0 ? commands[place - 1].words[0] : nil
                if case .constant(.text(let name))? = argument?.form { names.insert(name) }
            }
            for word in command.words {
                if case .group(let pipeline) = word.form { pipeline.collectUserVariables(&names) }
            }
        }
    }
}
