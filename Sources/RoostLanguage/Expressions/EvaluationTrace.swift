/// The lines that tell a person how a condition came to its result.
///
/// ```
/// Evaluating: and(succeeded(), eq(variables['Build.Reason'], 'Manual'))
/// Expanded: and(True, eq('IndividualCI', 'Manual'))
/// Result: False
/// ```
public struct EvaluationTrace: Hashable, Sendable, Codable {
    public var evaluating: String
    /// Nil when it says no more than the result.
    public var expanded: String?
    public var result: String

    public init(evaluating: String, expanded: String? = nil, result: String) {
        self.evaluating = evaluating
        self.expanded = expanded
        self.result = result
    }

    init(_ expression: ParsedExpression, _ value: Value, _ results: [Value?], _ functions: FunctionTable) {
        let expanded = Self.text(expression.root) { node in
            switch node.kind {
            case .literal: nil
            case .call(let name, _): functions[name]?.tracesResult == true ? results[node.id] : nil
            case .name, .property, .index, .wildcard: results[node.id]
            }
        }
        self.evaluating = Self.normalText(expression.root)
        self.result = value.displayText
        // A number that was a text before says the same with its quotes.
        let isSame = expanded == result || (value.kind == .number && expanded == "'\(result)'")
        self.expanded = isSame ? nil : expanded
    }

    /// The lines as they stand in a log.
    public var lines: [String] {
        ["Evaluating: \(evaluating)"] + (expanded.map { ["Expanded: \($0)"] } ?? []) + ["Result: \(result)"]
    }

    /// The trace with secret values replaced by asterisks.
    public func masking(_ secrets: some Sequence<String>) -> EvaluationTrace {
        var trace = self
        for secret in secrets where !secret.isEmpty {
            // Inside a quoted text a quote of the secret is doubled.
            for form in Set([secret, secret.replacingBytes(of: "'", with: "''")]) {
                trace.evaluating = trace.evaluating.replacingBytes(of: form, with: "***")
                trace.expanded = trace.expanded?.replacingBytes(of: form, with: "***")
                trace.result = trace.result.replacingBytes(of: form, with: "***")
            }
        }
        return trace
    }

    /// The expression in one line, dots written as indexes.
    static func normalText(_ node: ExpressionNode) -> String { text(node) { _ in nil } }

    /// The expression in one line, with the nodes for which there is a value replaced by it.
    private static func text(_ node: ExpressionNode, _ value: (ExpressionNode) -> Value?) -> String {
        if let value = value(node) { return value.displayText }
        switch node.kind {
        case .literal(let value): return value.displayText
        case .name(let name): return name
        case .call(let name, let arguments):
            return "\(name)(\(arguments.map { text($0, value) }.joined(separator: ", ")))"
        case .property(let base, let name): return "\(text(base, value))[\(Value.string(name).displayText)]"
        case .index(let base, let index): return "\(text(base, value))[\(text(index, value))]"
        case .wildcard(let base): return "\(text(base, value))[*]"
        }
    }
}

extension EvaluationTrace: CustomStringConvertible {
    public var description: String { lines.joined(separator: "\n") }
}
