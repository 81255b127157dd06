/// How the job stands when a step's condition is evaluated, the value of `Agent.JobStatus`.
public enum JobStatusSoFar: String, Hashable, Sendable, CaseIterable {
    case succeeded = "Succeeded"
    case succeededWithIssues = "SucceededWithIssues"
    case failed = "Failed"
    case canceled = "Canceled"
}

extension ExpressionFunction {
    /// `always`, `canceled`, `failed`, `succeeded` and `succeededOrFailed` as conditions of steps see them: without parameters.
    public static func statusFunctions(ofStepsIn status: JobStatusSoFar) -> [ExpressionFunction] {
        let succeeded = status == .succeeded || status == .succeededWithIssues
        return [
            constant("always", true),
            constant("canceled", status == .canceled),
            constant("failed", status == .failed),
            constant("succeeded", succeeded),
            constant("succeededOrFailed", succeeded || status == .failed),
        ]
    }

    /// A function without parameters that always gives one value.
    public static func constant(_ name: String, _ value: Bool) -> ExpressionFunction {
        ExpressionFunction(name, arity: 0...0) { _ throws(EvaluationError) in .bool(value) }
    }

    /// `counter(prefix, seed)`, which may stand only in the value of a variable.
    ///
    /// - Parameter next: Gives the counter's value for a prefix and the value it begins with.
    /// - Returns: The function; a missing prefix is empty, a missing seed 0.
    public static func counter(next: @escaping @Sendable (String, Int) -> Int) -> ExpressionFunction {
        ExpressionFunction("counter", arity: 0...2) { call throws(EvaluationError) in
            let prefix = call.count > 0 ? try call.string(0) : ""
            let seed = call.count > 1 ? try call.integer(1) : 0
            return .number(Double(next(prefix, seed)))
        }
    }
}
