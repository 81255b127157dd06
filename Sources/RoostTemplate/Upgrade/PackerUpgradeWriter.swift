import Foundation
import RoostLanguage

/// Writes the parts of a template in the order in which HCL2 people look for them.
struct PackerUpgradeWriter {
    private let syntax: PackerJSONSyntax
    private let isAnnotated: Bool
    private let names: PackerUpgradeNames
    private let functions: [String: TextTemplateFunction]
    private var writer = HCLSourceWriter()
    private(set) var diagnostics: [Diagnostic] = []

    init(_ syntax: PackerJSONSyntax, isAnnotated: Bool) {
        self.syntax = syntax
        self.isAnnotated = isAnnotated
        functions = Self.functions(syntax)
        names = PackerUpgradeNames(syntax, functions: functions)
        diagnostics = names.diagnostics
    }

    /// What things are called afterwards.
    static func names(_ syntax: PackerJSONSyntax) -> PackerUpgradeNames {
        PackerUpgradeNames(syntax, functions: functions(syntax))
    }

    /// All functions that a template of JSON may call anywhere; none is called here.
    private static func functions(_ syntax: PackerJSONSyntax) -> [String: TextTemplateFunction] {
        let context = TextTemplateContext(
            variables: [:],
            now: Date(timeIntervalSince1970: 0),
            templateFolder: "/",
            workingFolder: "/"
        )
        let ofClouds = context.functions(for: ComponentName(.builder, "azure-arm"))
        return context.functions(for: ComponentName(.provisioner, "")).merging(ofClouds) { first, _ in first }
    }

    var text: String { writer.text }

    mutating func write() {
        writeComments()
        if let version = syntax.minimumVersion {
            annotate("The versions of Packer that the template is for.")
            writer.block("packer") { $0.argument("required_version", [HCLPiece].quoted(">= \(version.text)")) }
            writer.line()
        }
        writeVariables()
        for (builder, source) in zip(syntax.builders, names.sources) { write(builder, source) }
        if !syntax.builders.isEmpty { writeBuild() }
    }

    private mutating func annotate(_ text: String) { if isAnnotated { writer.comment(text) } }

    private mutating func writeComments() {
        for comment in syntax.comments {
            let name = comment.name.drop { $0 == "_" }
            writer.comment(
                name.lowercased().hasPrefix("comment") || name.isEmpty ? comment.text : "\(name): \(comment.text)"
            )
        }
        for node in syntax.ignored where node.name.lowercased() == "comments" {
            writer.comment(node.value.settingValue.commentText)
        }
        if !syntax.comments.isEmpty || syntax.ignored.contains(where: { $0.name.lowercased() == "comments" }) {
            writer.line()
        }
        for node in syntax.ignored where node.name.lowercased() != "comments" {
            diagnostics.append(
                .warning(
                    "upgrade.ignored",
                    "\"\(node.name)\" is left out",
                    at: node.nameRange.span,
                    detail: "Packer accepts it without effect, and HCL2 has no place for it."
                )
            )
        }
    }

    private mutating func note(_ translation: TextTemplateTranslation, _ value: SettingValue) {
        diagnostics += translation.faults.map { $0.upgradeProblem(in: value) }
        diagnostics += translation.doubts.map { $0.upgradeProblem(in: value).asWarning }
    }

    // MARK: Variables

