/// Reads text templates: the language of Go's `text/template`.
struct TextTemplateParser {
    private static let depthLimit = 100
    private let tokens: [TextTemplateToken]
    private let functions: [String: TextTemplateFunction]
    private var place = 0
    private var definitions: [String: [TextTemplateNode]] = [:]
    /// Variables that are in sight.
    private var variables = ["$"]
    private var depth = 0
    private var loops = 0

    /// Reads a text, in which the given functions may be called.
    static func parse(
        _ text: String,
        functions: [String: TextTemplateFunction]
    ) throws(TextTemplateFault) -> TextTemplateSyntax {
        var parser = TextTemplateParser(try TextTemplateScanner.tokens(text), functions)
        let (nodes, keyword) = try parser.list()
        if let keyword { throw parser.fault("{{\(keyword.name)}} closes nothing that is open here.", keyword.range) }
        return TextTemplateSyntax(nodes: nodes, definitions: parser.definitions)
    }

    private init(_ tokens: [TextTemplateToken], _ functions: [String: TextTemplateFunction]) {
        self.tokens = tokens
        self.functions = functions
    }

    private var current: TextTemplateToken { tokens[place] }
    private mutating func advance() { if place < tokens.count - 1 { place += 1 } }

    private func fault(_ detail: String, _ range: Range<Int>) -> TextTemplateFault {
        TextTemplateFault("syntax", "Invalid text template", detail, at: range)
    }

    private typealias Keyword = (name: String, range: Range<Int>)

    // MARK: Nodes

    /// Nodes up to a keyword that ends them, which has been read as far as its word.
    private mutating func list() throws(TextTemplateFault) -> ([TextTemplateNode], Keyword?) {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.depthLimit else {
            throw fault("Templates may be nested \(Self.depthLimit) levels deep.", current.range)
        }
        var nodes: [TextTemplateNode] = []
        while true {
            switch current.kind {
            case .end: return (nodes, nil)
            case .text(let text):
                nodes.append(.text(text))
                advance()
            default:
                advance()
                if case .word(let name) = current.kind, name == "end" || name == "else" {
                    let range = current.range
                    advance()
                    return (nodes, (name, range))
                }
                if let node = try action() { nodes.append(node) }
            }
        }
    }

    private mutating func action() throws(TextTemplateFault) -> TextTemplateNode? {
        let start = current.range
        guard case .word(let name) = current.kind else { return .action(try wholePipeline()) }
        switch name {
        case "if", "with", "range":
            advance()
            return try control(name, start)
        case "break", "continue":
            advance()
            try close()
            guard loops > 0 else { throw fault("{{\(name)}} stands in no {{range}}.", start) }
            return name == "break" ? .leave(start) : .next(start)
        case "template":
            advance()
            return try inclusion()
        case "define", "block":
            advance()
            return try definition(name, start)
        default: return .action(try wholePipeline())
        }
    }

    /// A pipeline and the braces that close it.
    private mutating func wholePipeline() throws(TextTemplateFault) -> TextTemplatePipeline {
        let pipeline = try pipeline()
        try close()
        return pipeline
    }

    private mutating func close() throws(TextTemplateFault) {
        guard case .closing = current.kind else { throw fault("This is not expected here; \"}}\" is.", current.range) }
        advance()
    }

    private mutating func control(_ name: String, _ start: Range<Int>) throws(TextTemplateFault) -> TextTemplateNode {
        let count = variables.count
        defer { variables.removeLast(variables.count - count) }
        let pipeline = try wholePipeline()
        if name == "range" { loops += 1 }
        let (body, keyword) = try list()
        if name == "range" { loops -= 1 }
        var otherwise: [TextTemplateNode] = []
        if try isElse(keyword, name, start) { otherwise = try alternative(name, start) }
        return switch name {
        case "if": .branch(pipeline, then: body, otherwise: otherwise)
        case "with": .with(pipeline, then: body, otherwise: otherwise)
        default: .range(pipeline, body: body, otherwise: otherwise)
        }
    }

    private mutating func isElse(
        _ keyword: Keyword?,
        _ name: String,
        _ start: Range<Int>
    ) throws(TextTemplateFault) -> Bool {
        guard let keyword else { throw fault("This {{\(name)}} is never closed by {{end}}.", start) }
        if keyword.name == "else" { return true }
        try close()
        return false
    }

    /// What follows `{{else`: another condition, or the rest up to `{{end}}`.
    private mutating func alternative(
        _ name: String,
        _ start: Range<Int>
    ) throws(TextTemplateFault) -> [TextTemplateNode] {
        if case .word(let next) = current.kind, next == "if" || next == "with", name != "range" {
            depth += 1
            defer { depth -= 1 }
            guard depth <= Self.depthLimit else {
                throw fault("Templates may be nested \(Self.depthLimit) levels deep.", current.range)
            }
            advance()
            return [try control(next, start)]
        }
        try close()
        let (nodes, keyword) = try list()
        if try isElse(keyword, name, start) {
            throw fault("After {{else}} only {{end}} can follow.", keyword?.range ?? start)
        }
        return nodes
    }

    private mutating func name(_ keyword: String) throws(TextTemplateFault) -> String {
        guard case .quoted(let name) = current.kind else {
            throw fault("After \"\(keyword)\" the name of a template in quotes has to stand.", current.range)
        }
        advance()
        return name
    }

    private mutating func inclusion() throws(TextTemplateFault) -> TextTemplateNode {
        let range = current.range
        let name = try name("template")
        if case .closing = current.kind {
            advance()
            return .inclusion(name, nil, range)
        }
        return .inclusion(name, try wholePipeline(), range)
    }

