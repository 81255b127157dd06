/// Writes text templates in one form, whatever blanks and quotes they were written with.
enum TextTemplatePrinter {
    static func text(_ syntax: TextTemplateSyntax) -> String {
        let definitions = syntax.definitions.sorted { $0.key < $1.key }.map { name, nodes in
            "{{define \(quoted(name))}}\(text(nodes)){{end}}"
        }
        return definitions.joined() + text(syntax.nodes)
    }

    /// Between backticks, or where they are in the text between double quotes.
    static func quoted(_ text: String) -> String {
        text.unicodeScalars.contains { $0 == "`" || $0 == "\r" || $0 == "\n" }
            ? TextTemplateFormat.quoted(text) : "`\(text)`"
    }

    static func text(_ nodes: [TextTemplateNode]) -> String {
        var result = ""
        for node in nodes {
            // Braces before an action would be read together with its own.
            if case .text = node {} else if result.hasSuffix("{") { result = result.dropLast() + "{{`{`}}" }
            result += text(node)
        }
        return result
    }

    private static func text(_ node: TextTemplateNode) -> String {
        switch node {
        case .text(let text): text.replacing("{{", with: "{{`{{`}}")
        case .action(let pipeline): "{{\(text(pipeline))}}"
        case .branch(let pipeline, let then, let otherwise): control("if", pipeline, then, otherwise)
        case .with(let pipeline, let then, let otherwise): control("with", pipeline, then, otherwise)
        case .range(let pipeline, let body, let otherwise): control("range", pipeline, body, otherwise)
        case .inclusion(let name, let pipeline, _):
            "{{template \(quoted(name))\(pipeline.map { " " + text($0) } ?? "")}}"
        case .leave: "{{break}}"
        case .next: "{{continue}}"
        }
    }

    private static func control(
        _ name: String,
        _ pipeline: TextTemplatePipeline,
        _ body: [TextTemplateNode],
        _ otherwise: [TextTemplateNode]
    ) -> String {
        let rest = otherwise.isEmpty ? "" : "{{else}}" + text(otherwise)
        return "{{\(name) \(text(pipeline))}}\(text(body))\(rest){{end}}"
    }

    static func text(_ pipeline: TextTemplatePipeline) -> String {
        let commands = pipeline.commands.map { $0.words.map(text).joined(separator: " ") }.joined(separator: " | ")
        guard !pipeline.variables.isEmpty else { return commands }
        return pipeline.variables.joined(separator: ", ") + (pipeline.isAssignment ? " = " : " := ") + commands
    }

    private static func text(_ operand: TextTemplateOperand) -> String {
        let fields = operand.fields.map { "." + $0 }.joined()
        return switch operand.form {
        case .dot: fields.isEmpty ? "." : fields
        case .constant(.text(let text)): quoted(text)
        case .constant(.nothing): "nil"
        case .constant(let value): value.shown
        case .variable(let name): name + fields
        case .function(let name): name + fields
        case .group(let pipeline): "(\(text(pipeline)))\(fields)"
        }
    }
}
