import Foundation
import RoostLanguage

/// Translates text templates to texts of HCL2.
///
/// What HCL2 has words for becomes an expression; the rest stays a text template, which HCL2 renders after its own expressions.
struct TextTemplateTranslation {
    /// Where a text stands, which decides what it may speak of.
    enum Place {
        case variable
        /// The value of a variable that is computed from others.
        case local
        case builder(PackerUpgradeNames.Source, name: [HCLPiece])
        /// A provisioner or post-processor; the name is known when all builds have the same.
        case step(name: [HCLPiece]?)
    }

    let names: PackerUpgradeNames
    let functions: [String: TextTemplateFunction]
    let place: Place
    private(set) var faults: [TextTemplateFault] = []
    /// What should be looked at, though it can be said.
    private(set) var doubts: [TextTemplateFault] = []
    /// Expressions that only the default of a variable may hold, with the names of variables that are made for them.
    var auxiliaries: [(expression: String, name: String)] = []

    init(
        names: PackerUpgradeNames,
        functions: [String: TextTemplateFunction],
        place: Place,
        auxiliaries: [(expression: String, name: String)] = []
    ) {
        self.names = names
        self.functions = functions
        self.place = place
        self.auxiliaries = auxiliaries
    }

    /// Functions that mean nothing, or something else, in text templates of HCL2.
    private static let foreign: Set<String> = [
        "user", "env", "build", "build_name", "build_type", "template_dir", "pwd", "packer_version", "vault",
        "consul_key", "aws_secretsmanager", "aws_secretsmanager_raw", "sed",
    ]

    mutating func pieces(_ text: String) -> [HCLPiece] {
        guard text.contains("{{") else { return text.isEmpty ? [] : [.text(text)] }
        do throws(TextTemplateFault) {
            let syntax = try TextTemplateParser.parse(text, functions: functions)
            if syntax.functionNames.isDisjoint(with: Self.foreign) { return [.text(text)] }
            var result: [HCLPiece] = []
            for (name, nodes) in syntax.definitions.sorted(by: { $0.key < $1.key }) {
                result.add("{{define \(TextTemplatePrinter.quoted(name))}}")
                result.add(pieces(nodes))
                result.add("{{end}}")
            }
            result.add(pieces(syntax.nodes))
            return result
        } catch {
            faults.append(error)
            return [.text(text)]
        }
    }

    // MARK: Nodes

    private mutating func pieces(_ nodes: [TextTemplateNode]) -> [HCLPiece] {
        var result: [HCLPiece] = []
        for node in nodes {
            let next = pieces(node)
            // A brace before an action would be read together with its own.
            if case .text(let before)? = result.last, before.hasSuffix("{"), case .text(let text)? = next.first,
                text.hasPrefix("{{")
            {
                result[result.count - 1] = .text(before.dropLast() + "{{`{`}}")
            }
            result.add(next)
        }
        return result
    }

    private mutating func pieces(_ node: TextTemplateNode) -> [HCLPiece] {
        switch node {
        case .text(let text): return [.text(text)]
        case .leave: return [.text("{{break}}")]
        case .next: return [.text("{{continue}}")]
        case .action(let pipeline):
            if pipeline.variables.isEmpty, isForeign(pipeline), let expression = expression(pipeline) {
                return [expression]
            }
            return wrapped("{{", pipeline, "}}")
        case .branch(let pipeline, let then, let otherwise): return control("if", pipeline, then, otherwise)
        case .with(let pipeline, let then, let otherwise): return control("with", pipeline, then, otherwise)
        case .range(let pipeline, let body, let otherwise): return control("range", pipeline, body, otherwise)
        case .inclusion(let name, let pipeline, _):
            let start = "{{template \(TextTemplatePrinter.quoted(name))"
            return pipeline.map { wrapped(start + " ", $0, "}}") } ?? [.text(start + "}}")]
        }
    }

    private mutating func control(
        _ word: String,
        _ pipeline: TextTemplatePipeline,
        _ body: [TextTemplateNode],
        _ otherwise: [TextTemplateNode]
    ) -> [HCLPiece] {
        var result = wrapped("{{\(word) ", pipeline, "}}")
        result.add(pieces(body))
        if !otherwise.isEmpty {
            result.add("{{else}}")
            result.add(pieces(otherwise))
        }
        result.add("{{end}}")
        return result
    }

    private func isForeign(_ pipeline: TextTemplatePipeline) -> Bool {
        !TextTemplateSyntax(nodes: [.action(pipeline)]).functionNames.isDisjoint(with: Self.foreign)
    }

    // MARK: Pipelines that stay

