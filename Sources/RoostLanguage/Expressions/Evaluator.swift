/// Walks an expression's tree once; lives as long as one evaluation.
final class Evaluator {
    let expression: ParsedExpression
    let context: EvaluationContext
    /// Values by node id, kept for the trace; nil for parts that were never evaluated.
    private(set) var results: [Value?]

    init(_ expression: ParsedExpression, _ context: EvaluationContext, tracing: Bool) {
        self.expression = expression
        self.context = context
        self.results = tracing ? Array(repeating: nil, count: expression.nodeCount) : []
    }

    /// The value of a node.
    func value(of node: ExpressionNode) throws(EvaluationError) -> Value {
        let value: Value
        switch node.kind {
        case .literal(let literal): return literal
        case .name(let name): value = try named(name, node)
        case .call(let name, let arguments): value = try call(name, arguments, node)
        case .property, .index, .wildcard: value = try selection(node).value
        }
        if !results.isEmpty { results[node.id] = value }
        return value
    }

    private func fail(_ problem: EvaluationProblem, _ range: Range<Int>) -> EvaluationError {
        EvaluationError(problem, range: range, expression: expression)
    }

    private func named(_ name: String, _ node: ExpressionNode) throws(EvaluationError) -> Value {
        switch context[name] {
        case .value(let value): return value
        case .lazy(let make): return make()
        case .members(let source): return .object(source.all)
        case nil: throw fail(.unknownName(name, known: context.knownNames), node.range)
        }
    }

    private func call(
        _ name: String,
        _ arguments: [ExpressionNode],
        _ node: ExpressionNode
    ) throws(EvaluationError) -> Value {
        guard let function = context.functions[name], function.arity.contains(arguments.count) else {
            let nameRange = node.range.lowerBound..<(node.range.lowerBound + name.utf8.count)
            guard let function = context.functions[name] else {
                throw fail(.unknownFunction(name, known: context.functions.names), nameRange)
            }
            let tooFew = arguments.count < function.arity.lowerBound
            throw fail(tooFew ? .tooFewParameters(function) : .tooManyParameters(function), nameRange)
        }
        return try function.body(FunctionCall(name: name, arguments: arguments, node: node, evaluator: self))
    }

    // MARK: Members

    /// A value, and whether a wildcard made it: then a following name is looked up in each of its elements.
    private struct Selection {
        var value: Value
        var isFiltered = false
    }

    private func selection(_ node: ExpressionNode) throws(EvaluationError) -> Selection {
        switch node.kind {
        case .property(let base, let name): return try member(.string(name), of: base, node)
        case .index(let base, let index): return try member(value(of: index), of: base, node)
        case .wildcard(let base):
            let base = try selection(base)
            let parts = base.isFiltered ? Self.elements(base.value).flatMap(Self.elements) : Self.elements(base.value)
            return Selection(value: .array(parts), isFiltered: true)
        case .literal, .name, .call: return Selection(value: try value(of: node))
        }
    }

    private func member(
        _ key: Value,
        of base: ExpressionNode,
        _ node: ExpressionNode
    ) throws(EvaluationError) -> Selection {
        if case .name(let name) = base.kind, case .members(let source)? = context[name] {
            guard let text = key.text else { return Selection(value: .null) }
            do throws(MemberFailure) {
                return Selection(value: try source.member(text) ?? .null)
            } catch {
                throw fail(.member(error), node.range)
            }
        }
        let base = try selection(base)
        guard base.isFiltered else { return Selection(value: Self.member(key, of: base.value) ?? .null) }
        return Selection(
            value: .array(Self.elements(base.value).compactMap { Self.member(key, of: $0) }),
            isFiltered: true
        )
    }

    /// The member of a value; nil when it has none.
    private static func member(_ key: Value, of value: Value) -> Value? {
        switch value {
        case .object(let object): return key.text.flatMap { object[$0] }
        case .array(let array):
            guard let number = key.number, let index = Int(exactly: number.rounded(.down)) else { return nil }
            return array.indices.contains(index) ? array[index] : nil
        case .null, .bool, .number, .string, .version, .dateTime: return nil
        }
    }

    private static func elements(_ value: Value) -> [Value] {
        switch value {
        case .array(let array): array
        case .object(let object): object.values
        case .null, .bool, .number, .string, .version, .dateTime: []
        }
    }
}
