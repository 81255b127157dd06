import RoostLanguage
import Testing

@Suite("What is wrong with an expression")
struct ExpressionErrorTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let text: String
        let code: String
        let summary: String
        let column: Int
        var advice: String?
        init(_ text: String, _ code: String, _ summary: String, at column: Int, advice: String? = nil) {
            self.text = text
            self.code = "expression.\(code)"
            self.summary = summary
            self.column = column
            self.advice = advice
        }
        var testDescription: String { text }
    }

    @Test(
        "is said in the words of the service, with the place and advice",
        arguments: [
            Case("", "empty", "An expression was expected.", at: 1),
            Case(
                "a == 'b'",
                "unexpected-symbol",
                "Unexpected symbol: '=='. Located at position 3 within expression: a == 'b'.",
                at: 3,
                advice: "There are no operators; write eq(a, b)."
            ),
            Case(
                "a==b",
                "unexpected-symbol",
                "Unexpected symbol: '=='. Located at position 2 within expression: a==b.",
                at: 2,
                advice: "There are no operators; write eq(a, b)."
            ),
            Case(
                "!succeeded()",
                "unexpected-symbol",
                "Unexpected symbol: '!'. Located at position 1 within expression: !succeeded().",
                at: 1,
                advice: "There are no operators; write not(a)."
            ),
            Case(
                "(a)",
                "unexpected-symbol",
                "Unexpected symbol: '('. Located at position 1 within expression: (a).",
                at: 1,
                advice: "Brackets only enclose the parameters of a function."
            ),
            Case(
                "'abc'[0]",
                "unexpected-symbol",
                "Unexpected symbol: '['. Located at position 6 within expression: 'abc'[0].",
                at: 6,
                advice: "Only names and calls can be indexed."
            ),
            Case(
                "parameters.my-param",
                "unrecognized-value",
                "Unrecognized value: 'my-param'. Located at position 12 within expression: parameters.my-param.",
                at: 12,
                advice: "A name with a hyphen needs an index, such as parameters['my-param']."
            ),
            Case(
                "eq(a, \"b\")",
                "unrecognized-value",
                "Unrecognized value: '\"b\"'. Located at position 7 within expression: eq(a, \"b\").",
                at: 7,
                advice: "Write texts in single quotes."
            ),
            Case(
                "eq('é', 'b)",
                "unrecognized-value",
                "Unrecognized value: ''b)'. Located at position 9 within expression: eq('é', 'b).",
                at: 9,
                advice: "The text is not closed; end it with a single quote."
            ),
            Case(
                "and(true, eq(1, 1)",
                "unexpected-end",
                "Unexpected end of expression. Located at position 19 within expression: and(true, eq(1, 1).",
                at: 19,
                advice: "Close the bracket of 'and('."
            ),
            Case(
                "variables[",
                "unexpected-end",
                "Unexpected end of expression. Located at position 11 within expression: variables[.",
                at: 11
            ),
            Case(
                "variables.",
                "unexpected-end",
                "Unexpected end of expression. Located at position 11 within expression: variables..",
                at: 11
            ),
            Case(
                "eq(1,)",
                "unexpected-symbol",
                "Unexpected symbol: ')'. Located at position 6 within expression: eq(1,).",
                at: 6
            ),
            Case(
                "eq(1, 2))",
                "unexpected-symbol",
                "Unexpected symbol: ')'. Located at position 9 within expression: eq(1, 2)).",
                at: 9
            ),
            Case(
                "1.2.3.4.5",
                "unrecognized-value",
                "Unrecognized value: '1.2.3.4.5'. Located at position 1 within expression: 1.2.3.4.5.",
                at: 1
            ),
            Case(
                "eq(1, $(x))",
                "unrecognized-value",
                "Unrecognized value: '$(x)'. Located at position 7 within expression: eq(1, $(x)).",
                at: 7,
                advice: "Write variables['name'] instead of $(name)."
            ),
            Case(
                "variable.x",
                "unknown-name",
                "Unrecognized named-value: 'variable'. Located at position 1 within expression: variable.x.",
                at: 1,
                advice: "Did you mean 'variables'?"
            ),
            Case(
                "eq(dependencies.A.result, 'x')",
                "unknown-name",
                "Unrecognized named-value: 'dependencies'. Located at position 4 within expression: eq(dependencies.A.result, 'x').",
                at: 4,
                advice: "Map the value through a variable of the job: 'name: $[ dependencies… ]'."
            ),
            Case(
                "startWith('a', 'b')",
                "unknown-function",
                "Unrecognized function: 'startWith'. Located at position 1 within expression: startWith('a', 'b').",
                at: 1,
                advice: "Did you mean 'startsWith'?"
            ),
            Case(
                "not(succeeded())",
                "unknown-function",
                "Unrecognized function: 'succeeded'. Located at position 5 within expression: not(succeeded()).",
                at: 5,
                advice: "Status functions may be used in conditions only."
            ),
            Case(
                "eq(1)",
                "too-few-parameters",
                "Too few parameters supplied: 'eq'. Located at position 1 within expression: eq(1).",
                at: 1,
                advice: "eq takes 2 parameters."
            ),
            Case(
                "not(1, 2)",
                "too-many-parameters",
                "Too many parameters supplied: 'not'. Located at position 1 within expression: not(1, 2).",
                at: 1,
                advice: "not takes 1 parameter."
            ),
            Case(
                "and(true)",
                "too-few-parameters",
                "Too few parameters supplied: 'and'. Located at position 1 within expression: and(true).",
                at: 1,
                advice: "and takes 2 parameters or more."
            ),
            Case(
                "contains(parameters.list, 'a')",
                "conversion",
                "Unable to convert from Array to String. Value: Array",
                at: 10,
                advice: "A list or mapping has no such form; use join(', ', value), length(value) or an index."
            ),
            Case(
                "gt(1, 'x')",
                "conversion",
                "Unable to convert from String to Number. Value: 'x'",
                at: 1,
                advice: "Compare with a number such as 1.5, or write the number on the right side as a text."
            ),
            Case(
                "format('{1}', 'a')",
                "format-index",
                "The following format string references more arguments than were supplied: {1}",
                at: 8,
                advice: "Give a value for {1}; the first is {0}."
            ),
            Case(
                "format('{a}', 'a')",
                "format-string",
                "The following format string is invalid: {a}",
                at: 8,
                advice: "Double the brackets that are text: {{ and }}."
            ),
            Case(
                "format('}', 'a')",
                "format-string",
                "The following format string is invalid: }",
                at: 8,
                advice: "Double the brackets that are text: {{ and }}."
            ),
            Case(
                "format('{0:x}', 'a')",
                "format-specifier",
                "The format specifiers 'x' are not valid for objects of type 'String'",
                at: 8,
                advice: "Only moments such as pipeline.startTime take a format; write {0}."
            ),
            Case(
                "substring('abc', 1, 5)",
                "substring",
                "substring cannot take 5 characters at 1 of a text of 3.",
                at: 1
            ),
            Case("replace('abc', '', 'x')", "replace", "replace cannot search for an empty text.", at: 16),
        ]
    )
    func golden(_ example: Case) throws {
        let problem = try #require(failure(example.text))
        #expect(problem.code == example.code)
        #expect(problem.summary == example.summary)
        #expect(
            problem.span?.start
                == SourcePosition(
                    line: 1,
                    column: example.column,
                    offset: problem.span?.start.offset ?? -1
                )
        )
        #expect(problem.advice == example.advice)
    }

    @Test("all syntax errors of an expression are reported, each once")
    func allErrors() {
        let text = "and(a == 1, eq(b, \"x\"), or(, !c), d.1)"
        let (expression, diagnostics) = ParsedExpression.parse(text)
        #expect(expression == nil)
        #expect(diagnostics.compactMap { $0.span?.start.column } == [7, 19, 28, 30, 37])
    }

    @Test("all unknown names and functions are found without evaluating, in branches that are never taken too")
    func problems() throws {
        let expression = try #require(ParsedExpression.parse("or(true, foo(bar.x), eq(1), baz)").expression)
        let context = EvaluationContext(functions: .compileTime, names: sampleNames)
        let codes = expression.problems(in: context).map(\.code)
        #expect(
            codes == [
                "expression.unknown-function", "expression.unknown-name", "expression.too-few-parameters",
                "expression.unknown-name",
            ]
        )
        #expect(try expression.evaluate(in: context) == true)
    }

    @Test("functions of compile time and run time differ")
    func functionSets() {
        #expect(failure("convertToJson(1)", .runTime)?.advice == "convertToJson may be used in ${{ }} only.")
        #expect(failure("split('a', 'b')", .runTime) == nil)
    }

    @Test(
        "nesting beyond 50 levels is an error and never a crash",
        arguments: [
            String(repeating: "not(", count: 5_000) + "1",
            String(repeating: "not(", count: 51) + "1" + String(repeating: ")", count: 51),
            "variables" + String(repeating: ".a", count: 10_000),
            "variables" + String(repeating: "[variables", count: 1_500) + String(repeating: "]", count: 1_500),
            String(repeating: "!", count: 1) + String(repeating: "! ", count: 10_000) + "x",
            String(repeating: "and(true,", count: 2_000),
        ]
    )
    func depth(_ text: String) {
        let codes = ParsedExpression.parse(text).diagnostics.map(\.code)
        #expect(codes.contains("expression.too-deep"))
    }

    @Test("nesting of 49 levels is fine")
    func allowedDepth() throws {
        #expect(try evaluate(String(repeating: "not(", count: 49) + "1" + String(repeating: ")", count: 49)) == false)
    }

    @Test("an expression of more than 21,000 characters is refused")
    func length() {
        let long = "'" + String(repeating: "é", count: 20_999) + "'"
        #expect(failure(long)?.code == "expression.too-long")
        #expect(failure("'" + String(repeating: "é", count: 20_998) + "'") == nil)
    }

    @Test("an undeclared member of a strict object is an error with the place of the whole reference")
    func strictMembers() throws {
        struct Strict: MemberSource {
            func member(_ name: String) throws(MemberFailure) -> Value? {
                throw MemberFailure("Unexpected parameter '\(name)'", advice: "Did you mean 'flag'?")
            }
            var all: ObjectValue { [:] }
        }
        let expression = try #require(ParsedExpression.parse("not(parameters['flga'])").expression)
        let context = EvaluationContext(functions: .compileTime, names: ["Parameters": .members(Strict())])
        let error = #expect(throws: EvaluationError.self) { try expression.evaluate(in: context) }
        #expect(error?.diagnostic.code == "expression.unknown-member")
        #expect(error?.diagnostic.span?.start.column == 5)
        #expect(error?.diagnostic.span?.end.column == 23)
    }
}
