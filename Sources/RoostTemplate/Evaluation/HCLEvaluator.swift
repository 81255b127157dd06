public import RoostLanguage

/// Computes the values of expressions; problems are collected, and what has one is unknown.
struct HCLEvaluator {
    /// Nodes and pieces of text that one evaluation may go through.
    static let workLimit = 1_000_000

    var diagnostics: [Diagnostic] = []
    private var work = 0
    private var isExhausted = false
    /// What stands for an element in the splats around, innermost last.
    private var splatItems: [HCLValue] = []
    /// Problems that say already what names stand for.
    var annotated = 0
    private let isSilent: Bool

    /// A silent one adds nothing to problems.
    init(isSilent: Bool = false) { self.isSilent = isSilent }

    static func evaluate(_ expression: HCLExpression, in scope: HCLScope) -> (HCLValue, [Diagnostic]) {
        var evaluator = HCLEvaluator()
        let value = evaluator.value(of: expression, in: scope)
        return (value, evaluator.diagnostics)
    }

    // MARK: Problems and bounds

    mutating func fail(
        _ code: String,
        _ summary: String,
        _ detail: String,
        _ subject: HCLRange,
        context: HCLRange? = nil,
        advice: String? = nil
    ) -> HCLValue {
        if diagnostics.count < 100 {
            diagnostics.append(.hcl(code, summary, detail, subject, context: context, advice: advice))
        }
        return .unknown()
    }

    /// Counts work; false when there was too much, which is reported once.
    mutating func spend(_ amount: Int, at range: HCLRange) -> Bool {
        work += amount
        guard work > Self.workLimit else { return true }
        if !isExhausted {
            isExhausted = true
            _ = fail(
                "too-much-work",
                "Expression too large",
                "Computing this takes more than \(Self.workLimit) steps.",
                range
            )
        }
        return false
    }

    /// Runs without keeping problems; whether there were none.
    mutating func attempt(_ body: (inout Self) -> HCLValue) -> (value: HCLValue, problems: [Diagnostic]) {
        let (before, done) = (diagnostics, annotated)
        (diagnostics, annotated) = ([], 0)
        let value = body(&self)
        let problems = diagnostics
        (diagnostics, annotated) = (before, done)
        return (value, problems)
    }

    // MARK: Expressions

    mutating func value(of expression: HCLExpression, in scope: HCLScope) -> HCLValue {
        let before = diagnostics.count
        let value = plainValue(of: expression, in: scope)
        if !isSilent, diagnostics.count > before { annotate(since: before, expression, in: scope) }
        return value
    }

    private mutating func plainValue(of expression: HCLExpression, in scope: HCLScope) -> HCLValue {
        guard spend(1, at: expression.range) else { return .unknown() }
        switch expression.form {
        case .literal(let value): return value
        case .invalid: return .unknown()
        case .template(let parts): return template(parts, in: scope)
        case .wrapped(let inner), .parentheses(let inner): return value(of: inner, in: scope)
        case .joined(let loop): return joined(loop, in: scope)
        case .bound(let inner, let names): return value(of: inner, in: HCLScope(variables: names, parent: scope))
        case .variable(let traversal): return variable(traversal, in: scope)
        case .steps(let base, let steps): return apply(steps[...], to: value(of: base, in: scope))
        case .index(let collection, let key, let bracket):
            let base = value(of: collection, in: scope)
            return index(base, by: value(of: key, in: scope), bracket)
        case .splat(let source, let each, let marker):
            return splat(value(of: source, in: scope), each, in: scope, marker, source: source.range)
        case .splatItem: return splatItems.last ?? .unknown()
        case .call(let call): return result(of: call, expression.range, in: scope)
        case .unary(let symbol, let operand): return unary(symbol, operand, expression.range, in: scope)
        case .binary(let left, let symbol, let right): return binary(left, symbol, right, expression.range, in: scope)
        case .conditional(let test, let then, let otherwise):
            return conditional(test, then, otherwise, expression.range, in: scope)
        case .tuple(let elements):
            var values: [HCLValue] = []
            for element in elements { values.append(value(of: element, in: scope)) }
            return .tuple(values)
        case .object(let items): return object(items, expression.range, in: scope)
        case .comprehension(let loop): return comprehension(loop, expression.range, in: scope)
        }
    }

    // MARK: Names

    private mutating func variable(_ traversal: HCLTraversal, in scope: HCLScope) -> HCLValue {
        guard let root = scope.variable(traversal.name) else { return unknownVariable(traversal, in: scope) }
        return apply(traversal.steps[...], to: root)
    }

    private mutating func unknownVariable(_ traversal: HCLTraversal, in scope: HCLScope) -> HCLValue {
        guard let names = scope.variableNames else {
            return fail("no-variables", "Variables not allowed", "Variables may not be used here.", traversal.range)
        }
        let near = suggestion(traversal.name, among: names)
        let detail = "There is no variable named \"\(traversal.name)\"."
        return fail("unknown-variable", "Unknown variable", detail, traversal.nameRange, advice: near)
    }

