/// Puts in what is known of a text template, and leaves what only a running build knows.
///
/// `{{user "a"}} {{.Path}}` becomes `value {{.Path}}`. Variables of the template itself are left as they are.
struct TextTemplateFolding {
    private static let depthLimit = 12
    /// Bytes of templates that are put into one text.
    private static let insertionLimit = 256 << 10

    let functions: [String: TextTemplateFunction]
    let definitions: [String: [TextTemplateNode]]
    private(set) var isSensitive = false
    /// Whether a function did not know its answer yet.
    private(set) var asksUnknown = false
    private(set) var faults: [TextTemplateFault] = []
    /// What is asked of the data of the whole template.
    private(set) var laterFields: [(name: String, range: Range<Int>)] = []
    /// Within `range` and `with` a dot is something else.
    private var changesOfDot = 0
    private let depth: Int
    private var insertedBytes = 0

    init(
        functions: [String: TextTemplateFunction],
        definitions: [String: [TextTemplateNode]],
        depth: Int = 0
    ) {
        self.functions = functions
        self.definitions = definitions
        self.depth = depth
    }

    mutating func folded(_ nodes: [TextTemplateNode]) -> [TextTemplateNode] {
        var result: [TextTemplateNode] = []
        for node in nodes {
            for part in folded(node) {
                if case .text(let more) = part, case .text(let text)? = result.last {
                    result[result.count - 1] = .text(text + more)
                } else {
                    result.append(part)
                }
            }
        }
        return result
    }

    private mutating func folded(_ node: TextTemplateNode) -> [TextTemplateNode] {
        switch node {
        case .text, .leave, .next: return [node]
        case .action(let pipeline): return folded(action: pipeline)
        case .branch(let pipeline, let then, let otherwise):
            if pipeline.variables.isEmpty, let value = value(pipeline) {
                let chosen = value.isTrue ? then : otherwise
                if !chosen.contains(where: \.declares) { return folded(chosen) }
            }
            return [.branch(folded(pipeline), then: folded(then), otherwise: folded(otherwise))]
        case .with(let pipeline, let then, let otherwise):
            return [.with(folded(pipeline), then: belowDot(then), otherwise: folded(otherwise))]
        case .range(let pipeline, let body, let otherwise):
            return [.range(folded(pipeline), body: belowDot(body), otherwise: folded(otherwise))]
        case .inclusion(let name, let pipeline, let range):
            var folded: TextTemplatePipeline?
            if let pipeline { folded = self.folded(pipeline) }
            return [.inclusion(name, folded, range)]
        }
    }

    private mutating func belowDot(_ nodes: [TextTemplateNode]) -> [TextTemplateNode] {
        changesOfDot += 1
        defer { changesOfDot -= 1 }
        return folded(nodes)
    }

    private mutating func folded(action pipeline: TextTemplatePipeline) -> [TextTemplateNode] {
        if pipeline.variables.isEmpty {
            if let nodes = inserted(pipeline) { return nodes }
            if let value = value(pipeline) { return [.text(value.shown)] }
        }
        return [.action(folded(pipeline))]
    }

    /// A text that is a template itself and stands alone is put in as the template it is.
    private mutating func inserted(_ pipeline: TextTemplatePipeline) -> [TextTemplateNode]? {
        guard pipeline.commands.count == 1, let words = pipeline.commands.first?.words, words.count == 2,
            case .function(let name) = words[0].form, case .constant(let argument) = words[1].form,
            let output = try? functions[name]?.called(name, [argument]), output.isTemplate,
            case .text(let text) = output.value, depth < Self.depthLimit, takes(text, pipeline.range),
            let syntax = try? TextTemplateParser.parse(text, functions: functions)
        else { return nil }
        var folding = TextTemplateFolding(functions: functions, definitions: syntax.definitions, depth: depth + 1)
        let nodes = folding.folded(syntax.nodes)
        isSensitive = isSensitive || output.isSensitive || folding.isSensitive
        asksUnknown = asksUnknown || folding.asksUnknown
        faults += folding.faults.map { $0.moved(to: pipeline.range) }
        note(folding.laterFields.map { ($0.name, pipeline.range) })
        return nodes
    }

