/// Computes text templates as far as everything in them is known.
///
/// Work and output are bounded, so that no template can keep it busy.
struct TextTemplateEvaluator {
    private static let stepLimit = 100_000
    /// Bytes of the whole output, and of single values.
    static let outputLimit = 4 << 20
    static let valueLimit = 1 << 20
    private static let depthLimit = 60

    /// Why there is no result.
    enum Stop: Error {
        case fault(TextTemplateFault)
        /// What only a running build knows is asked for.
        case later
        case leave, next
    }

    /// A value that is known, or nil for what only a running build knows.
    typealias Known = TextTemplateValue?

    let functions: [String: TextTemplateFunction]
    /// What the template is given; nil when only a running build knows it.
    let data: Known
    let definitions: [String: [TextTemplateNode]]
    /// Whether texts that are templates themselves are taken as plain texts.
    var takesTemplatesAsTexts = false
    private(set) var output = ""
    /// Whether something that must not be shown has gone into the output.
    private(set) var isSensitive = false
    /// Whether a function did not know its answer yet.
    private(set) var asksUnknown = false
    /// What was asked of the data that is not known.
    private(set) var laterFields: [(name: String, range: Range<Int>)] = []
    private var variables: [(name: String, value: Known)] = []
    private var steps = 0
    private var depth = 0

    init(
        functions: [String: TextTemplateFunction],
        data: Known,
        definitions: [String: [TextTemplateNode]] = [:]
    ) {
        self.functions = functions
        self.data = data
        self.definitions = definitions
    }

    // MARK: Nodes

    mutating func run(_ nodes: [TextTemplateNode], dot: Known) throws(Stop) {
        for node in nodes {
            try step(nil)
            switch node {
            case .text(let text): try write(text)
            case .action(let pipeline):
                let value = try value(pipeline, dot)
                if pipeline.variables.isEmpty { try write(value.shown) }
            case .branch(let pipeline, let then, let otherwise):
                try scoped { evaluator throws(Stop) in
                    let isTrue = try evaluator.value(pipeline, dot).isTrue
                    try evaluator.run(isTrue ? then : otherwise, dot: dot)
                }
            case .with(let pipeline, let then, let otherwise):
                try scoped { evaluator throws(Stop) in
                    let value = try evaluator.value(pipeline, dot)
                    try evaluator.run(value.isTrue ? then : otherwise, dot: value.isTrue ? value : dot)
                }
            case .range(let pipeline, let body, let otherwise):
                try scoped { evaluator throws(Stop) in try evaluator.loop(pipeline, body, otherwise, dot) }
            case .inclusion(let name, let pipeline, let range): try include(name, pipeline, range, dot)
            case .leave: throw .leave
            case .next: throw .next
            }
        }
    }

    private mutating func write(_ text: String) throws(Stop) {
        output += text
        guard output.utf8.count <= Self.outputLimit else {
            throw .fault(.call("The template makes more than \(Self.outputLimit >> 20) MiB."))
        }
    }

    private mutating func step(_ range: Range<Int>?) throws(Stop) {
        steps += 1
        guard steps <= Self.stepLimit else {
            throw .fault(
                TextTemplateFault(
                    "too-long",
                    "Template does not end",
                    "The template takes more than \(Self.stepLimit) steps.",
                    at: range
                )
            )
        }
    }

    /// Variables that are made in it are gone afterwards.
    private mutating func scoped(_ body: (inout TextTemplateEvaluator) throws(Stop) -> Void) throws(Stop) {
        let count = variables.count
        defer { variables.removeLast(variables.count - count) }
        try body(&self)
    }

    private mutating func loop(
        _ pipeline: TextTemplatePipeline,
        _ body: [TextTemplateNode],
        _ otherwise: [TextTemplateNode],
        _ dot: Known
    ) throws(Stop) {
        let pairs: [(TextTemplateValue, TextTemplateValue)]
        let value = try value(pipeline, dot, isLoop: true)
        switch value {
        case .nothing: pairs = []
        case .list(let elements): pairs = elements.enumerated().map { (.whole($0), $1) }
        case .object(let members): pairs = members.sorted { $0.key < $1.key }.map { (.text($0.key), $0.value) }
        case .whole(let count) where count <= Self.stepLimit:
            pairs = (0..<max(0, count)).map { (.whole($0), .whole($0)) }
        default:
            throw .fault(.call("Nothing can be done for each part of \(value.kindName).").placed(at: pipeline.range))
        }
        guard !pairs.isEmpty else { return try run(otherwise, dot: dot) }
        for (key, element) in pairs {
            try step(pipeline.range)
            do throws(Stop) {
                try scoped { evaluator throws(Stop) in
                    try evaluator.bindLoop(pipeline, key, element)
                    try evaluator.run(body, dot: element)
                }
            } catch {
                if case .leave = error { return }
                guard case .next = error else { throw error }
            }
        }
    }

    private mutating func bindLoop(
        _ pipeline: TextTemplatePipeline,
        _ key: TextTemplateValue,
        _ element: TextTemplateValue
    ) throws(Stop) {
        let values = pipeline.variables.count == 1 ? [element] : [key, element]
        for (name, value) in zip(pipeline.variables, values) {
            try bind(name, value, isAssignment: pipeline.isAssignment)
        }
    }

