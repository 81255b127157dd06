import RoostLanguage
import Testing

/// Names every test expression may use.
var sampleNames: [String: NamedValue] {
    [
        "variables": .value([
            "Build.Reason": "Manual", "Build.SourceBranch": "refs/heads/main", "empty": "", "count": "3",
            "flag": "True",
        ]),
        "parameters": .value([
            "yes": true, "no": false, "list": ["a", "B", "c"], "numbers": [1, 2, 3], "none": nil,
            "map": ["first": "1", "Second": "2"],
            "people": [["name": "Ann", "age": 30], ["name": "Bob"], "nobody"],
        ]),
        "pipeline": .value(["startTime": .dateTime(DateTime(seconds: 1_700_000_000, nanoseconds: 123_456_789))]),
    ]
}

/// The value of an expression in the sample context.
func evaluate(_ text: String, _ functions: FunctionTable = .compileTime) throws -> Value {
    let (expression, diagnostics) = ParsedExpression.parse(text)
    let parsed = try #require(expression, "\(diagnostics)")
    return try parsed.evaluate(in: EvaluationContext(functions: functions, names: sampleNames))
}

/// The code and sentence of what is wrong with an expression, from parsing or from evaluation.
func failure(
    _ text: String,
    _ functions: FunctionTable = .compileTime,
    sizeLimit: Int = EvaluationContext.defaultSizeLimit
) -> Diagnostic? {
    let (expression, diagnostics) = ParsedExpression.parse(text)
    guard let expression else { return diagnostics.first }
    do {
        _ = try expression.evaluate(
            in: EvaluationContext(functions: functions, names: sampleNames, sizeLimit: sizeLimit)
        )
        return nil
    } catch {
        return error.diagnostic
    }
}
