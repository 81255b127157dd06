import RoostLanguage

@testable import RoostTemplate

/// Names that tests may use.
let testScope = HCLScope(
    variables: [
        "later": .unknown(.string), "anything": .unknown(), "secret": HCLValue.string("s3cret").marked(true),
        "list": .list([.string("a"), .string("b")], of: .string),
        "object": .object(["size": .number(3), "name": .string("box")]),
    ],
    functions: HCLFunctions.pure
)

/// The value of an expression as JSON, or the places and summaries of its problems.
func evaluated(_ text: String, in scope: HCLScope = testScope) -> String {
    let (expression, problems) = HCLExpression.parse(text, name: "x")
    guard problems.isEmpty else { return listed(problems) }
    let (value, found) = expression.value(in: scope)
    guard found.isEmpty else { return listed(found) }
    guard value.isWhollyKnown else { return "unknown \(value.type)\(value.isSensitive ? " (sensitive)" : "")" }
    return value.json + (value.isSensitive ? " (sensitive)" : "")
}

/// `line:column-line:column summary`, one per line.
func listed(_ problems: [Diagnostic]) -> String {
    problems.map { problem in
        let place = problem.span.map { "\($0.start.line):\($0.start.column)-\($0.end.line):\($0.end.column) " } ?? ""
        return place + problem.summary
    }.joined(separator: "\n")
}