    /// Whether a template may still be put in; templates that hold each other twice and twice again would have no end.
    private mutating func takes(_ text: String, _ range: Range<Int>) -> Bool {
        insertedBytes += text.utf8.count
        let limit = Self.insertionLimit
        guard insertedBytes > limit else { return true }
        let fault = TextTemplateFault.call("The template becomes longer than \(limit >> 10) KiB.").placed(at: range)
        if !faults.contains(where: { $0.detail == fault.detail }) { faults.append(fault) }
        return false
    }

    // MARK: Pipelines

    /// The value, when everything in it is known.
    private mutating func value(_ pipeline: TextTemplatePipeline) -> TextTemplateValue? {
        evaluated { evaluator throws(TextTemplateEvaluator.Stop) in try evaluator.value(pipeline, nil) }
    }

    private mutating func evaluated(
        _ body: (inout TextTemplateEvaluator) throws(TextTemplateEvaluator.Stop) -> TextTemplateValue
    ) -> TextTemplateValue? {
        var evaluator = TextTemplateEvaluator(functions: functions, data: nil)
        evaluator.takesTemplatesAsTexts = true
        defer { note(evaluator) }
        do throws(TextTemplateEvaluator.Stop) {
            return try body(&evaluator)
        } catch {
            if case .fault(let fault) = error, faults.count < 100, !faults.contains(fault) { faults.append(fault) }
            return nil
        }
    }

    private mutating func note(_ evaluator: TextTemplateEvaluator) {
        isSensitive = isSensitive || evaluator.isSensitive
        asksUnknown = asksUnknown || evaluator.asksUnknown
        if changesOfDot == 0 { note(evaluator.laterFields) }
    }

    /// More than some of them are of no use to anybody.
    private mutating func note(_ fields: [(name: String, range: Range<Int>)]) {
        for field in fields where laterFields.count < 100 && !laterFields.contains(where: { $0.range == field.range }) {
            laterFields.append(field)
        }
    }

    private mutating func folded(_ pipeline: TextTemplatePipeline) -> TextTemplatePipeline {
        var result = pipeline
        for place in pipeline.commands.indices {
            result.commands[place] = folded(pipeline.commands[place], isFirst: place == 0)
        }
        return result
    }

    private mutating func folded(_ command: TextTemplateCommand, isFirst: Bool) -> TextTemplateCommand {
        if isFirst,
            let value = evaluated({ evaluator throws(TextTemplateEvaluator.Stop) in
                try evaluator.value(command, nil, piped: nil)
            }),
            value.isConstant
        {
            let word = TextTemplateOperand(form: .constant(value), range: command.range)
            return TextTemplateCommand(words: [word], range: command.range)
        }
        var result = command
        for place in command.words.indices.dropFirst() { result.words[place] = folded(command.words[place]) }
        if let first = command.words.first, case .group = first.form { result.words[0] = folded(first) }
        return result
    }

    private mutating func folded(_ operand: TextTemplateOperand) -> TextTemplateOperand {
        switch operand.form {
        case .constant, .variable: return operand
        case .dot:
            if changesOfDot == 0, let name = operand.fields.first { note([(name, operand.range)]) }
            return operand
        case .function, .group: break
        }
        let command = TextTemplateCommand(words: [operand], range: operand.range)
        let known = evaluated { evaluator throws(TextTemplateEvaluator.Stop) in
            try evaluator.value(command, nil, piped: nil)
        }
        if let known, known.isConstant { return TextTemplateOperand(form: .constant(known), range: operand.range) }
        guard case .group(let pipeline) = operand.form else { return operand }
        return TextTemplateOperand(form: .group(folded(pipeline)), fields: operand.fields, range: operand.range)
    }
}

extension TextTemplateNode {
    /// Whether it makes a variable that later nodes can see.
    fileprivate var declares: Bool {
        if case .action(let pipeline) = self { !pipeline.variables.isEmpty } else { false }
    }
}

extension TextTemplateValue {
    /// Whether it can be written into a template.
    fileprivate var isConstant: Bool {
        switch self {
        case .text, .whole, .number, .truth: true
        case .nothing, .list, .object: false
        }
    }
}

extension TextTemplateFault {
    fileprivate func moved(to range: Range<Int>) -> TextTemplateFault {
        var fault = self
        fault.range = range
        return fault
    }
}
