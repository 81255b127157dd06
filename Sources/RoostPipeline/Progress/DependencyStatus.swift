import RoostLanguage
import RoostModel

/// What the status functions of a condition of a stage or a job look at.
struct DependencyStatus: Sendable {
    /// Name of the stage or job whose condition it is.
    let name: String
    /// Results of all it waits for, directly and through others, nearest first.
    let dependencies: [Dependency]
    /// The value of `canceled()`.
    let isCanceling: Bool
    /// The cancel concerns this stage or job: nothing counts as succeeded or failed any more.
    let isHitByCancel: Bool

    struct Dependency: Sendable {
        let name: String
        let result: TaskResult
    }

    /// The nearest dependency for which the default condition does not hold.
    var obstacle: Dependency? { dependencies.first { !$0.result.isSuccess } }

    /// `always`, `canceled`, `failed`, `succeeded` and `succeededOrFailed`.
    var functions: [ExpressionFunction] {
        [
            .constant("always", true),
            .constant("canceled", isCanceling),
            function("succeeded") { named in
                (named ?? dependencies).allSatisfy { $0.result.isSuccess }
            },
            function("failed") { named in
                (named ?? dependencies).contains { $0.result.isFailure }
            },
            function("succeededOrFailed") { named in
                named?.contains { $0.result.isSuccess || $0.result.isFailure } ?? true
            },
        ]
    }

    /// A function over all dependencies (nil) or over those its parameters name.
    private func function(
        _ name: String,
        holds: @escaping @Sendable ([Dependency]?) -> Bool
    ) -> ExpressionFunction {
        ExpressionFunction(name, arity: 0...Int.max) { call throws(EvaluationError) in
            var named: [Dependency]?
            for index in 0..<call.count {
                let wanted = try call.string(index)
                guard let dependency = dependencies.first(where: { equalIgnoringCase($0.name, wanted) }) else {
                    throw call.failure(unknown(wanted), at: index)
                }
                named = (named ?? []) + [dependency]
            }
            return .bool(!isHitByCancel && holds(named))
        }
    }

    private func unknown(_ wanted: String) -> EvaluationProblem {
        let near = nearName(wanted, among: dependencies.map(\.name))
        return .function(
            code: "condition.unknown-dependency",
            summary: "'\(name)' does not depend on '\(wanted)'.",
            advice: near.map { "Did you mean '\($0)'?" } ?? "Add '\(wanted)' to its dependsOn."
        )
    }
}
