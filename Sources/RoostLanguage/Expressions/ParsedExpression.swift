/// An expression that was read without an error: what stands in `${{ }}`, in `$[ ]` or in a condition.
public struct ParsedExpression: Sendable {
    /// As it was written.
    public let text: String
    public let root: ExpressionNode
    /// Where the text stands in its file.
    public let map: SourceMap
    let nodeCount: Int

    init(text: String, root: ExpressionNode, map: SourceMap, nodeCount: Int) {
        self.text = text
        self.root = root
        self.map = map
        self.nodeCount = nodeCount
    }

    /// Reads an expression and reports all its syntax errors; the expression is nil when there are any.
    ///
    /// Names and functions are not looked up: that is ``problems(in:)``, or the evaluation, when it comes to them.
    public static func parse(
        _ text: String,
        at map: SourceMap? = nil,
        limits: ExpressionLimits = .default
    ) -> (expression: ParsedExpression?, diagnostics: [Diagnostic]) {
        let map = map ?? .standalone(text)
        var parser = ExpressionParser(text: text, limits: limits)
        let root = parser.parse()
        guard let root, parser.faults.isEmpty else {
            let faults = parser.faults.sorted { $0.range.lowerBound < $1.range.lowerBound }
            return (nil, faults.map { $0.diagnostic(map) })
        }
        return (ParsedExpression(text: text, root: root, map: map, nodeCount: parser.nodeCount), [])
    }

    /// Where a node stands in the file.
    public func span(of node: ExpressionNode) -> SourceSpan { map.span(of: node.range) }

    /// The value in a context.
    ///
    /// - Throws: ``EvaluationError`` when a name or function is unknown, a value cannot be converted, or a limit is passed.
    public func evaluate(in context: EvaluationContext) throws(EvaluationError) -> Value {
        try Evaluator(self, context, tracing: false).value(of: root)
    }

    /// The value in a context, and the lines that tell a person how it came about.
    ///
    /// - Throws: ``EvaluationError`` as ``evaluate(in:)`` does.
    public func trace(in context: EvaluationContext) throws(EvaluationError) -> (value: Value, trace: EvaluationTrace) {
        let evaluator = Evaluator(self, context, tracing: true)
        let value = try evaluator.value(of: root)
        return (value, EvaluationTrace(self, value, evaluator.results, context.functions))
    }

    /// The expression in one line and in the normal form of traces, such as `eq(variables['a'], 'b')`.
    public var normalText: String { EvaluationTrace.normalText(root) }

    /// Unknown names, unknown functions and wrong numbers of parameters, without evaluating anything.
    public func problems(in context: EvaluationContext) -> [Diagnostic] {
        var found: [Diagnostic] = []
        root.forEach { node in
            if let fault = context.fault(of: node, in: text) { found.append(fault.diagnostic(map)) }
        }
        return found
    }
}
