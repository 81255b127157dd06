public import RoostLanguage

/// A specification as a file holds it, with the names and functions it gives to what is decoded.
public struct HCLSpecFile: Sendable {
    public let spec: HCLDecodingSpec
    public let variables: [String: HCLValue]
    public let functions: [String: HCLFunction]
    public let diagnostics: [Diagnostic]

    public init(_ file: HCLFile) {
        var reader = HCLSpecReader(diagnostics: file.diagnostics)
        spec = file.diagnostics.hasErrors ? .literal(.null()) : reader.root(file.body)
        (variables, functions) = (reader.variables, reader.functions)
        diagnostics = reader.diagnostics
    }

    /// What the files may use, values given from outside first; where there are none, variables are not allowed.
    public func scope(adding values: [String: HCLValue]) -> HCLScope {
        let all = variables.merging(values) { _, given in given }
        return HCLScope(variables: all.isEmpty ? nil : all, functions: functions.isEmpty ? nil : functions)
    }
}

/// Reads specifications.
private struct HCLSpecReader {
    var diagnostics: [Diagnostic]
    var variables: [String: HCLValue] = [:]
    var functions: [String: HCLFunction] = [:]

    private static let kinds = [
        "object", "array", "attr", "block", "block_list", "block_set", "block_map", "block_attrs", "default",
        "transform", "literal",
    ]

    private var scope: HCLScope { HCLScope(functions: functions.isEmpty ? nil : functions) }

    private mutating func fail(_ code: String, _ summary: String, _ detail: String, _ subject: HCLRange) {
        diagnostics.append(.hcl("spec.\(code)", summary, detail, subject))
    }

    mutating func root(_ body: HCLBody) -> HCLDecodingSpec {
        let schema = HCLBodySchema(blocks: [.init("variables"), .init("function", labels: ["name"])])
        let (content, rest, problems) = body.partialContent(schema)
        diagnostics += problems
        for block in content.blocks where block.type == "function" { readFunction(block) }
        for block in content.blocks where block.type == "variables" { readVariables(block) }
        return parts(of: rest, missing: content.missingRange, exactly: 1).first?.spec ?? .literal(.null())
    }

    private mutating func readVariables(_ block: HCLBlock) {
        let (attributes, problems) = block.body.attributes()
        diagnostics += problems
        for attribute in attributes {
            let (value, problems) = attribute.expression.value(in: scope)
            diagnostics += problems
            variables[attribute.name] = value
        }
    }

    // MARK: Specs

    /// The specifications in a body, with the names that their labels give them.
    private mutating func parts(
        of body: HCLBody,
        missing: HCLRange,
        exactly count: Int?
    ) -> [(name: String?, spec: HCLDecodingSpec, range: HCLRange)] {
        var blocks = specBlocks(body)
        if let count, blocks.count != count {
            let subject = blocks.count > count ? blocks[count].headerRange : missing
            fail(
                "count",
                blocks.count > count ? "Extraneous spec block" : "Missing spec block",
                "Here \(count == 1 ? "exactly one spec block is" : "exactly \(count) spec blocks are") needed.",
                subject
            )
            blocks = Array(blocks.prefix(count))
        }
        return blocks.map { ($0.labels.first, spec($0), $0.headerRange) }
    }

    private mutating func specBlocks(_ body: HCLBody) -> [HCLBlock] {
        // With and without a name; which of them a kind may have is not decided by the schema.
        var blocks: [HCLBlock] = []
        switch body.form {
        case .syntax(let syntax): blocks = syntax.blocks.filter { !body.taken.blocks.contains($0.type) }
        default:
            let (content, problems) = body.content(HCLBodySchema(blocks: Self.kinds.map { .init($0) }))
            diagnostics += problems
            return content.blocks
        }
        return blocks.filter { block in
            guard Self.kinds.contains(block.type) else {
                if block.type != "content" {
                    fail(
                        "kind",
                        "Invalid spec block",
                        "Blocks of type \"\(block.type)\" are not expected here.",
                        block.typeRange
                    )
                }
                return false
            }
            return true
        }
    }

    private mutating func spec(_ block: HCLBlock) -> HCLDecodingSpec {
        switch block.type {
        case "object":
            var attributes: [String: HCLDecodingSpec] = [:]
            for part in parts(of: block.body, missing: block.openRange, exactly: nil) {
                guard let name = part.name else {
                    fail("name", "Missing name in object spec", "Parts of an object have a name as label.", part.range)
                    continue
                }
                attributes[name] = part.spec
            }
            return .object(attributes)
        case "array": return .array(parts(of: block.body, missing: block.openRange, exactly: nil).map(\.spec))
        case "attr": return attribute(block)
        case "default":
            let both = parts(of: block.body, missing: block.openRange, exactly: 2)
            return both.count == 2 ? .fallback(both[0].spec, both[1].spec) : .literal(.null())
        case "literal":
            let arguments = arguments(block, ["value"], isLeaf: true)
            return .literal(evaluated(arguments["value"]) ?? .null())
        case "transform":
            let arguments = arguments(block, ["result"])
            guard let result = arguments["result"] else {
                fail(
                    "argument",
                    "Missing required argument",
                    "A transform needs the expression of its result.",
                    block.headerRange
                )
                return .literal(.null())
            }
            return .transform(inner(block), result.expression, scope)
        default: return blockSpec(block)
        }
    }

