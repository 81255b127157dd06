extension HCLParser {
    /// Reads `expression = operation [ "?" expression ":" expression ]`.
    mutating func expression() -> HCLExpression {
        nested { $0.conditional() } ?? HCLExpression(.invalid, range(previous))
    }

    private mutating func conditional() -> HCLExpression {
        let first = peek()
        var before = diagnostics.count
        let condition = operation(0)
        if isLost(since: before) || take(.question) == nil { return condition }
        before = diagnostics.count
        let then = expression()
        if isLost(since: before) { return condition }
        guard take(.colon) != nil else {
            report(
                "no-else",
                "Missing false expression in conditional",
                "A condition has two results, with a colon between them: condition ? one : other.",
                range(peek()),
                context: range(first, peek())
            )
            return condition
        }
        before = diagnostics.count
        let otherwise = expression()
        if isLost(since: before) { return condition }
        return HCLExpression(
            .conditional(condition, then: then, otherwise: otherwise),
            range(first).union(otherwise.range)
        )
    }

    /// Operators that bind at least so tight; those of one precedence group to the left.
    private mutating func operation(_ lowest: Int) -> HCLExpression {
        var before = diagnostics.count
        var left = term()
        if isLost(since: before) { return left }
        var length = 0
        while let symbol = HCLBinaryOperator(peek().kind), symbol.precedence >= lowest {
            length += 1
            guard length <= Self.chainLimit else { return tooLong(left) }
            read()
            before = diagnostics.count
            let right = nested { $0.operation(symbol.precedence + 1) } ?? HCLExpression(.invalid, range(previous))
            if isLost(since: before) { return left }
            left = HCLExpression(.binary(left, symbol, right), left.range.union(right.range))
        }
        return left
    }

    private mutating func tooLong(_ expression: HCLExpression) -> HCLExpression {
        report(
            "too-long",
            "Expression too long",
            "An expression may have \(Self.chainLimit) operators or splats in a row.",
            range(peek())
        )
        giveUp()
        return expression
    }

    private mutating func term() -> HCLExpression {
        let base = primary()
        return steps(from: base)
    }

    // MARK: Steps

    /// Reads `step = "." name | "." number | ".*" … | "[" expression "]" | "[*]" …`.
    mutating func steps(from base: HCLExpression) -> HCLExpression {
        var result = base
        var length = 0
        while true {
            let token = peek()
            switch token.kind {
            case .dot: result = dotted(result, from: base, read())
            case .openBracket: result = bracketed(result, from: base, read())
            default: return result
            }
            length += 1
            if length > Self.chainLimit { return tooLong(result) }
        }
    }

    private func adding(_ step: HCLStep, to expression: HCLExpression) -> HCLExpression {
        let range = expression.range.union(step.range)
        switch expression.form {
        case .variable(var traversal):
            traversal.steps.append(step)
            return HCLExpression(.variable(traversal), range)
        case .steps(let base, let steps): return HCLExpression(.steps(base, steps + [step]), range)
        default: return HCLExpression(.steps(expression, [step]), range)
        }
    }

    private mutating func dotted(_ value: HCLExpression, from base: HCLExpression, _ dot: HCLToken) -> HCLExpression {
        let token = peek()
        switch token.kind {
        case .identifier:
            read()
            return adding(HCLStep(form: .attribute(normalForm(text(token))), range: range(dot, token)), to: value)
        case .number:
            read()
            return adding(numberStep(dot, token), to: value)
        case .star: return shortSplat(value, from: base, dot, read())
        default:
            report("no-attribute", "Invalid attribute name", "A dot is followed by a name.", range(token))
            isRecovering = true
            return value
        }
    }

    /// `.0`, an old form of `[0]`.
    private mutating func numberStep(_ dot: HCLToken, _ token: HCLToken) -> HCLStep {
        let written = text(token)
        let parts = written.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count > 1 else { return HCLStep(form: .index(number(token)), range: range(dot, token)) }
        report(
            "double-index",
            "Invalid legacy index syntax",
            "Two indexes in a row need brackets.",
            range(token),
            advice: "Write [\(parts[0])][\(parts[1])]."
        )
        return HCLStep(form: .index(.unknown()), range: range(dot, token))
    }

    /// `.*`, which takes only the dotted steps that follow with it.
    private mutating func shortSplat(
        _ value: HCLExpression,
        from base: HCLExpression,
        _ dot: HCLToken,
        _ star: HCLToken
    ) -> HCLExpression {
        var steps: [HCLStep] = []
        while let nextDot = take(.dot) {
            let token = peek()
            if token.kind == .number {
                read()
                steps.append(numberStep(nextDot, token))
            } else if token.kind == .identifier {
                read()
                steps.append(HCLStep(form: .attribute(normalForm(text(token))), range: range(nextDot, token)))
            } else {
                rejectSplatStep(token, star)
                return value
            }
        }
        let marker = range(dot, star)
        let item = HCLExpression(.splatItem, marker)
        let last = steps.last?.range ?? marker
        let each = steps.isEmpty ? item : HCLExpression(.steps(item, steps), steps[0].range.union(last))
        return HCLExpression(.splat(value, each: each, marker: marker), base.range.union(last))
    }

    private mutating func rejectSplatStep(_ token: HCLToken, _ star: HCLToken) {
        if !isRecovering {
            if token.kind == .star {
                report(
                    "nested-splat",
                    "Nested splat expression not allowed",
                    "A splat .* cannot stand within another.",
                    range(token)
                )
            } else {
                report("no-attribute", "Invalid attribute name", "A dot is followed by a name.", range(star))
            }
        }
        isRecovering = true
    }

    private mutating func bracketed(_ value: HCLExpression, from base: HCLExpression, _ open: HCLToken) -> HCLExpression
    {
        guard take(.star) == nil else { return fullSplat(value, from: base, open) }
        let (key, close) = withNewlines(false) { parser in
            let before = parser.diagnostics.count
            let key = parser.expression()
            if parser.isLost(since: before) { return (key, parser.skip(past: .closeBracket)) }
            let close = parser.read()
            return (key, close.kind == .closeBracket ? close : parser.rejectIndexEnd(close))
        }
        let bracket = range(open, close)
        if let constant = constantKey(key) {
            return adding(HCLStep(form: .index(constant), range: bracket), to: value)
        }
        return HCLExpression(.index(value, key: key, bracket: bracket), base.range.union(bracket))
    }

    private mutating func rejectIndexEnd(_ token: HCLToken) -> HCLToken {
        guard !isRecovering else { return token }
        report(
            "unclosed-index",
            "Missing close bracket on index",
            "An index ends with a closing bracket.",
            range(token)
        )
        return skip(past: .closeBracket)
    }

    private func constantKey(_ key: HCLExpression) -> HCLValue? {
        switch key.form {
        case .literal(let value): return value
        case .template(let parts):
            guard parts.count == 1, case .literal(let value) = parts[0].form else {
                return parts.isEmpty ? .string("") : nil
            }
            return value
        default: return nil
        }
    }

    /// `[*]`, which takes all steps that follow with it.
    private mutating func fullSplat(_ value: HCLExpression, from base: HCLExpression, _ open: HCLToken) -> HCLExpression
    {
        var close = read()
        if close.kind != .closeBracket, !isRecovering {
            report(
                "unclosed-splat",
                "Missing close bracket on splat index",
                "The star of a splat is followed by a closing bracket.",
                range(close)
            )
            close = skip(past: .closeBracket)
        }
        let marker = range(open, close)
        let item = HCLExpression(.splatItem, marker)
        let each = nested { $0.steps(from: item) } ?? item
        return HCLExpression(.splat(value, each: each, marker: marker), base.range.union(each.range))
    }

    func numberValue(_ token: HCLToken) -> HCLNumber? { HCLNumber(text(token)) }

    mutating func number(_ token: HCLToken) -> HCLValue {
        if let number = numberValue(token) { return .number(number) }
        report("number", "Invalid number literal", "This is no number, or one beyond all bounds.", range(token))
        return .unknown(.number)
    }
}