    /// A pipeline of a text template, with values that HCL2 gives standing in quotes in it.
    private mutating func wrapped(_ start: String, _ pipeline: TextTemplatePipeline, _ end: String) -> [HCLPiece] {
        var placeholders: [HCLPiece] = []
        let replaced = replacing(pipeline, &placeholders)
        let parts = (start + TextTemplatePrinter.text(replaced) + end).components(separatedBy: "`\u{F0000}`")
        var result: [HCLPiece] = [.text(parts[0])]
        for (placeholder, part) in zip(placeholders, parts.dropFirst()) {
            result.add("`")
            result.add([placeholder])
            result.add("`" + part)
            if case .expression(let expression) = placeholder {
                doubts.append(
                    TextTemplateFault(
                        "quotes",
                        "A value must not hold a backtick",
                        "\(expression) stands between backticks, because the template around it has no counterpart in HCL2.",
                        at: pipeline.range
                    )
                )
            }
        }
        return result
    }

    private mutating func replacing(
        _ pipeline: TextTemplatePipeline,
        _ placeholders: inout [HCLPiece]
    ) -> TextTemplatePipeline {
        var result = pipeline
        for place in pipeline.commands.indices {
            let command = pipeline.commands[place]
            if place == 0, isForeignCall(command), let piece = call(command, piped: nil) {
                placeholders.append(piece)
                result.commands[place].words = [Self.placeholder(command.range)]
                continue
            }
            for word in command.words.indices {
                result.commands[place].words[word] = replacing(command.words[word], isFirst: word == 0, &placeholders)
            }
        }
        return result
    }

    private mutating func replacing(
        _ word: TextTemplateOperand,
        isFirst: Bool,
        _ placeholders: inout [HCLPiece]
    ) -> TextTemplateOperand {
        switch word.form {
        case .function(let name) where Self.foreign.contains(name):
            let command = TextTemplateCommand(words: [word], range: word.range)
            guard !isFirst, let piece = call(command, piped: nil) else {
                refuse("\"\(name)\" cannot be said in HCL2 in this place.", word.range)
                return word
            }
            placeholders.append(piece)
            return Self.placeholder(word.range)
        case .group(let pipeline) where isForeign(pipeline):
            if word.fields.isEmpty, pipeline.variables.isEmpty, let piece = expression(pipeline) {
                placeholders.append(piece)
                return Self.placeholder(word.range)
            }
            var result = word
            result.form = .group(replacing(pipeline, &placeholders))
            return result
        default: return word
        }
    }

    private static func placeholder(_ range: Range<Int>) -> TextTemplateOperand {
        TextTemplateOperand(form: .constant(.text("\u{F0000}")), range: range)
    }

    private func isForeignCall(_ command: TextTemplateCommand) -> Bool {
        if case .function(let name) = command.words[0].form { Self.foreign.contains(name) } else { false }
    }

    private mutating func refuse(_ detail: String, _ range: Range<Int>, advice: String? = nil) {
        let fault = TextTemplateFault(
            "untranslatable",
            "This cannot be said in HCL2",
            detail,
            at: range,
            advice: advice
        )
        if !faults.contains(where: { $0.range?.overlaps(range) == true }) { faults.append(fault) }
    }

    // MARK: Expressions

    /// The pipeline as an expression of HCL2; nil when it has none.
    private mutating func expression(_ pipeline: TextTemplatePipeline) -> HCLPiece? {
        var value: HCLPiece?
        for (place, command) in pipeline.commands.enumerated() {
            guard let next = call(command, piped: place == 0 ? nil : value) else { return nil }
            value = next
        }
        return value
    }

    private mutating func call(_ command: TextTemplateCommand, piped: HCLPiece?) -> HCLPiece? {
        guard case .function(let name) = command.words[0].form else {
            return command.words.count == 1 && piped == nil ? argument(command.words[0]) : nil
        }
        var arguments: [HCLPiece] = []
        for word in command.words.dropFirst() {
            guard let argument = argument(word) else { return nil }
            arguments.append(argument)
        }
        if let piped { arguments.append(piped) }
        return call(name, arguments, command.range)
    }

    /// A constant is a text piece, everything else an expression.
    private mutating func argument(_ word: TextTemplateOperand) -> HCLPiece? {
        guard word.fields.isEmpty else { return nil }
        switch word.form {
        case .constant(.text(let text)): return .text(text)
        case .constant(.whole(let number)): return .expression(String(number))
        case .group(let pipeline): return pipeline.variables.isEmpty ? expression(pipeline) : nil
        case .function(let name): return call(name, [], word.range)
        default: return nil
        }
    }

