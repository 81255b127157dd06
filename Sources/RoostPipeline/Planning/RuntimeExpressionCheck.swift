import RoostLanguage

/// Checks what is evaluated only while the run goes on: conditions and `$[ ]`.
final class RuntimeExpressionCheck {
    /// Whose condition it is.
    enum Owner { case stage, job, step }

    private let log: DiagnosticLog
    private let stageOrJob: EvaluationContext
    private let step: EvaluationContext
    private let variable: EvaluationContext

    init(log: DiagnosticLog) {
        self.log = log
        let anything = ClosureMembers { _ in
            .string("")
        } all: {
            ObjectValue()
        }
        let always: [(String, NamedValue)] = [("variables", .members(anything)), ("pipeline", .members(anything))]
        let later: [(String, NamedValue)] = [
            ("dependencies", .members(anything)), ("stageDependencies", .members(anything)),
            ("resources", .members(anything)),
        ]
        let names = Dictionary(uniqueKeysWithValues: always + later)
        stageOrJob = EvaluationContext(functions: FunctionTable.runTime.adding(Self.status), names: names)
        step = EvaluationContext(
            functions: FunctionTable.runTime.adding(ExpressionFunction.statusFunctions(ofStepsIn: .succeeded)),
            names: Dictionary(uniqueKeysWithValues: always)
        )
        let counter = ExpressionFunction.counter { _, seed in seed }
        variable = EvaluationContext(functions: FunctionTable.runTime.adding([counter]), names: names)
    }

    /// The status functions, which take names of dependencies in conditions of stages and jobs.
    private static let status: [ExpressionFunction] =
        ["succeeded", "failed", "succeededOrFailed"].map { name in
            ExpressionFunction(name, arity: 0...Int.max) { _ throws(EvaluationError) in .bool(true) }
        } + [.constant("always", true), .constant("canceled", false)]

    /// Reports what is wrong with a condition.
    func condition(_ scalar: SyntaxScalar, of owner: Owner) {
        guard !scalar.isRuntimeExpression else {
            log.error(
                "condition.wrapped",
                "Unexpected symbol: '$['",
                at: scalar.place,
                advice: "A condition is an expression by itself; leave '$[' and ']' out."
            )
            return
        }
        check(scalar.text, scalar.map, owner == .step ? step : stageOrJob, scalar.place)
    }

    /// Reports what is wrong with a value when it is a `$[ ]`; counters may stand in variables only.
    func value(_ scalar: SyntaxScalar, isVariable: Bool) {
        guard scalar.isRuntimeExpression, let open = scalar.text.utf8.firstIndex(of: UInt8(ascii: "[")) else { return }
        let offset = scalar.text.utf8.distance(from: scalar.text.startIndex, to: open) + 1
        let text = scalar.text.trimmingBlanks().dropFirst(2).dropLast()
        check(String(text), scalar.map.advanced(by: offset), isVariable ? variable : stageOrJob, scalar.place)
    }

    private func check(_ text: String, _ map: SourceMap, _ context: EvaluationContext, _ place: SyntaxPlace) {
        let (expression, diagnostics) = ParsedExpression.parse(text, at: map)
        for problem in expression?.problems(in: context) ?? diagnostics { log.add(problem, site: place.site) }
    }
}
