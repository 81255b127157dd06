import RoostLanguage

/// Decides whether a step runs.
enum StepCondition {
    /// What an evaluation came to.
    enum Verdict: Hashable, Sendable {
        case run
        /// With the lines that tell why.
        case skip(trace: [String])
        /// It has no value; what is wrong with it.
        case invalid(String)
    }

    /// Evaluates a condition; nil is `succeeded()`.
    static func evaluate(_ condition: String?, status: JobStatusSoFar, variables: JobVariables) -> Verdict {
        let text = condition ?? ""
        if text.allSatisfy(\.isWhitespace) || text == "succeeded()" { return usual(status) }
        let parsed = ParsedExpression.parse(text)
        guard let expression = parsed.expression else {
            return .invalid(parsed.diagnostics.map(\.summary).joined(separator: " "))
        }
        let functions = FunctionTable.runTime.adding(ExpressionFunction.statusFunctions(ofStepsIn: status))
        let context = EvaluationContext(functions: functions, names: ["variables": .members(variables.members())])
        do throws(EvaluationError) {
            let (value, trace) = try expression.trace(in: context)
            return value.isTrue ? .run : .skip(trace: trace.lines)
        } catch {
            return .invalid(error.description)
        }
    }

    /// The condition nearly every step has, without parsing it each time.
    private static func usual(_ status: JobStatusSoFar) -> Verdict {
        switch status {
        case .succeeded, .succeededWithIssues: .run
        case .failed, .canceled:
            .skip(trace: ["Evaluating: succeeded()", "Result: False"])
        }
    }
}
