extension HCLEvaluator {
    mutating func unary(
        _ symbol: HCLUnaryOperator,
        _ operand: HCLExpression,
        _ range: HCLRange,
        in scope: HCLScope
    ) -> HCLValue {
        let wanted: HCLType = symbol == .not ? .bool : .number
        let value = value(of: operand, in: scope)
        guard let value = self.operand(value, wanted, "unary", operand.range, range) else { return .unknown(wanted) }
        switch value.content {
        case .number(let number): return HCLValue.number(-number).marked(value.isSensitive)
        case .bool(let truth): return HCLValue.bool(!truth).marked(value.isSensitive)
        default: return HCLValue.unknown(wanted).marked(value.isSensitive)
        }
    }

    /// The operand as the operator needs it; nil when it is not fit for it, which is reported.
    private mutating func operand(
        _ value: HCLValue,
        _ wanted: HCLType,
        _ side: String,
        _ subject: HCLRange,
        _ context: HCLRange
    ) -> HCLValue? {
        do {
            let converted = try value.converted(to: wanted)
            guard converted.isNull else { return converted }
            _ = fail(
                "operand",
                "Invalid operand",
                "Unsuitable value for \(side) operand: argument must not be null.",
                subject,
                context: context
            )
        } catch {
            let place = side == "unary" ? "unary" : side
            _ = fail(
                "operand",
                "Invalid operand",
                "Unsuitable value for \(place) operand: \(error).",
                subject,
                context: context
            )
        }
        return nil
    }

    mutating func binary(
        _ left: HCLExpression,
        _ symbol: HCLBinaryOperator,
        _ right: HCLExpression,
        _ range: HCLRange,
        in scope: HCLScope
    ) -> HCLValue {
        let before = diagnostics.count
        let (a, b) = (value(of: left, in: scope), value(of: right, in: scope))
        switch symbol {
        case .equal, .notEqual:
            guard diagnostics.count == before else { return .unknown(.bool) }
            return equality(a, b, negated: symbol == .notEqual)
        default: break
        }
        let wanted: HCLType = symbol == .and || symbol == .or ? .bool : .number
        let x = operand(a, wanted, "left", left.range, range)
        let y = operand(b, wanted, "right", right.range, range)
        let result: HCLType = symbol.precedence >= HCLBinaryOperator.plus.precedence ? .number : .bool
        guard let x, let y, diagnostics.count == before else { return .unknown(result) }
        return combine(x, symbol, y, result, right.range, range).marked(x.isSensitive || y.isSensitive)
    }

    private func equality(_ a: HCLValue, _ b: HCLValue, negated: Bool) -> HCLValue {
        let isSensitive = a.hasSensitivePart || b.hasSensitivePart
        let isEqual: Bool? = a.withoutMarks.equals(b.withoutMarks)
        let value = isEqual.map { HCLValue.bool($0 != negated) } ?? .unknown(.bool)
        return value.marked(isSensitive)
    }

    private mutating func combine(
        _ x: HCLValue,
        _ symbol: HCLBinaryOperator,
        _ y: HCLValue,
        _ type: HCLType,
        _ rightRange: HCLRange,
        _ range: HCLRange
    ) -> HCLValue {
        switch (x.content, y.content) {
        case (.bool(let a), .bool(let b)): return .bool(symbol == .and ? a && b : a || b)
        case (.bool(false), .unknown) where symbol == .and, (.unknown, .bool(false)) where symbol == .and:
            return .unknown(.bool)
        case (.number(let a), .number(let b)):
            switch symbol {
            case .greater: return .bool(a > b)
            case .greaterOrEqual: return .bool(a >= b)
            case .less: return .bool(a < b)
            case .lessOrEqual: return .bool(a <= b)
            case .plus: return .number(a + b)
            case .minus: return .number(a - b)
            case .times: return .number(a * b)
            case .over:
                if let quotient = a.divided(by: b) { return .number(quotient) }
                return fail(
                    "division",
                    "Division by zero",
                    "The right operand is zero, and nothing can be divided by it.",
                    rightRange,
                    context: range
                )
            default:
                if let rest = a.remainder(by: b) { return .number(rest) }
                return fail(
                    "division",
                    "Division by zero",
                    "The right operand is zero, and there is no remainder of it.",
                    rightRange,
                    context: range
                )
            }
        default: return .unknown(type)
        }
    }