    private mutating func writeVariables() {
        let sensitive = Set(syntax.sensitiveVariables.map(\.text))
        for name in syntax.sensitiveVariables where names.variables[name.text] == nil {
            diagnostics.append(
                .warning(
                    "packer-json.undeclared-sensitive",
                    "No variable \"\(name.text)\" is declared that could be sensitive",
                    at: name.range.span,
                    advice: suggestion(name.text, among: names.variables.keys.sorted())
                )
            )
        }
        var (locals, auxiliaries): ([(String, String)], [(expression: String, name: String)]) = ([], [])
        if !syntax.variables.isEmpty {
            annotate("Values are given with -var, in files with -var-file, or in PKR_VAR_name.")
        }
        for variable in syntax.variables {
            guard let known = names.variables[variable.name] else { continue }
            var defaultSource: String?
            if let given = variable.defaultValue {
                let place: TextTemplateTranslation.Place = known.isComputed ? .local : .variable
                var translation = TextTemplateTranslation(
                    names: names,
                    functions: functions,
                    place: place,
                    auxiliaries: auxiliaries
                )
                let source = translation.pieces(given.text).source
                auxiliaries = translation.auxiliaries
                note(translation, SettingValue(.text(given.text), range: given.range))
                defaultSource = known.isComputed ? "null" : source
                if known.isComputed {
                    let own = "var.\(known.identifier)"
                    locals.append((known.identifier, "\(own) == null ? \(source) : \(own)"))
                }
            }
            write(known.identifier, defaultSource, isSensitive: sensitive.contains(variable.name))
        }
        writeUndeclared(sensitive)
        for auxiliary in auxiliaries {
            write(auxiliary.name, auxiliary.expression, isSensitive: !auxiliary.expression.hasPrefix("env("))
        }
        guard !locals.isEmpty else { return }
        annotate("Values that are computed from others, unless they are given.")
        writer.block("locals") { writer in for local in locals { writer.argument(local.0, local.1) } }
        writer.line()
    }

    /// Variables that the template uses and does not declare: their values come from elsewhere, and HCL2 wants them declared.
    private mutating func writeUndeclared(_ sensitive: Set<String>) {
        for use in names.undeclared {
            diagnostics.append(
                .warning(
                    "upgrade.undeclared",
                    "Variable \"\(use.name)\" is used and not declared; in HCL2 it has to be given a value",
                    at: use.range?.span,
                    advice: suggestion(use.name, among: syntax.variables.map(\.name))
                )
            )
            guard let variable = names.variables[use.name] else { continue }
            write(variable.identifier, nil, isSensitive: sensitive.contains(use.name))
        }
    }

    private mutating func write(_ identifier: String, _ defaultSource: String?, isSensitive: Bool) {
        writer.block("variable", [identifier]) { writer in
            writer.argument("type", "string")
            if let defaultSource { writer.argument("default", defaultSource) }
            if isSensitive { writer.argument("sensitive", "true") }
        }
        writer.line()
    }

    // MARK: Sources

    /// The name of a builder, which may hold variables.
    private mutating func namePieces(_ builder: PackerJSONSyntax.Builder) -> [HCLPiece] {
        guard let name = builder.name else { return [.text(builder.type.text)] }
        var translation = TextTemplateTranslation(names: names, functions: functions, place: .variable)
        let pieces = translation.pieces(name.text)
        note(translation, SettingValue(.text(name.text), range: name.range))
        return pieces
    }

    private mutating func write(_ builder: PackerJSONSyntax.Builder, _ source: PackerUpgradeNames.Source) {
        let component = ComponentName(.builder, builder.type.text, range: builder.type.range)
        let place = TextTemplateTranslation.Place.builder(source, name: namePieces(builder))
        var settings = PackerUpgradeSettings(.init(names: names, functions: functions, place: place), component)
        annotate("A machine that becomes an image.")
        writer.block("source", [source.type, source.label]) { writer in
            settings.write(ImageSettings(builder.settings, in: builder.range), to: &writer)
        }
        writer.line()
        diagnostics += settings.diagnostics
    }

    // MARK: The build

