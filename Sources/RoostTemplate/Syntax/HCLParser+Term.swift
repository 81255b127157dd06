extension HCLParser {
    /// A literal, a name, a call, a template, a constructor, or any expression in parentheses.
    mutating func primary() -> HCLExpression {
        let token = peek()
        switch token.kind {
        case .openParenthesis: return parenthesized(read())
        case .number:
            read()
            return HCLExpression(.literal(number(token)), range(token))
        case .identifier: return named(read())
        case .openQuote, .openHeredoc: return quotedTemplate(read())
        case .minus: return unary(.negate, read())
        case .not: return unary(.not, read())
        case .openBracket: return nested { $0.tuple($0.read()) } ?? HCLExpression(.invalid, range(token))
        case .openBrace: return nested { $0.object($0.read()) } ?? HCLExpression(.invalid, range(token))
        default: return rejectTerm(token)
        }
    }

    private mutating func rejectTerm(_ token: HCLToken) -> HCLExpression {
        if !isRecovering {
            let isEnd = token.kind == .end
            report(
                isEnd ? "missing-expression" : "invalid-expression",
                isEnd ? "Missing expression" : "Invalid expression",
                isEnd
                    ? "Expected the start of an expression, but found the end of the file."
                    : "Expected the start of an expression, but found an invalid expression token.",
                range(token)
            )
        }
        isRecovering = true
        return HCLExpression(.invalid, range(token))
    }

    private mutating func parenthesized(_ open: HCLToken) -> HCLExpression {
        withNewlines(false) { parser in
            let before = parser.diagnostics.count
            let inner = parser.expression()
            guard parser.diagnostics.count == before else {
                parser.skip(past: .closeParenthesis)
                return inner
            }
            let close = parser.peek()
            if close.kind != .closeParenthesis {
                parser.report(
                    "unclosed-parenthesis",
                    "Unbalanced parentheses",
                    "A closing parenthesis has to end the expression.",
                    parser.range(close),
                    context: parser.range(open, close)
                )
                parser.isRecovering = true
            }
            parser.read()
            return HCLExpression(.parentheses(inner), parser.range(open, close))
        }
    }

    private mutating func unary(_ symbol: HCLUnaryOperator, _ token: HCLToken) -> HCLExpression {
        let operand =
            nested { parser in
                let base = parser.primary()
                return parser.steps(from: base)
            } ?? HCLExpression(.invalid, range(token))
        return HCLExpression(.unary(symbol, operand), range(token).union(operand.range))
    }

    private mutating func named(_ token: HCLToken) -> HCLExpression {
        if peek().kind == .openParenthesis { return call(token) }
        let name = text(token)
        let range = range(token)
        switch name {
        case "true": return HCLExpression(.literal(.bool(true)), range)
        case "false": return HCLExpression(.literal(.bool(false)), range)
        case "null": return HCLExpression(.literal(.null()), range)
        default:
            let traversal = HCLTraversal(name: normalForm(name), nameRange: range, steps: [])
            return HCLExpression(.variable(traversal), range)
        }
    }

    // MARK: Calls

    /// Reads `call = name "(" [ expression { "," expression } [ "..." | "," ] ] ")"`.
    private mutating func call(_ token: HCLToken) -> HCLExpression {
        let (nameRange, open) = (range(token), read())
        let (arguments, expands) = withNewlines(false) { $0.arguments(nameRange, open) }
        let call = HCLCall(
            name: text(token),
            arguments: arguments,
            expandsLast: expands,
            nameRange: nameRange,
            openRange: range(open),
            closeRange: range(previous)
        )
        return HCLExpression(.call(call), nameRange.union(range(previous)))
    }

    private mutating func arguments(_ name: HCLRange, _ open: HCLToken) -> ([HCLExpression], expands: Bool) {
        var arguments: [HCLExpression] = []
        while take(.closeParenthesis) == nil {
            let before = diagnostics.count
            arguments.append(expression())
            if isLost(since: before) {
                skip(past: .closeParenthesis)
                break
            }
            let separator = read()
            if separator.kind == .closeParenthesis { break }
            if separator.kind == .ellipsis {
                endExpansion(name, separator)
                return (arguments, true)
            }
            guard separator.kind == .comma else {
                rejectSeparator(separator, name, open)
                break
            }
        }
        return (arguments, false)
    }

    private mutating func endExpansion(_ name: HCLRange, _ ellipsis: HCLToken) {
        guard take(.closeParenthesis) == nil else { return }
        if !isRecovering {
            report(
                "expansion",
                "Missing closing parenthesis",
                "An argument that is expanded with ... is the last one.",
                range(ellipsis),
                context: name.union(range(ellipsis))
            )
        }
        skip(past: .closeParenthesis)
    }

    private mutating func rejectSeparator(_ token: HCLToken, _ name: HCLRange, _ open: HCLToken) {
        if token.kind == .end {
            report(
                "unclosed-call",
                "Unterminated function call",
                "The file ends before the closing parenthesis of this call.",
                name.union(range(open))
            )
        } else {
            report(
                "separator",
                "Missing argument separator",
                "A comma has to stand between two arguments of a function.",
                range(token),
                context: name.union(range(token))
            )
        }
        skip(past: .closeParenthesis)
    }

    // MARK: Tuples

    private mutating func tuple(_ open: HCLToken) -> HCLExpression {
        withNewlines(false) { parser in
            if parser.isKeyword(parser.peek(), "for") { return parser.comprehension(open, .closeBracket) }
            var elements: [HCLExpression] = []
            while parser.take(.closeBracket) == nil {
                let before = parser.diagnostics.count
                elements.append(parser.expression())
                if parser.isLost(since: before) {
                    parser.skip(past: .closeBracket)
                    break
                }
                if parser.take(.closeBracket) != nil { break }
                guard parser.take(.comma) != nil else {
                    parser.rejectTupleEnd(parser.peek(), open)
                    break
                }
            }
            return HCLExpression(.tuple(elements), parser.range(open, parser.previous))
        }
    }

    private mutating func rejectTupleEnd(_ token: HCLToken, _ open: HCLToken) {
        if !isRecovering {
            // The oldest and the newest readers say the end of a file differently; this is the common part.
            report(
                "separator",
                "Missing item separator",
                "Expected a comma to mark the beginning of the next item.",
                token.kind == .end ? range(open) : range(token),
                context: range(open, token)
            )
        }
        skip(past: .closeBracket)
    }

    // MARK: Objects

    private mutating func object(_ open: HCLToken) -> HCLExpression {
        // A comprehension may begin on the next line; keys of objects end with theirs.
        if withNewlines(false, { $0.isKeyword($0.peek(), "for") }) {
            return withNewlines(false) { $0.comprehension(open, .closeBrace) }
        }
        return withNewlines(true) { parser in
            var items: [HCLObjectItem] = []
            while true {
                if parser.take(.newline) != nil { continue }
                if parser.take(.closeBrace) != nil { break }
                guard let item = parser.item(open) else {
                    parser.skip(past: .closeBrace)
                    break
                }
                items.append(item)
                if parser.take(.newline) != nil || parser.take(.comma) != nil { continue }
                if parser.take(.closeBrace) != nil { break }
                parser.rejectItemEnd(parser.peek(), open)
                break
            }
            return HCLExpression(.object(items), parser.range(open, parser.previous))
        }
    }

    private mutating func item(_ open: HCLToken) -> HCLObjectItem? {
        var before = diagnostics.count
        let key = expression()
        if isLost(since: before) { return nil }
        guard take(.equal) != nil || take(.colon) != nil else {
            rejectKeyEnd(peek(), key, open)
            return nil
        }
        before = diagnostics.count
        let value = expression()
        return isLost(since: before) ? nil : HCLObjectItem(key: key, value: value)
    }

    private mutating func rejectKeyEnd(_ token: HCLToken, _ key: HCLExpression, _ open: HCLToken) {
        guard !isRecovering else { return }
        switch token.kind {
        case .newline, .comma:
            report(
                "missing-value",
                "Missing attribute value",
                "A key is followed by an equals sign and its value.",
                range(token),
                context: range(open, token)
            )
        case .end: reportUnclosedObject(open)
        default:
            report(
                "missing-equals",
                "Missing key/value separator",
                "An equals sign has to stand between a key and its value.",
                range(token),
                context: range(open, token),
                advice: token.kind == .identifier ? "A key with dots or blanks stands in quotes." : nil
            )
        }
    }

    private mutating func rejectItemEnd(_ token: HCLToken, _ open: HCLToken) {
        if !isRecovering {
            if token.kind == .end {
                reportUnclosedObject(open)
            } else {
                report(
                    "separator",
                    "Missing attribute separator",
                    "The next key stands on a new line or after a comma.",
                    range(token),
                    context: range(open, token)
                )
            }
        }
        skip(past: .closeBrace)
    }

    private mutating func reportUnclosedObject(_ open: HCLToken) {
        report(
            "unclosed-object",
            "Unterminated object constructor expression",
            "The file ends before the closing brace of this object.",
            range(open)
        )
    }
}