    private mutating func call(_ name: String, _ arguments: [HCLPiece], _ range: Range<Int>) -> HCLPiece? {
        let sources = arguments.map { [$0].source }
        let texts = arguments.map { if case .text(let text) = $0 { text } else { nil as String? } }
        switch (name, arguments.count) {
        case ("user", 1): return user(texts[0], range)
        case ("env", 1), ("vault", 2), ("consul_key", 1), ("aws_secretsmanager", 1), ("aws_secretsmanager", 2),
            ("aws_secretsmanager_raw", 1):
            return onlyInDefaults("\(name)(\(sources.joined(separator: ", ")))", name, texts, range)
        case ("build", 1): return build(texts[0], range)
        case ("build_name", 0), ("build_type", 0): return ofBuild(name)
        case ("template_dir", 0): return .expression("path.root")
        case ("pwd", 0): return .expression("path.cwd")
        case ("packer_version", 0): return .expression("packer.version")
        case ("sed", _):
            refuse("sed was removed from Packer.", range, advice: "Use replace or replace_all.")
            return nil
        case ("upper", 1), ("lower", 1):
            noteRenderedLater(sources, name, range)
            return .expression("\(name)(\(sources[0]))")
        case ("replace_all", 3):
            noteRenderedLater(sources, name, range)
            return .expression("replace(\(sources[2]), \(sources[0]), \(sources[1]))")
        case ("replace", 4) where sources[2].hasPrefix("-"):
            noteRenderedLater(sources, name, range)
            return .expression("replace(\(sources[3]), \(sources[0]), \(sources[1]))")
        case ("split", 3):
            noteRenderedLater(sources, name, range)
            return .expression("split(\(sources[1]), \(sources[0]))[\(sources[2])]")
        default: return nil
        }
    }

    private mutating func user(_ name: String?, _ range: Range<Int>) -> HCLPiece? {
        guard let name else {
            refuse("The name of a variable has to be a text, not something that is computed.", range)
            return nil
        }
        guard let variable = names.variables[name] else { return nil }
        return .expression(variable.reference)
    }

    /// Functions that no other place may call; elsewhere a variable is made that calls it.
    private mutating func onlyInDefaults(
        _ expression: String,
        _ name: String,
        _ texts: [String?],
        _ range: Range<Int>
    ) -> HCLPiece? {
        switch place {
        case .variable: return .expression(expression)
        case .local:
            if let known = auxiliaries.first(where: { $0.expression == expression }) {
                return .expression("var.\(known.name)")
            }
            let taken = Set(names.variables.values.map(\.identifier) + auxiliaries.map(\.name))
            let wanted = PackerUpgradeNames.identifier("\(name)_\(texts.last?.flatMap(\.self) ?? "value")", or: name)
            let free = taken.contains(wanted) ? "\(wanted)_\(auxiliaries.count + 2)" : wanted
            auxiliaries.append((expression, free))
            return .expression("var.\(free)")
        case .builder, .step:
            refuse(
                "\"\(name)\" may be called in the default of a variable only.",
                range,
                advice: "Give a variable this default, and use that variable here."
            )
            return nil
        }
    }

    private mutating func build(_ name: String?, _ range: Range<Int>) -> HCLPiece? {
        guard case .step = place, let name else {
            refuse("Only provisioners and post-processors know the running build.", range)
            return nil
        }
        return .expression("build.\(name)")
    }

    private func ofBuild(_ name: String) -> HCLPiece? {
        switch place {
        case .variable, .local: return nil
        case .builder(let source, let pieces):
            return name == "build_type" ? .text(source.type) : Self.single(pieces)
        case .step(let pieces):
            if name == "build_name", let pieces { return Self.single(pieces) }
            return .expression(name == "build_type" ? "source.type" : "source.name")
        }
    }

    private static func single(_ pieces: [HCLPiece]) -> HCLPiece {
        pieces.count == 1 ? pieces[0] : .expression(pieces.source)
    }

    /// Functions of HCL2 see a text before templates in it are rendered.
    private mutating func noteRenderedLater(_ sources: [String], _ name: String, _ range: Range<Int>) {
        for variable in names.variables.values where variable.hasTemplates {
            guard sources.contains(where: { $0.contains(variable.reference) }) else { continue }
            doubts.append(
                TextTemplateFault(
                    "rendered-later",
                    "\"\(name)\" gets a text before templates in it are rendered",
                    "The default of \"\(variable.name)\" holds templates, which HCL2 renders after its own functions.",
                    at: range
                )
            )
        }
    }
}
