import RoostLanguage

/// What things of a template of JSON are called in HCL2.
struct PackerUpgradeNames {
    struct Variable {
        /// As the template of JSON calls it.
        var name: String
        /// As HCL2 does.
        var identifier: String
        /// Whether its value is computed from others, so that a local gives it.
        var isComputed: Bool
        /// Whether its default may be an empty text.
        var mayBeEmpty: Bool
        /// Whether its default holds templates that are rendered where it is used.
        var hasTemplates: Bool
        var defaultText: String?

        var reference: String { (isComputed ? "local." : "var.") + identifier }
    }

    struct Source {
        var type: String
        /// The second label of the block.
        var label: String
        /// How the build calls it, when no label can be that.
        var localName: String?
        /// Whether its name depends on variables, which HCL2 does not know.
        var isDynamic: Bool

        var name: String { localName ?? label }
        var reference: String { "\(type).\(name)" }
    }

    private(set) var variables: [String: Variable] = [:]
    /// In the order of the builders.
    private(set) var sources: [Source] = []
    /// Variables that are used and not declared, by their names, with the place of their first use.
    private(set) var undeclared: [PackerJSONUse] = []
    private(set) var diagnostics: [Diagnostic] = []
    private var taken: Set<String> = []

    init(_ syntax: PackerJSONSyntax, functions: [String: TextTemplateFunction]) {
        for variable in syntax.variables { add(variable, functions) }
        for use in syntax.uses(functions) where variables[use.name] == nil { addUndeclared(use) }
        taken = []
        for builder in syntax.builders { add(builder) }
    }

    private mutating func add(_ variable: PackerJSONSyntax.Variable, _ functions: [String: TextTemplateFunction]) {
        let identifier = unused(Self.identifier(variable.name, or: "variable"))
        if identifier != variable.name {
            warn("variable-name", "Variable \"\(variable.name)\" becomes \"\(identifier)\"", variable.nameRange)
        }
        let text = variable.defaultValue?.text ?? ""
        let parsed = text.contains("{{") ? try? TextTemplateParser.parse(text, functions: functions) : nil
        let calls = parsed?.functionNames ?? []
        variables[variable.name] = Variable(
            name: variable.name,
            identifier: identifier,
            isComputed: calls.contains("user"),
            mayBeEmpty: text.isEmpty || !calls.isDisjoint(with: ["env", "user"]),
            hasTemplates: parsed?.needsGo == true,
            defaultText: variable.defaultValue?.text
        )
    }

    private mutating func addUndeclared(_ use: PackerJSONUse) {
        let identifier = unused(Self.identifier(use.name, or: "variable"))
        variables[use.name] = Variable(
            name: use.name,
            identifier: identifier,
            isComputed: false,
            mayBeEmpty: true,
            hasTemplates: false,
            defaultText: nil
        )
        undeclared.append(use)
    }

    private mutating func add(_ builder: PackerJSONSyntax.Builder) {
        let name = builder.rawName
        let isDynamic = name.contains("{{")
        let label = unused(Self.identifier(name, or: builder.type.text), "\(builder.type.text).")
        let source = Source(
            type: builder.type.text,
            label: label,
            localName: isDynamic || label == name ? nil : name,
            isDynamic: isDynamic
        )
        if isDynamic {
            warn(
                "source-name",
                "The builder is called \"\(label)\" from now on",
                builder.name?.range ?? builder.type.range,
                detail: "In HCL2 names of sources cannot depend on variables."
            )
        }
        sources.append(source)
    }

    private mutating func warn(_ code: String, _ summary: String, _ range: HCLRange, detail: String? = nil) {
        diagnostics.append(
            .warning(
                "upgrade.\(code)",
                summary,
                at: range.span,
                detail: detail ?? "HCL2 knows letters, digits, underscores and hyphens in names, with a letter first."
            )
        )
    }

    /// A name that nothing else has.
    private mutating func unused(_ name: String, _ scope: String = "") -> String {
        var (result, number) = (name, 2)
        while !taken.insert(scope + result).inserted {
            result = "\(name)_\(number)"
            number += 1
        }
        return result
    }

    /// Letters, digits, underscores and hyphens, with a letter first.
    static func identifier(_ text: String, or other: String) -> String {
        var plain = text
        for word in ["{{user", "{{ user", "{{"] { plain = plain.replacing(word, with: "") }
        var result = ""
        for scalar in plain.unicodeScalars {
            switch scalar {
            case "a"..."z", "A"..."Z", "0"..."9", "_", "-": result.unicodeScalars.append(scalar)
            case "`", "\"", "}": break
            case " " where text.contains("{{"): break
            default: result += "_"
            }
        }
        guard let first = result.unicodeScalars.first else { return other }
        switch first {
        case "a"..."z", "A"..."Z": return result
        default: return "x\(result.hasPrefix("_") ? "" : "_")\(result)"
        }
    }

    /// The source that `only`, `except` or `override` names.
    func source(_ name: String, of syntax: PackerJSONSyntax) -> Source? {
        zip(syntax.builders, sources).first { $0.0.rawName == name }?.1
    }
}

extension TextTemplateSyntax {
    /// Names of all functions that are called.
    var functionNames: Set<String> {
        var names: Set<String> = []
        visit { pipeline in
            for word in pipeline.commands.flatMap(\.words) {
                if case .function(let name) = word.form { names.insert(name) }
            }
        }
        return names
    }

    /// Whether something in it is left to text templates in HCL2, too.
    fileprivate var needsGo: Bool {
        var needs = false
        visit { pipeline in
            let isVariable = pipeline.commands.count == 1 && pipeline.commands[0].words.count == 2
            if case .function(let name) = pipeline.commands[0].words[0].form, isVariable,
                ["user", "env"].contains(name)
            {
                return
            }
            needs = true
        }
        return needs
    }

    /// Goes through all pipelines, also those within others.
    func visit(_ body: (TextTemplatePipeline) -> Void) {
        for node in nodes + definitions.values.flatMap({ $0 }) { node.visit(body) }
    }
}

extension TextTemplateNode {
    func visit(_ body: (TextTemplatePipeline) -> Void) {
        switch self {
        case .text, .leave, .next: break
        case .action(let pipeline): pipeline.visit(body)
        case .branch(let pipeline, let first, let second), .with(let pipeline, let first, let second),
            .range(let pipeline, let first, let second):
            pipeline.visit(body)
            for node in first + second { node.visit(body) }
        case .inclusion(_, let pipeline, _): pipeline?.visit(body)
        }
    }
}

extension TextTemplatePipeline {
    func visit(_ body: (TextTemplatePipeline) -> Void) {
        body(self)
        for word in commands.flatMap(\.words) {
            if case .group(let pipeline) = word.form { pipeline.visit(body) }
        }
    }
}