    private mutating func writeBuild() {
        annotate("What is done on each machine, and with its image.")
        var inner = HCLSourceWriter()
        if let description = syntax.description { inner.argument("description", [HCLPiece].quoted(description.text)) }
        writeSources(to: &inner)
        for step in syntax.provisioners { write(step, "provisioner", .provisioner, to: &inner) }
        if let step = syntax.errorCleanup { write(step, "error-cleanup-provisioner", .provisioner, to: &inner) }
        for chain in syntax.postProcessors { write(chain, to: &inner) }
        writer.line("build {")
        for line in inner.text.split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
            writer.line(String(line))
        }
        writer.line("}")
    }

    /// One list, or blocks in the order of the builders when one of them needs a name of its own.
    private func writeSources(to writer: inout HCLSourceWriter) {
        guard names.sources.contains(where: { $0.localName != nil }) else {
            let items = names.sources.map { [HCLPiece].quoted("source.\($0.type).\($0.label)") }
            let list = items.count == 1 ? "[\(items[0])]" : "[\n" + items.map { $0 + ",\n" }.joined() + "]"
            return writer.argument("sources", list)
        }
        for source in names.sources {
            if !writer.text.isEmpty { writer.line() }
            writer.block("source", ["source.\(source.type).\(source.label)"]) { writer in
                if let name = source.localName { writer.argument("name", [HCLPiece].quoted(name)) }
            }
        }
    }

    private mutating func write(_ chain: [PackerJSONSyntax.Step], to writer: inout HCLSourceWriter) {
        guard chain.count > 1 else {
            for step in chain { write(step, "post-processor", .postProcessor, to: &writer) }
            return
        }
        writer.line()
        writer.line("post-processors {")
        for (place, step) in chain.enumerated() {
            write(step, "post-processor", .postProcessor, to: &writer, isFirst: place == 0)
        }
        writer.line("}")
    }

    private mutating func write(
        _ step: PackerJSONSyntax.Step,
        _ block: String,
        _ kind: ComponentKind,
        to writer: inout HCLSourceWriter,
        isFirst: Bool = false
    ) {
        let component = ComponentName(kind, step.type.text, range: step.type.range)
        let name = syntax.builders.count == 1 && names.sources[0].isDynamic ? namePieces(syntax.builders[0]) : nil
        let translation = TextTemplateTranslation(names: names, functions: functions, place: .step(name: name))
        var settings = PackerUpgradeSettings(translation, component)
        if !isFirst, !writer.text.isEmpty { writer.line() }
        writer.line("\(block) \([HCLPiece].quoted(step.type.text)) {")
        if let name = step.name { writer.argument("name", [HCLPiece].quoted(name.text)) }
        writeChoice(step, to: &writer)
        if let text = step.pauseText { writer.argument("pause_before", [HCLPiece].quoted(text)) }
        if let text = step.timeoutText { writer.argument("timeout", [HCLPiece].quoted(text)) }
        if step.retries > 0 { writer.argument("max_retries", String(step.retries)) }
        if let keeps = step.keepsInputArtifact { writer.argument("keep_input_artifact", keeps ? "true" : "false") }
        if !step.overrides.isEmpty {
            var items: [String] = []
            for override in step.overrides {
                let key = source(override.build)?.name ?? override.build.text
                items.append(
                    "\(HCLObjectKey.source(key)) = \(settings.object(ImageSettings(override.settings, in: override.range)))"
                )
            }
            writer.argument("override", "{\n" + items.joined(separator: "\n") + "\n}")
        }
        settings.write(ImageSettings(step.settings, in: step.range), to: &writer)
        writer.line("}")
        diagnostics += settings.diagnostics
    }

    private mutating func writeChoice(_ step: PackerJSONSyntax.Step, to writer: inout HCLSourceWriter) {
        for (key, builds) in [("only", step.only), ("except", step.except)] where !builds.isEmpty {
            var items: [String] = []
            for build in builds { items.append([HCLPiece].quoted(source(build)?.reference ?? build.text)) }
            writer.argument(key, "[\(items.joined(separator: ", "))]")
        }
    }

    /// The source that a step names.
    private mutating func source(_ build: PackerJSONSyntax.Text) -> PackerUpgradeNames.Source? {
        if let source = names.source(build.text, of: syntax) { return source }
        let known = syntax.builders.map(\.rawName)
        diagnostics.append(
            .error(
                "packer-json.unknown-build",
                "No builder is called \"\(build.text)\"",
                at: build.range.span,
                advice: suggestion(build.text, among: known),
                detail: "There are \(known.joined(separator: ", "))."
            )
        )
        return nil
    }
}

extension SettingValue {
    /// As lines of a comment.
    fileprivate var commentText: String {
        switch form {
        case .null, .later: ""
        case .text(let text), .template(let text): text
        case .number(let number): number.description
        case .truth(let truth): truth ? "true" : "false"
        case .list(let elements): elements.map(\.commentText).joined(separator: "\n")
        case .object(let settings):
            settings.entries.map { "\($0.name): \($0.value.commentText)" }.joined(separator: "\n")
        }
    }
}
