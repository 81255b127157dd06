import RoostLanguage
import Testing

@Suite("The trace of a condition")
struct EvaluationTraceTests {
    private func trace(_ text: String, status: JobStatusSoFar = .succeeded) throws -> EvaluationTrace {
        let functions = FunctionTable.runTime.adding(ExpressionFunction.statusFunctions(ofStepsIn: status))
        let expression = try #require(ParsedExpression.parse(text).expression)
        return try expression.trace(in: EvaluationContext(functions: functions, names: sampleNames)).trace
    }

    @Test("shows the expression, its values, and the result")
    func example() throws {
        #expect(
            try trace("and(succeeded(), eq(variables['Build.Reason'], 'Schedule'))").description == """
                Evaluating: and(succeeded(), eq(variables['Build.Reason'], 'Schedule'))
                Expanded: and(True, eq('Manual', 'Schedule'))
                Result: False
                """
        )
    }

    @Test("leaves what was not evaluated as it was written")
    func shortCircuit() throws {
        #expect(
            try trace("and(succeeded(), eq(variables.x, 'y'))", status: .failed).description == """
                Evaluating: and(succeeded(), eq(variables['x'], 'y'))
                Expanded: and(False, eq(variables['x'], 'y'))
                Result: False
                """
        )
    }

    @Test("says nothing twice")
    func short() throws {
        #expect(try trace("succeeded()").lines == ["Evaluating: succeeded()", "Result: True"])
        #expect(try trace("true").lines == ["Evaluating: True", "Result: True"])
    }

    @Test("is one line each, whatever the layout of the expression")
    func layout() throws {
        #expect(
            try trace("or(\n  eq( variables.none , '' ),\n  in(1.2.3, 'it''s', 2.50)\n)").lines == [
                "Evaluating: or(eq(variables['none'], ''), in(v1.2.3, 'it''s', 2.5))",
                "Expanded: or(eq(Null, ''), in(v1.2.3, 'it''s', 2.5))", "Result: True",
            ]
        )
    }

    @Test("hides secrets, quotes in them included")
    func secrets() throws {
        var trace = EvaluationTrace(
            evaluating: "eq(variables['x'], 'a')",
            expanded: "eq('it''s', 'a')",
            result: "False"
        )
        trace = trace.masking(["it's", ""])
        #expect(trace.expanded == "eq('***', 'a')")
    }
}