    private mutating func include(
        _ name: String,
        _ pipeline: TextTemplatePipeline?,
        _ range: Range<Int>,
        _ dot: Known
    ) throws(Stop) {
        guard let nodes = definitions[name] else {
            throw .fault(
                TextTemplateFault(
                    "unknown-template",
                    "Unknown template",
                    "No template \"\(name)\" is defined.",
                    at: range,
                    advice: suggestion(name, among: definitions.keys)
                )
            )
        }
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.depthLimit else {
            throw .fault(.call("Templates include each other more than \(Self.depthLimit) deep.").placed(at: range))
        }
        let given: Known
        if let pipeline { given = try value(pipeline, dot) } else { given = .nothing }
        let outer = variables
        variables = [("$", given)]
        defer { variables = outer }
        try run(nodes, dot: given)
    }

    // MARK: Values

    mutating func value(
        _ pipeline: TextTemplatePipeline,
        _ dot: Known,
        isLoop: Bool = false
    ) throws(Stop) -> TextTemplateValue {
        var value: Known = nil
        for (place, command) in pipeline.commands.enumerated() {
            value = try self.value(command, dot, piped: place == 0 ? nil : value)
        }
        guard let value else { throw .later }
        if !isLoop { for name in pipeline.variables { try bind(name, value, isAssignment: pipeline.isAssignment) } }
        return value
    }

    private mutating func bind(_ name: String, _ value: TextTemplateValue, isAssignment: Bool) throws(Stop) {
        guard isAssignment else { return variables.append((name, value)) }
        guard let place = variables.lastIndex(where: { $0.name == name }) else { throw .later }
        variables[place].value = value
    }

    mutating func value(
        _ command: TextTemplateCommand,
        _ dot: Known,
        piped: TextTemplateValue?
    ) throws(Stop) -> TextTemplateValue {
        let first = command.words[0]
        guard case .function(let name) = first.form, first.fields.isEmpty else { return try value(first, dot) }
        try step(command.range)
        if let value = try decided(name, command, dot, piped) { return value }
        var arguments: [TextTemplateValue] = []
        for word in command.words.dropFirst() { arguments.append(try value(word, dot)) }
        if let piped { arguments.append(piped) }
        return try call(name, arguments, command.range)
    }

    /// `and` and `or` do not look at what no longer matters.
    private mutating func decided(
        _ name: String,
        _ command: TextTemplateCommand,
        _ dot: Known,
        _ piped: TextTemplateValue?
    ) throws(Stop) -> TextTemplateValue? {
        guard name == "and" || name == "or", command.words.count > 1 else { return nil }
        var last: TextTemplateValue?
        for word in command.words.dropFirst() {
            let value = try value(word, dot)
            if value.isTrue == (name == "or") { return value }
            last = value
        }
        return piped ?? last
    }

    private mutating func call(
        _ name: String,
        _ arguments: [TextTemplateValue],
        _ range: Range<Int>
    ) throws(Stop) -> TextTemplateValue {
        do throws(TextTemplateFault) {
            guard let output = try functions[name]?.called(name, arguments) else { throw Later.later }
            if output.isTemplate, !takesTemplatesAsTexts { throw Later.later }
            isSensitive = isSensitive || output.isSensitive
            guard let value = output.value else {
                asksUnknown = true
                throw Later.later
            }
            try charge(value)
            return value
        } catch {
            throw error == Later.later ? .later : .fault(error.placed(at: range))
        }
    }

    /// Long texts count as many steps, so that not even a few of them keep it busy.
    private mutating func charge(_ value: TextTemplateValue) throws(TextTemplateFault) {
        guard case .text(let text) = value else { return }
        steps += text.utf8.count >> 10
        guard text.utf8.count <= Self.valueLimit, steps <= Self.stepLimit else {
            throw .call("The text that comes of it is longer than \(Self.valueLimit >> 20) MiB.")
        }
    }

    /// Stands for what only a running build knows, where faults are thrown.
    private enum Later {
        static let later = TextTemplateFault("later", "", "")
    }

    private mutating func value(_ operand: TextTemplateOperand, _ dot: Known) throws(Stop) -> TextTemplateValue {
        let base: Known
        switch operand.form {
        case .dot: base = dot
        case .constant(let value): base = value
        case .variable("$") where !variables.contains { $0.name == "$" }: base = data
        case .variable(let name): base = variables.last { $0.name == name }?.value
        case .function(let name): base = try call(name, [], operand.range)
        case .group(let pipeline): base = try value(pipeline, dot)
        }
        guard var value = base else {
            if case .dot = operand.form, let name = operand.fields.first { laterFields.append((name, operand.range)) }
            throw .later
        }
        for field in operand.fields { value = try member(field, of: value, operand.range) }
        return value
    }

    private func member(
        _ name: String,
        of value: TextTemplateValue,
        _ range: Range<Int>
    ) throws(Stop) -> TextTemplateValue {
        guard case .object(let members) = value, let member = members[name] else {
            var fault = TextTemplateFault.call("There is no \"\(name)\" here.").placed(at: range)
            if case .object(let members) = value { fault.advice = suggestion(name, among: members.keys) }
            throw .fault(fault)
        }
        return member
    }
}