    private mutating func attribute(_ block: HCLBlock) -> HCLDecodingSpec {
        let arguments = arguments(block, ["name", "type", "required"], isLeaf: true)
        let name = evaluated(arguments["name"])?.text ?? block.labels.first
        guard let name else {
            fail("name", "Missing name in attribute spec", "The name of the argument is needed.", block.headerRange)
            return .literal(.null())
        }
        return .attribute(name: name, type: type(arguments["type"]), isRequired: flag(arguments["required"]))
    }

    private mutating func blockSpec(_ block: HCLBlock) -> HCLDecodingSpec {
        let names = ["block_type", "required", "min_items", "max_items", "labels", "element_type"]
        let arguments = arguments(block, names, isLeaf: block.type == "block_attrs")
        guard let type = evaluated(arguments["block_type"])?.text ?? block.labels.first else {
            fail(
                "name",
                "Missing block_type in \(block.type) spec",
                "The type of the block is needed.",
                block.headerRange
            )
            return .literal(.null())
        }
        let count = HCLBlockCount(
            minimum: evaluated(arguments["min_items"])?.numeral?.int ?? 0,
            maximum: evaluated(arguments["max_items"])?.numeral?.int ?? 0
        )
        switch block.type {
        case "block": return .block(type: type, inner(block), isRequired: flag(arguments["required"]))
        case "block_list": return .blockList(type: type, inner(block), count)
        case "block_set": return .blockSet(type: type, inner(block), count)
        case "block_attrs":
            return .blockAttributes(
                type: type,
                element: self.type(arguments["element_type"]),
                isRequired: flag(arguments["required"])
            )
        default:
            let labels = evaluated(arguments["labels"])?.elements?.compactMap(\.text) ?? []
            if labels.isEmpty {
                fail(
                    "labels",
                    "Invalid block label name list",
                    "A block_map has at least one label.",
                    block.headerRange
                )
            }
            return .blockMap(type: type, labelNames: labels, inner(block))
        }
    }

    private mutating func inner(_ block: HCLBlock) -> HCLDecodingSpec {
        parts(of: block.body, missing: block.openRange, exactly: 1).first?.spec ?? .literal(.null())
    }

    // MARK: Arguments

    private mutating func arguments(
        _ block: HCLBlock,
        _ names: [String],
        isLeaf: Bool = false
    ) -> [String: HCLAttribute] {
        let schema = HCLBodySchema(attributes: names.map { .init($0) })
        if isLeaf {
            let (content, problems) = block.body.content(schema)
            diagnostics += problems
            return content.attributes
        }
        let (content, _, problems) = block.body.partialContent(schema)
        diagnostics += problems
        return content.attributes
    }

    private mutating func evaluated(_ attribute: HCLAttribute?) -> HCLValue? {
        guard let attribute else { return nil }
        let (value, problems) = attribute.expression.value(in: scope)
        diagnostics += problems
        return value
    }

    private mutating func flag(_ attribute: HCLAttribute?) -> Bool { evaluated(attribute)?.truth ?? false }

    private mutating func type(_ attribute: HCLAttribute?) -> HCLType {
        guard let attribute else { return .dynamic }
        let (constraint, problems) = HCLTypeConstraint.parse(attribute.expression)
        diagnostics += problems
        return constraint.type
    }

    // MARK: Functions

    private mutating func readFunction(_ block: HCLBlock) {
        let arguments = arguments(block, ["params", "variadic_param", "result"], isLeaf: true)
        guard let params = arguments["params"], let result = arguments["result"] else {
            fail(
                "function",
                "Missing required argument",
                "A function needs its parameters and its result.",
                block.headerRange
            )
            return
        }
        let names = parameterNames(params)
        let rest = arguments["variadic_param"].flatMap { name(of: $0.expression) }
        functions[block.labels[0]] = .defined(names, rest: rest, result: result.expression, others: scope)
    }

    private mutating func parameterNames(_ attribute: HCLAttribute) -> [String] {
        guard case .tuple(let elements) = attribute.expression.form else {
            fail("function", "Invalid param list", "Parameters are a list of names.", attribute.expression.range)
            return []
        }
        return elements.compactMap { name(of: $0) }
    }

    private mutating func name(of expression: HCLExpression) -> String? {
        if case .variable(let traversal) = expression.unquoted().expression.form, traversal.steps.isEmpty {
            return traversal.name
        }
        fail("function", "Invalid param element", "Each parameter name must be an identifier.", expression.range)
        return nil
    }
}

extension HCLFunction {
    /// A function that a file defines by an expression of its parameters.
    static func defined(_ names: [String], rest: String?, result: HCLExpression, others: HCLScope) -> HCLFunction {
        HCLFunction(
            names.map { .any($0) },
            variadic: rest.map { .any($0) },
            form: .ordinary { arguments in
                var values = Dictionary(zip(names, arguments)) { first, _ in first }
                if let rest { values[rest] = .tuple(Array(arguments.dropFirst(names.count))) }
                let (value, problems) = result.value(in: HCLScope(variables: values, parent: others))
                if let problem = problems.first { throw HCLFunctionFault(problem.detail ?? problem.summary) }
                return value
            }
        )
    }
}