    private mutating func definition(
        _ keyword: String,
        _ start: Range<Int>
    ) throws(TextTemplateFault) -> TextTemplateNode? {
        let range = current.range
        let name = try name(keyword)
        let argument = keyword == "block" ? try pipeline() : nil
        try close()
        let (outer, outerLoops) = (variables, loops)
        (variables, loops) = (["$"], 0)
        let (nodes, last) = try list()
        (variables, loops) = (outer, outerLoops)
        guard let last else { throw fault("This {{\(keyword)}} is never closed by {{end}}.", start) }
        guard last.name == "end" else { throw fault("{{else}} belongs to nothing here.", last.range) }
        try close()
        definitions[name] = nodes
        return argument.map { .inclusion(name, $0, range) }
    }

    // MARK: Pipelines

    private mutating func pipeline() throws(TextTemplateFault) -> TextTemplatePipeline {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.depthLimit else {
            throw fault("Templates may be nested \(Self.depthLimit) levels deep.", current.range)
        }
        let start = current.range.lowerBound
        let (names, isAssignment) = try declaration()
        var commands = [try command()]
        while case .sign("|") = current.kind {
            advance()
            commands.append(try command())
        }
        for (place, command) in commands.enumerated().dropFirst() {
            guard let first = command.words.first, !first.isCallable else { continue }
            throw fault("What is piped can only go to a function; command \(place + 1) is none.", command.range)
        }
        variables += isAssignment ? [] : names
        let end = commands[commands.count - 1].range.upperBound
        return TextTemplatePipeline(
            variables: names,
            isAssignment: isAssignment,
            commands: commands,
            range: start..<end
        )
    }

    /// `$x :=`, `$i, $x :=` or `$x =`.
    private mutating func declaration() throws(TextTemplateFault) -> (names: [String], isAssignment: Bool) {
        let start = place
        var names: [String] = []
        while case .variable(let name) = current.kind {
            names.append(name)
            let range = current.range
            advance()
            switch current.kind {
            case .sign(":="):
                advance()
                return (names, false)
            case .sign("="):
                advance()
                if let unknown = names.first(where: { !variables.contains($0) }) { throw undefined(unknown, range) }
                return (names, true)
            case .sign(",") where names.count == 1: advance()
            default:
                place = start
                return ([], false)
            }
        }
        place = start
        return ([], false)
    }

    private func undefined(_ name: String, _ range: Range<Int>) -> TextTemplateFault {
        TextTemplateFault(
            "unknown-variable",
            "Unknown variable",
            "The template has no variable \"\(name)\".",
            at: range,
            advice: suggestion(name, among: variables)
        )
    }

    private mutating func command() throws(TextTemplateFault) -> TextTemplateCommand {
        var words: [TextTemplateOperand] = []
        let start = current.range
        while let operand = try operand() { words.append(operand) }
        guard let last = words.last else { throw fault("A value or a function has to stand here.", start) }
        if words.count > 1, !words[0].isCallable {
            throw fault("This is no function, and so it takes no arguments.", words[0].range)
        }
        return TextTemplateCommand(words: words, range: start.lowerBound..<last.range.upperBound)
    }

    /// A word with the fields that follow it without a blank; nil at the end of a command.
    private mutating func operand() throws(TextTemplateFault) -> TextTemplateOperand? {
        let token = current
        guard var operand = try term() else { return nil }
        while case .field(let name) = current.kind, !current.isApart {
            if case .constant = operand.form { throw fault("Nothing can be taken out of a constant.", current.range) }
            operand.fields.append(name)
            operand.range = token.range.lowerBound..<current.range.upperBound
            advance()
        }
        return operand
    }

    private mutating func term() throws(TextTemplateFault) -> TextTemplateOperand? {
        let token = current
        let form: TextTemplateOperand.Form
        switch token.kind {
        case .dot: form = .dot
        case .field(let name):
            advance()
            return TextTemplateOperand(form: .dot, fields: [name], range: token.range)
        case .variable(let name):
            guard variables.contains(name) else { throw undefined(name, token.range) }
            form = .variable(name)
        case .quoted(let text): form = .constant(.text(text))
        case .character(let code): form = .constant(.whole(code))
        case .number(let text): form = .constant(TextTemplateValue(number: text) ?? .nothing)
        case .word(let name): form = try word(name, token.range)
        case .sign("("):
            advance()
            let pipeline = try pipeline()
            guard case .sign(")") = current.kind else { throw fault("This parenthesis is never closed.", token.range) }
            let end = current.range.upperBound
            advance()
            return TextTemplateOperand(form: .group(pipeline), range: token.range.lowerBound..<end)
        case .closing, .sign("|"), .sign(")"): return nil
        default: throw fault("This is not expected here.", token.range)
        }
        advance()
        return TextTemplateOperand(form: form, range: token.range)
    }

    private func word(_ name: String, _ range: Range<Int>) throws(TextTemplateFault) -> TextTemplateOperand.Form {
        switch name {
        case "true": return .constant(.truth(true))
        case "false": return .constant(.truth(false))
        case "nil": return .constant(.nothing)
        default:
            if functions[name] != nil { return .function(name) }
            throw TextTemplateFault(
                "unknown-function",
                "Unknown function",
                "Text templates have no function \"\(name)\" here.",
                at: range,
                advice: suggestion(name, among: functions.keys)
                    ?? "To write braces that are no template, write them in quotes: {{ \"{{\" }}."
            )
        }
    }
}

extension TextTemplateOperand {
    /// Whether it may stand before arguments; fields may hold functions in Go, and none do here.
    fileprivate var isCallable: Bool {
        if case .function = form { fields.isEmpty } else { false }
    }
}
