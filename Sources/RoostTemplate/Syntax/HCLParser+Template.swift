extension HCLParser {
    /// Text in quotes or a heredoc, whose opening token was read.
    mutating func quotedTemplate(_ open: HCLToken) -> HCLExpression {
        let isIndented = open.kind == .openHeredoc && bytes[open.bytes.lowerBound + 2] == UInt8(ascii: "-")
        let end: HCLToken.Kind = open.kind == .openQuote ? .closeQuote : .closeHeredoc
        return nested { parser in
            let parts = parser.templateParts(until: end)
            let form = parser.templateForm(isIndented ? parser.withoutIndentation(parts) : parts)
            return HCLExpression(form, parser.range(open, parser.previous))
        } ?? HCLExpression(.invalid, range(open))
    }

    /// A whole text that is a template.
    mutating func bareTemplate() -> HCLExpression {
        let parts = templateParts(until: .end)
        let whole = range(0..<bytes.count)
        return HCLExpression(templateForm(parts), whole)
    }

    private mutating func templateForm(_ parts: [HCLTemplatePart]) -> HCLExpression.Form {
        if parts.count == 2, case .interpolation(let only, _) = parts[0] { return .wrapped(only) }
        var rest = parts[...]
        var expressions: [HCLExpression] = []
        while let part = rest.first {
            if case .end = part { break }
            expressions.append(templateExpression(&rest))
        }
        return .template(expressions)
    }

    // MARK: Parts

    private mutating func templateParts(until end: HCLToken.Kind) -> [HCLTemplatePart] {
        let first = peek()
        var parts: [HCLTemplatePart] = []
        var trimsNext = false
        while true {
            let token = read()
            if token.kind == end {
                parts.append(.end(range(token)))
                break
            }
            let trims = trimsNext
            trimsNext = false
            switch token.kind {
            case .quotedText, .plainText:
                let text = literalText(token)
                parts.append(.text(trims ? String(text.drop(while: isBlank)) : text, range(token)))
            case .interpolation:
                trimEnd(of: &parts, token)
                trimsNext = interpolation(token, first, end, &parts)
            case .directive:
                trimEnd(of: &parts, token)
                trimsNext = withNewlines(false) { $0.directive(token, first, &parts) }
            default:
                rejectTemplate(token, first)
                parts.append(.end(range(skip(past: end))))
                return parts.count == 1 ? [.text("", range(first).end)] + parts : parts
            }
        }
        return parts.count == 1 ? [.text("", range(first).start)] + parts : parts
    }

    private mutating func rejectTemplate(_ token: HCLToken, _ first: HCLToken) {
        guard !isRecovering else { return }
        report(
            "unterminated-template",
            "Unterminated template string",
            "No closing marker was found for the string.",
            range(token),
            context: range(first, token)
        )
    }

    private func isBlank(_ character: Character) -> Bool {
        character.unicodeScalars.allSatisfy(\.properties.isWhitespace)
    }

    /// `${~` and `%{~` take the blanks before them.
    private func trimEnd(of parts: inout [HCLTemplatePart], _ token: HCLToken) {
        guard token.bytes.count == 3, case .text(var text, let range) = parts.last else { return }
        while let last = text.last, isBlank(last) { text.removeLast() }
        parts[parts.count - 1] = .text(text, range)
    }

    /// Whether the blanks after it are taken.
    private func trims(_ close: HCLToken) -> Bool { close.kind == .sequenceEnd && close.bytes.count == 2 }

    private mutating func interpolation(
        _ open: HCLToken,
        _ first: HCLToken,
        _ end: HCLToken.Kind,
        _ parts: inout [HCLTemplatePart]
    ) -> Bool {
        let (expression, close) = withNewlines(false) { parser in
            let expression = parser.expression()
            let close = parser.peek()
            if close.kind == .sequenceEnd {
                parser.read()
            } else {
                parser.rejectInterpolationEnd(close, first, end)
                parser.skip(past: .sequenceEnd)
            }
            return (expression, close)
        }
        parts.append(.interpolation(expression, range(open, close)))
        return trims(close)
    }

    private mutating func rejectInterpolationEnd(_ token: HCLToken, _ first: HCLToken, _ end: HCLToken.Kind) {
        guard !isRecovering else { return }
        let isQuote = end == .closeQuote && (token.kind == .closeQuote || token.kind == .openQuote)
        if token.kind == .end || isQuote {
            report(
                "unclosed-interpolation",
                "Unclosed template interpolation sequence",
                "The closing brace of this sequence is missing.",
                range(first)
            )
            return
        }
        report(
            "interpolation-end",
            "Extra characters after interpolation expression",
            token.kind == .colon
                ? "A colon does not belong into an interpolation."
                : "After the expression a closing brace has to end the sequence.",
            range(token),
            context: range(first, token),
            advice: "If the sequence is meant for another language, such as a shell, write $${ for ${."
        )
    }

    // MARK: Directives

    private mutating func directive(_ open: HCLToken, _ first: HCLToken, _ parts: inout [HCLTemplatePart]) -> Bool {
        guard let keyword = take(.identifier) else {
            if !isRecovering {
                report(
                    "directive",
                    "Invalid template directive",
                    "After %{ a keyword such as if or for follows.",
                    range(peek()),
                    context: range(open, peek())
                )
            }
            return trims(skip(past: .sequenceEnd)) && false
        }
        guard let part = directivePart(open, keyword) else {
            skip(past: .sequenceEnd)
            return false
        }
        parts.append(part)
        let close = peek()
        guard close.kind == .sequenceEnd else {
            if !isRecovering {
                report(
                    "directive-end",
                    "Extra characters in \(text(keyword)) marker",
                    "A closing brace has to end the sequence.",
                    range(close),
                    context: range(first, close)
                )
            }
            skip(past: .sequenceEnd)
            return false
        }
        read()
        return trims(close)
    }

    private mutating func directivePart(_ open: HCLToken, _ keyword: HCLToken) -> HCLTemplatePart? {
        switch text(keyword) {
        case "if":
            let condition = expression()
            return .conditional(condition, range(open, peek()))
        case "else": return .otherwise(range(open, peek()))
        case "endif": return .endIf(range(open, peek()))
        case "endfor": return .endFor(range(open, peek()))
        case "for":
            guard let (key, value) = loopNames() else { return nil }
            let collection = expression()
            return .loop(key: key, value: value, collection, range(open, peek()))
        case let word:
            if !isRecovering {
                let near = RoostTemplate.suggestion(word, among: ["if", "for", "else", "endif", "endfor"])
                report(
                    "directive",
                    "Invalid template control keyword",
                    "\"\(word)\" is no keyword of templates.",
                    range(keyword),
                    context: range(open, keyword),
                    advice: near
                )
            }
            return nil
        }
    }

    private mutating func loopNames() -> (key: String?, value: String)? {
        guard let first = take(.identifier) else { return rejectLoop("After 'for' the name of a variable follows.") }
        var (key, value): (String?, String) = (nil, normalForm(text(first)))
        if take(.comma) != nil {
            guard let second = take(.identifier) else {
                return rejectLoop("After the comma the name of a variable follows.")
            }
            (key, value) = (value, normalForm(text(second)))
        }
        guard isKeyword(peek(), "in") else { return rejectLoop("After the names of the variables 'in' follows.") }
        read()
        return (key, value)
    }

    private mutating func rejectLoop(_ detail: String) -> (key: String?, value: String)? {
        if !isRecovering { report("for", "Invalid 'for' directive", detail, range(peek())) }
        return nil
    }

    // MARK: Tree

    private mutating func templateExpression(_ rest: inout ArraySlice<HCLTemplatePart>) -> HCLExpression {
        guard let part = rest.first else { return HCLExpression(.invalid, range(previous)) }
        switch part {
        case .text(let text, let range):
            rest.removeFirst()
            return HCLExpression(.literal(.string(text)), range)
        case .interpolation(let expression, _):
            rest.removeFirst()
            return expression
        case .conditional(let condition, let range):
            rest.removeFirst()
            return nested { $0.conditionalParts(condition, range, &rest) } ?? HCLExpression(.invalid, range)
        case .loop(let key, let value, let collection, let range):
            rest.removeFirst()
            return nested { $0.loopParts(key, value, collection, range, &rest) } ?? HCLExpression(.invalid, range)
        case .otherwise(let range), .endIf(let range), .endFor(let range), .end(let range):
            rest.removeFirst()
            report(
                "directive",
                "Unexpected \(name(of: part)) directive",
                "Nothing was opened that it could end.",
                range
            )
            return HCLExpression(.invalid, range)
        }
    }

    private func name(of part: HCLTemplatePart) -> String {
        switch part {
        case .otherwise: "else"
        case .endIf: "endif"
        default: "endfor"
        }
    }

    private mutating func conditionalParts(
        _ condition: HCLExpression,
        _ open: HCLRange,
        _ rest: inout ArraySlice<HCLTemplatePart>
    ) -> HCLExpression {
        var branches: [[HCLExpression]] = [[]]
        while let part = rest.first {
            switch part {
            case .end(let range): return unended("if", open, range)
            case .otherwise where branches.count == 1:
                rest.removeFirst()
                branches.append([])
            case .endIf(let close):
                rest.removeFirst()
                let then = branchTemplate(branches[0], open.end)
                let otherwise = branchTemplate(branches.count > 1 ? branches[1] : [], close.start)
                return HCLExpression(.conditional(condition, then: then, otherwise: otherwise), open.union(close))
            case .otherwise(let range), .endFor(let range):
                rest.removeFirst()
                report(
                    "directive",
                    "Unexpected \(name(of: part)) directive",
                    "The if at \(open) has to end with endif first.",
                    range
                )
                return HCLExpression(.invalid, range)
            default: branches[branches.count - 1].append(templateExpression(&rest))
            }
        }
        return HCLExpression(.invalid, open)
    }

    private mutating func loopParts(
        _ key: String?,
        _ value: String,
        _ collection: HCLExpression,
        _ open: HCLRange,
        _ rest: inout ArraySlice<HCLTemplatePart>
    ) -> HCLExpression {
        var contents: [HCLExpression] = []
        while let part = rest.first {
            switch part {
            case .end(let range): return unended("for", open, range)
            case .endFor(let close):
                rest.removeFirst()
                let loop = HCLComprehension(
                    keyName: key,
                    valueName: value,
                    collection: collection,
                    key: nil,
                    value: branchTemplate(contents, open.end),
                    condition: nil,
                    groups: false,
                    openRange: open,
                    closeRange: close
                )
                let whole = open.union(close)
                return HCLExpression(.joined(HCLExpression(.comprehension(loop), whole)), whole)
            case .otherwise(let range), .endIf(let range):
                rest.removeFirst()
                report(
                    "directive",
                    "Unexpected \(name(of: part)) directive",
                    "The for at \(open) has to end with endfor first.",
                    range
                )
                return HCLExpression(.invalid, range)
            default: contents.append(templateExpression(&rest))
            }
        }
        return HCLExpression(.invalid, open)
    }

    private func branchTemplate(_ parts: [HCLExpression], _ place: HCLRange) -> HCLExpression {
        guard let first = parts.first, let last = parts.last else {
            return HCLExpression(.template([HCLExpression(.literal(.string("")), place)]), place)
        }
        return HCLExpression(.template(parts), first.range.union(last.range))
    }

    private mutating func unended(_ word: String, _ open: HCLRange, _ end: HCLRange) -> HCLExpression {
        report(
            "unended-directive",
            "Unexpected end of template",
            "The \(word) directive at \(open) is missing its corresponding end\(word) directive.",
            end
        )
        return HCLExpression(.invalid, end)
    }
}
