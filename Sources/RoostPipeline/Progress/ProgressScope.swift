import RoostLanguage
import RoostModel
import Synchronization

/// What `$[ ]` expressions and conditions can name at one place of a run.
struct ProgressScope {
    let variables: VariableScope
    /// `dependencies`, `stageDependencies`, `pipeline` and `resources`.
    var names: [String: NamedValue]
    /// Secret outputs of what the place depends on.
    var secretOutputs: [String] = []
    let counters: CounterLedger
    /// Variables of the variable groups the run uses, by folded name of the group.
    var groups: [String: [String: PipelineVariable]] = [:]

    /// The scope of a level further in.
    func inner() -> ProgressScope {
        var inner = ProgressScope(variables: VariableScope(inside: variables), names: names, counters: counters)
        inner.secretOutputs = secretOutputs
        inner.groups = groups
        return inner
    }

    // MARK: Variables

    /// Defines variables of a level in the order of the file; the first fault is kept in the scope.
    func define(_ planned: [PlannedVariable]) {
        for variable in planned {
            if variable.isGroup {
                for (name, value) in groups[foldedName(variable.name)] ?? [:] {
                    variables.define(name, value.value, isSecret: value.isSecret)
                }
                continue
            }
            guard let expression = Self.expression(in: variable.value.text) else {
                variables.define(variable.name, variable.value.text)
                continue
            }
            variables.secretWasRead = false
            do throws(ProgressFault) {
                let counter = ExpressionFunction.counter { [counters] in counters.value($0, seed: $1) }
                let functions = FunctionTable.runTime.adding([counter])
                let place = variable.value.place
                let value = try evaluate(expression, at: place, functions)
                let text = try Self.text(of: value, at: place)
                variables.define(variable.name, text, isSecret: isSecret(value, text))
            } catch {
                variables.fault = variables.fault ?? error
                variables.define(variable.name, "")
            }
        }
    }

    /// Whether a computed value gives a secret away: it holds one, or it is a text that was made from one.
    func isSecret(_ value: Value, _ text: String) -> Bool {
        guard !text.isEmpty else { return false }
        if variables.secretWasRead, value.kind == .string { return true }
        return (variables.secrets + secretOutputs).contains { secret in
            text == secret || (secret.utf8.count >= 4 && text.contains(secret))
        }
    }

    // MARK: Texts

    /// The inside of `$[ … ]` when it is the whole text.
    static func expression(in text: String) -> String? {
        guard text.contains("$[") else { return nil }
        let bare = text.trimmingBlanks()
        guard bare.hasPrefix("$["), bare.hasSuffix("]") else { return nil }
        return String(bare.dropFirst(2).dropLast())
    }

    /// A text of the plan with its expression evaluated or its macros expanded.
    func text(_ planned: PlannedText) throws(ProgressFault) -> String {
        guard let expression = Self.expression(in: planned.text) else { return variables.expand(planned.text) }
        return try Self.text(of: evaluate(expression, at: planned.place, .runTime), at: planned.place)
    }

    /// The value of a text of the plan: of its expression, or the text with its macros expanded.
    func value(_ planned: PlannedText) throws(ProgressFault) -> Value {
        guard let expression = Self.expression(in: planned.text) else {
            return .string(variables.expand(planned.text))
        }
        return try evaluate(expression, at: planned.place, .runTime)
    }

    /// Whether a condition holds, and how it came about; secrets are masked in the trace.
    func condition(
        _ planned: PlannedText?,
        _ status: [ExpressionFunction]
    ) throws(ProgressFault) -> (holds: Bool, trace: EvaluationTrace) {
        let text = planned?.text.trimmingBlanks() ?? ""
        let expression = try parse(text.isEmpty ? "succeeded()" : text, at: planned?.place ?? "")
        do throws(EvaluationError) {
            let (value, trace) = try expression.trace(in: context(FunctionTable.runTime.adding(status)))
            return (value.isTrue, trace.masking(variables.secrets + secretOutputs))
        } catch {
            throw ProgressFault(error.diagnostic, place: planned?.place ?? "")
        }
    }

    // MARK: Expressions

    private func context(_ functions: FunctionTable) -> EvaluationContext {
        var context = EvaluationContext(functions: functions, names: names)
        context["variables"] = .members(variables)
        return context
    }

    private func parse(_ text: String, at place: String) throws(ProgressFault) -> ParsedExpression {
        let (expression, diagnostics) = ParsedExpression.parse(text)
        if let expression { return expression }
        let first = diagnostics.first ?? .error("expression.empty", "An expression was expected.")
        throw ProgressFault(first, place: place)
    }

    private func evaluate(_ text: String, at place: String, _ functions: FunctionTable) throws(ProgressFault) -> Value {
        let expression = try parse(text, at: place)
        do throws(EvaluationError) {
            return try expression.evaluate(in: context(functions))
        } catch {
            throw ProgressFault(error.diagnostic, place: place)
        }
    }

    private static func text(of value: Value, at place: String) throws(ProgressFault) -> String {
        guard let text = value.text else {
            throw ProgressFault(
                "expression.conversion",
                ConversionFailure(value, to: .string).description,
                place: place,
                advice: "Pick one member of it."
            )
        }
        return text
    }
}

/// Values of counters this run has, and uses of those it has not.
final class CounterLedger: Sendable {
    private let known: [String: Int]
    private let missing = Mutex<[CounterUse]>([])

    init(_ known: [String: Int]) {
        self.known = known
    }

    /// The value for a prefix; one that is missing is noted, and the seed stands in for it.
    func value(_ prefix: String, seed: Int) -> Int {
        if let value = known[prefix] { return value }
        let use = CounterUse(prefix: prefix, seed: seed)
        missing.withLock { if !$0.contains(where: { $0.prefix == prefix }) { $0.append(use) } }
        return seed
    }

    /// Uses of counters this run has no value of, in order.
    var uses: [CounterUse] { missing.withLock { $0 } }
}

extension String {
    /// Without blanks and line ends at both ends.
    func trimmingBlanks() -> String {
        guard let start = firstIndex(where: { !$0.isWhitespace }), let end = lastIndex(where: { !$0.isWhitespace })
        else {
            return ""
        }
        return String(self[start...end])
    }
}
