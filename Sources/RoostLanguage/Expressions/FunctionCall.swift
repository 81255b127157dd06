/// A call on its way: gives a function its parameters, each evaluated when it is asked for.
///
/// A parameter asked for twice is evaluated twice; functions keep what they need.
public struct FunctionCall {
    /// As the expression spells it.
    public let name: String
    let arguments: [ExpressionNode]
    let node: ExpressionNode
    let evaluator: Evaluator

    /// Number of parameters.
    public var count: Int { arguments.count }
    /// See ``EvaluationContext/sizeLimit``.
    public var sizeLimit: Int { evaluator.context.sizeLimit }

    /// The value of a parameter.
    ///
    /// - Throws: ``EvaluationError`` when it has none.
    public func value(_ index: Int) throws(EvaluationError) -> Value {
        try evaluator.value(of: arguments[index])
    }

    /// A parameter as a condition sees it.
    ///
    /// - Throws: ``EvaluationError`` when it has no value.
    public func bool(_ index: Int) throws(EvaluationError) -> Bool { try value(index).isTrue }

    /// A parameter as text.
    ///
    /// - Throws: ``EvaluationError`` when it has no value or no text form.
    public func string(_ index: Int) throws(EvaluationError) -> String {
        let value = try value(index)
        guard let text = value.text else {
            throw failure(.conversion(ConversionFailure(value, to: .string)), at: index)
        }
        return text
    }

    /// A parameter as a whole number.
    ///
    /// - Throws: ``EvaluationError`` when it has no value or is no number.
    public func integer(_ index: Int) throws(EvaluationError) -> Int {
        let value = try value(index)
        guard let number = value.number, let integer = Int(exactly: number.rounded(.down)) else {
            throw failure(.conversion(ConversionFailure(value, to: .number)), at: index)
        }
        return integer
    }

    /// A text the function made, unless it is too large.
    ///
    /// - Throws: ``EvaluationError`` when it is longer than ``sizeLimit``.
    public func limited(_ text: String) throws(EvaluationError) -> Value {
        try checkSize(text.utf8.count)
        return .string(text)
    }

    /// Stops a function before it makes something too large.
    ///
    /// - Throws: ``EvaluationError`` when the size in bytes or elements is larger than ``sizeLimit``.
    public func checkSize(_ size: Int) throws(EvaluationError) {
        if size > sizeLimit { throw failure(.tooLarge) }
    }

    /// The error to throw, with the place of the call or of one of its parameters.
    public func failure(_ problem: EvaluationProblem, at index: Int? = nil) -> EvaluationError {
        let range = index.map { arguments[$0].range } ?? node.range
        return EvaluationError(problem, range: range, expression: evaluator.expression)
    }
}