    mutating func apply(_ steps: ArraySlice<HCLStep>, to base: HCLValue) -> HCLValue {
        var value = base
        for step in steps {
            let before = diagnostics.count
            switch step.form {
            case .attribute(let name): value = attribute(name, of: value, step.range)
            case .index(let key): value = index(value, by: key, step.range)
            }
            if diagnostics.count > before { return .unknown() }
        }
        return value
    }

    // MARK: Templates

    private mutating func template(_ parts: [HCLExpression], in scope: HCLScope) -> HCLValue {
        var text = ""
        var (isKnown, isSensitive) = (true, false)
        for part in parts {
            let before = diagnostics.count
            let value = value(of: part, in: scope)
            isSensitive = isSensitive || value.hasSensitivePart
            guard diagnostics.count == before else {
                isKnown = false
                continue
            }
            guard let piece = piece(value, part) else {
                isKnown = false
                continue
            }
            guard spend(piece.utf8.count / 16, at: part.range) else { return .unknown(.string) }
            text += piece
        }
        return isKnown ? HCLValue.string(text).marked(isSensitive) : HCLValue.unknown(.string).marked(isSensitive)
    }

    /// The text of one part; nil when it is not known or has none.
    private mutating func piece(_ value: HCLValue, _ part: HCLExpression) -> String? {
        if value.isNull {
            _ = fail(
                "null-in-template",
                "Invalid template interpolation value",
                "The expression result is null. Cannot include a null value in a string template.",
                part.range
            )
            return nil
        }
        do {
            return try value.converted(to: .string).text
        } catch {
            _ = fail(
                "template-value",
                "Invalid template interpolation value",
                "Cannot include the given value in a string template: \(error).",
                part.range
            )
            return nil
        }
    }

    private mutating func joined(_ loop: HCLExpression, in scope: HCLScope) -> HCLValue {
        let value = value(of: loop, in: scope)
        guard let elements = value.elements else { return .unknown(.string) }
        var text = ""
        for element in elements {
            guard element.isKnown, let piece = piece(element, loop) else {
                return HCLValue.unknown(.string).marked(value.hasSensitivePart)
            }
            text += piece
        }
        return HCLValue.string(text).marked(value.hasSensitivePart)
    }

    // MARK: Splats

    private mutating func splat(
        _ source: HCLValue,
        _ each: HCLExpression,
        in scope: HCLScope,
        _ marker: HCLRange,
        source range: HCLRange
    ) -> HCLValue {
        if !source.isKnown, source.type == .dynamic { return source }
        if source.isNull {
            if source.type.isSequence {
                return fail(
                    "splat-null",
                    "Splat of null value",
                    "Splat expressions (with the * symbol) cannot be applied to null sequences.",
                    range,
                    context: range.union(marker)
                )
            }
            // Whatever it would have been, there is none of it.
            return HCLValue.tuple([]).marked(source.isSensitive)
        }
        guard source.type.isSequence else { return splatOfOne(source, each, in: scope) }
        guard let elements = source.elements else { return splatOfUnknown(source, each, in: scope) }
        var values: [HCLValue] = []
        for element in elements { values.append(item(each, element, in: scope)) }
        if case .tuple = source.type { return HCLValue.tuple(values).marked(source.isSensitive) }
        let type = values.first?.type ?? elementType(source.type, each, in: scope)
        guard values.allSatisfy({ $0.type == type }) else { return HCLValue.tuple(values).marked(source.isSensitive) }
        return HCLValue.list(values, of: type).marked(source.isSensitive)
    }

    private mutating func item(_ each: HCLExpression, _ element: HCLValue, in scope: HCLScope) -> HCLValue {
        splatItems.append(element)
        defer { splatItems.removeLast() }
        return value(of: each, in: scope)
    }

    private mutating func splatOfOne(_ source: HCLValue, _ each: HCLExpression, in scope: HCLScope) -> HCLValue {
        if !source.isKnown { return .unknown() }
        return HCLValue.tuple([item(each, source, in: scope)]).marked(source.isSensitive)
    }

    private mutating func splatOfUnknown(_ source: HCLValue, _ each: HCLExpression, in scope: HCLScope) -> HCLValue {
        if case .tuple = source.type { return .unknown() }
        return HCLValue.unknown(.list(elementType(source.type, each, in: scope))).marked(source.isSensitive)
    }

    private mutating func elementType(_ type: HCLType, _ each: HCLExpression, in scope: HCLScope) -> HCLType {
        guard let element = type.elementType else { return .dynamic }
        return attempt { $0.item(each, .unknown(element), in: scope) }.value.type
    }
}

extension HCLType {
    var isSequence: Bool {
        switch self {
        case .list, .set, .tuple: true
        default: false
        }
    }

    var isSet: Bool {
        if case .set = self { true } else { false }
    }

    var isMapping: Bool {
        switch self {
        case .map, .object: true
        default: false
        }
    }

    /// Of a list, a set or a map.
    var elementType: HCLType? {
        switch self {
        case .list(let element), .set(let element), .map(let element): element
        default: nil
        }
    }
}

extension HCLExpression {
    /// The value in a scope, and all problems that computing it has; with a problem the value is unknown in part or whole.
    public func value(in scope: HCLScope) -> (value: HCLValue, diagnostics: [Diagnostic]) {
        let (value, diagnostics) = HCLEvaluator.evaluate(self, in: scope)
        return (value, diagnostics)
    }
}
