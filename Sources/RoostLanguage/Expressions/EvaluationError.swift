/// What kept an expression from having a value.
public enum EvaluationProblem: Sendable {
    case unknownName(String, known: [String])
    case unknownFunction(String, known: [String])
    case tooFewParameters(ExpressionFunction)
    case tooManyParameters(ExpressionFunction)
    case conversion(ConversionFailure)
    case member(MemberFailure)
    case tooLarge
    /// A function's own refusal: a stable code, a sentence, advice.
    case function(code: String, summary: String, advice: String?)
}

/// An expression that has no value, and the place of the part that is to blame.
public struct EvaluationError: Error, Sendable, CustomStringConvertible {
    public let problem: EvaluationProblem
    /// Bytes of the expression's text.
    public let range: Range<Int>
    public let expression: ParsedExpression

    init(_ problem: EvaluationProblem, range: Range<Int>, expression: ParsedExpression) {
        self.problem = problem
        self.range = range
        self.expression = expression
    }

    /// The problem with its place in the file.
    public var diagnostic: Diagnostic {
        let fault = ExpressionFault(problem, range, expression.text)
        return fault.diagnostic(expression.map)
    }

    /// One sentence.
    public var description: String { diagnostic.summary }
}