    // MARK: Conditions

    mutating func conditional(
        _ test: HCLExpression,
        _ then: HCLExpression,
        _ otherwise: HCLExpression,
        _ range: HCLRange,
        in scope: HCLScope
    ) -> HCLValue {
        // Problems count in the branch that is taken only; the other's type counts always.
        let (yes, yesProblems) = attempt { $0.value(of: then, in: scope) }
        let (no, noProblems) = attempt { $0.value(of: otherwise, in: scope) }
        let before = diagnostics.count
        let condition = value(of: test, in: scope)
        let hasProblem = diagnostics.count > before
        guard let type = branchType(yes, no) else {
            return fail(
                "branches",
                "Inconsistent conditional result types",
                "The true and false result expressions must have consistent types. \(difference(yes.type, no.type))",
                then.range.union(otherwise.range),
                context: range
            )
        }
        guard !hasProblem else { return .unknown(type) }
        if condition.isNull {
            return fail(
                "condition",
                "Null condition",
                "The condition value is null. Conditions must either be true or false.",
                test.range,
                context: range
            )
        }
        guard let truth = try? condition.converted(to: .bool) else {
            return fail(
                "condition",
                "Incorrect condition type",
                "The condition expression must be of type bool.",
                test.range,
                context: range
            )
        }
        guard let chosen = truth.truth else { return HCLValue.unknown(type).marked(condition.isSensitive) }
        diagnostics += chosen ? yesProblems : noProblems
        annotated = diagnostics.count
        return branch(chosen ? yes : no, type, range).marked(condition.isSensitive)
    }

    private mutating func branch(_ value: HCLValue, _ type: HCLType, _ range: HCLRange) -> HCLValue {
        guard type != .dynamic else { return value }
        do { return try value.converted(to: type) } catch {
            return fail(
                "branches",
                "Inconsistent conditional result types",
                "The result cannot be converted: \(error).",
                range
            )
        }
    }

    /// The type of both results; nil when there is none in common.
    private func branchType(_ yes: HCLValue, _ no: HCLValue) -> HCLType? {
        if yes.isNull, yes.type == .dynamic { return no.type }
        if no.isNull, no.type == .dynamic { return yes.type }
        if yes.type == .dynamic || no.type == .dynamic { return .dynamic }
        return HCLType.unified([yes.type, no.type])
    }

    private func difference(_ yes: HCLType, _ no: HCLType) -> String {
        "The 'true' value is \(yes.name), but the 'false' value is \(no.name)."
    }
}

extension HCLValue {
    /// Whether both are the same, which values of different types never are; nil when too little is known.
    func equals(_ other: HCLValue) -> Bool? {
        if isNull || other.isNull {
            if isNull, other.isNull { return true }
            return isKnown && other.isKnown ? false : nil
        }
        if !isKnown || !other.isKnown {
            let isDecided = type != .dynamic && other.type != .dynamic && !type.mayEqual(other.type)
            return isDecided ? false : nil
        }
        switch (content, other.content) {
        case (.elements(let a), .elements(let b)):
            guard type.mayEqual(other.type), a.count == b.count else { return false }
            return Self.allEqual(zip(a, b).map { $0.equals($1) })
        case (.attributes(let a), .attributes(let b)):
            guard type.mayEqual(other.type), Set(a.keys) == Set(b.keys) else { return false }
            return Self.allEqual(a.map { key, value in b[key].map { value.equals($0) } ?? false })
        default: return content == other.content
        }
    }

    private static func allEqual(_ results: [Bool?]) -> Bool? {
        if results.contains(false) { return false }
        return results.contains(nil) ? nil : true
    }
}

extension HCLType {
    /// Whether values of both types can be the same, which those of different kinds never are.
    fileprivate func mayEqual(_ other: HCLType) -> Bool {
        switch (self, other) {
        case (.dynamic, _), (_, .dynamic): true
        case (.list(let a), .list(let b)), (.set(let a), .set(let b)), (.map(let a), .map(let b)): a.mayEqual(b)
        case (.object(let a, _), .object(let b, _)):
            Set(a.keys) == Set(b.keys) && a.allSatisfy { key, type in b[key].map(type.mayEqual) ?? false }
        case (.tuple(let a), .tuple(let b)): a.count == b.count && zip(a, b).allSatisfy { $0.mayEqual($1) }
        default: self == other
        }
    }
}
