import RoostLanguage

/// Checks what is evaluated only while the run goes on: conditions and `$[ ]`.
final class RuntimeExpressionCheck {
    /// Whose condition it is.
    enum Owner { case stage, job, step }

    /// What the stage or job that is looked at waits for; nil lists are not known, so nothing is said about them.
    struct Surroundings {
        /// `The job B`, or `The stage B`.
        var owner = ""
        /// What `dependencies` holds.
        var dependencies: [String]?
        /// What `stageDependencies` holds.
        var stages: [String]?
    }

    var surroundings = Surroundings()

    private let log: DiagnosticLog
    private let limits: ExpressionLimits
    private let stageOrJob: EvaluationContext
    private let step: EvaluationContext
    private let variable: EvaluationContext

    init(log: DiagnosticLog, limits: ExpressionLimits = .default) {
        self.log = log
        self.limits = limits
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
        let context = owner == .step ? step : stageOrJob
        guard let expression = check(scalar.text, scalar.map, context, scalar.place), owner != .step else { return }
        checkReferences(expression, scalar.place, isStage: owner == .stage)
    }

    /// Reports what is wrong with a value when it is a `$[ ]`; counters may stand in variables only.
    func value(_ scalar: SyntaxScalar, isVariable: Bool) {
        guard scalar.isRuntimeExpression, let open = scalar.text.utf8.firstIndex(of: UInt8(ascii: "[")) else {
            if isVariable { checkEmbedded(scalar) }
            return
        }
        let inner = scalar.text.trimmingBlanks().dropFirst(2).dropLast()
        let text = String(inner).trimmingBlanks()
        let blanks = inner.utf8.prefix { $0 == 0x20 || (0x09...0x0D).contains($0) }.count
        let offset = scalar.text.utf8.distance(from: scalar.text.startIndex, to: open) + 1 + blanks
        let context = isVariable ? variable : stageOrJob
        guard let expression = check(text, scalar.map.advanced(by: offset), context, scalar.place) else { return }
        checkReferences(expression, scalar.place, isStage: false)
    }

    private func check(
        _ text: String,
        _ map: SourceMap,
        _ context: EvaluationContext,
        _ place: SyntaxPlace
    ) -> ParsedExpression? {
        let (expression, diagnostics) = ParsedExpression.parse(text, at: map, limits: limits)
        for problem in expression?.problems(in: context) ?? diagnostics { log.add(problem, site: place.site) }
        return expression
    }

    // MARK: What evaluates to nothing

    /// `a-$[ b ]`, of which nothing is evaluated.
    private func checkEmbedded(_ scalar: SyntaxScalar) {
        guard let mark = scalar.text.range(ofMark: "$["), scalar.text[mark.upperBound...].contains("]") else { return }
        log.warning(
            "expression.embedded",
            "'$[ ]' is evaluated only when it is the whole value; here it stays text",
            at: scalar.place,
            advice: "Write the whole value as one expression: $[ format('{0}-{1}', variables.a, variables.b) ]."
        )
    }

    /// Reports names of stages and jobs that `dependencies` and `stageDependencies` do not hold here.
    private func checkReferences(_ expression: ParsedExpression, _ place: SyntaxPlace, isStage: Bool) {
        var paths: [[String]: ExpressionNode] = [:]
        expression.root.forEach { node in
            guard let path = node.path, path.count == 2 else { return }
            paths[path] = node
        }
        for (path, node) in paths.sorted(by: { $0.value.range.lowerBound < $1.value.range.lowerBound }) {
            let isStages = equalIgnoringCase(path[0], "stageDependencies")
            guard isStages || equalIgnoringCase(path[0], "dependencies") else { continue }
            if isStages, isStage {
                stageDependenciesOfStage(path[1], expression.span(of: node), place)
            } else if let known = isStages ? surroundings.stages : surroundings.dependencies,
                !known.contains(where: { equalIgnoringCase($0, path[1]) })
            {
                noDependency(path, expression.span(of: node), place)
            }
        }
    }

    private func stageDependenciesOfStage(_ name: String, _ span: SourceSpan, _ place: SyntaxPlace) {
        log.add(
            .warning(
                "expression.stage-dependencies",
                "'stageDependencies' is empty in the condition of a stage",
                at: span,
                advice: "Write dependencies.\(name).outputs['job.step.variable'] or dependencies.\(name).result."
            ),
            site: place.site
        )
    }

    private func noDependency(_ path: [String], _ span: SourceSpan, _ place: SyntaxPlace) {
        let isOther =
            !equalIgnoringCase(path[0], "stageDependencies")
            && surroundings.stages?.contains { equalIgnoringCase($0, path[1]) } == true
        log.add(
            .warning(
                "expression.no-dependency",
                "\(surroundings.owner) does not depend on '\(path[1])', so '\(path[0]).\(path[1])' is empty",
                at: span,
                advice: isOther
                    ? "'\(path[1])' is a stage; write stageDependencies.\(path[1]).job.outputs['step.variable']."
                    : "Add '\(path[1])' to 'dependsOn'."
            ),
            site: place.site
        )
    }
}

extension String {
    /// Where a short mark occurs first.
    fileprivate func range(ofMark mark: String) -> Range<Index>? {
        var start = startIndex
        while start < endIndex {
            if self[start...].hasPrefix(mark) { return start..<index(start, offsetBy: mark.count) }
            start = index(after: start)
        }
        return nil
    }
}
