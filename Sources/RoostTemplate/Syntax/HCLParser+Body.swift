extension HCLParser {
    /// `body = { attribute | block }`, up to and with the token that ends it.
    mutating func body(until end: HCLToken.Kind) -> HCLSyntaxBody {
        let start = previous
        var body = HCLSyntaxBody(range: range(start))
        while true {
            let token = peek()
            if token.kind == end {
                read()
                break
            }
            if token.kind == .newline {
                read()
            } else if token.kind == .identifier {
                definition(into: &body)
            } else {
                reportNoDefinition(read(), start: start, end: end)
                skip(past: end)
                break
            }
        }
        body.range = range(start, previous)
        return body
    }

    private mutating func reportNoDefinition(_ token: HCLToken, start: HCLToken, end: HCLToken.Kind) {
        guard !isRecovering else { return }
        switch token.kind {
        case .openQuote:
            report("quoted-name", "Invalid argument name", "Names of arguments stand without quotes.", range(token))
        case .end where end == .closeBrace: reportUnclosedBlock(range(start), context: nil)
        default: reportMissingDefinition(range(token))
        }
    }

    private mutating func reportUnclosedBlock(_ subject: HCLRange, context: HCLRange?) {
        report(
            "unclosed-block",
            "Unclosed configuration block",
            "The file ends before the closing brace of this block. A brace further up may be one too many or missing.",
            subject,
            context: context
        )
    }

    private mutating func reportMissingDefinition(_ subject: HCLRange, advice: String? = nil) {
        report(
            "no-definition",
            "Argument or block definition required",
            "Here an argument or a block has to be defined.",
            subject,
            advice: advice
        )
    }

    private mutating func definition(into body: inout HCLSyntaxBody) {
        let name = read()
        switch peek().kind {
        case .equal:
            let attribute = attribute(name, isAlone: false)
            guard let first = body.attributes[attribute.name] else {
                body.attributes[attribute.name] = attribute
                return
            }
            report(
                "redefined",
                "Attribute redefined",
                "The argument \"\(attribute.name)\" is set already at \(first.nameRange); each may be set once.",
                attribute.nameRange
            )
        case .openQuote, .openBrace, .identifier:
            if let block = nested({ $0.block(name) }) { body.blocks.append(block) }
        default: rejectDefinition(name)
        }
    }

    private mutating func rejectDefinition(_ name: HCLToken) {
        skipDefinition()
        reportMissingDefinition(range(name), advice: "An argument is set with an equals sign: \(text(name)) = ….")
    }

    /// `attribute = name "=" expression newline`; those alone in a one-line block end with its brace.
    private mutating func attribute(_ name: HCLToken, isAlone: Bool) -> HCLAttribute {
        read()
        let before = diagnostics.count
        let expression = expression()
        let last = previous
        if isLost(since: before) {
            skipDefinition()
        } else if !isAlone {
            endAttribute(name)
        }
        return HCLAttribute(
            name: normalForm(text(name)),
            expression: expression,
            range: range(name, last),
            nameRange: range(name)
        )
    }

    private mutating func endAttribute(_ name: HCLToken) {
        let token = peek()
        guard token.kind != .newline, token.kind != .end else {
            read()
            return
        }
        if !isRecovering {
            let isComma = token.kind == .comma
            report(
                isComma ? "unexpected-comma" : "missing-newline",
                isComma ? "Unexpected comma after argument" : "Missing newline after argument",
                isComma
                    ? "Each argument stands on a line of its own; commas do not separate them."
                    : "An argument ends with its line.",
                range(token),
                context: range(name, token)
            )
        }
        skipDefinition()
    }

    // MARK: Blocks

    /// Reads `block = name { label } "{" ( newline body | attribute ) "}" newline`.
    private mutating func block(_ name: HCLToken) -> HCLBlock {
        var (labels, labelRanges): ([String], [HCLRange]) = ([], [])
        var open: HCLToken?
        while open == nil {
            let token = peek()
            switch token.kind {
            case .openBrace: open = read()
            case .openQuote:
                let (label, range) = quotedText()
                labels.append(label)
                labelRanges.append(range)
            case .identifier:
                read()
                labels.append(normalForm(text(token)))
                labelRanges.append(range(token))
            default:
                rejectHeader(token, name)
                let empty = HCLSyntaxBody(range: range(name))
                return HCLBlock(
                    type: text(name),
                    labels: labels,
                    typeRange: range(name),
                    labelRanges: labelRanges,
                    openRange: range(name),
                    body: HCLBody(empty)
                )
            }
        }
        let brace = open ?? name
        let body = blockBody(name, brace)
        endBlock(name)
        return HCLBlock(
            type: normalForm(text(name)),
            labels: labels,
            typeRange: range(name),
            labelRanges: labelRanges,
            openRange: range(brace),
            body: HCLBody(body)
        )
    }

    private mutating func rejectHeader(_ token: HCLToken, _ name: HCLToken) {
        let detail: String? =
            switch token.kind {
            case .equal: "An equals sign belongs to arguments; a block is defined without it."
            case .newline: "The opening brace of a block stands on the line of its type and labels."
            default: isRecovering ? nil : "Here a label in quotes or the opening brace of the block is expected."
            }
        if let detail {
            report("block-header", "Invalid block definition", detail, range(token), context: range(name, token))
        }
        skipDefinition()
    }

    private mutating func blockBody(_ name: HCLToken, _ open: HCLToken) -> HCLSyntaxBody {
        switch peek().kind {
        case .newline, .end, .closeBrace: return body(until: .closeBrace)
        default: break
        }
        var body = HCLSyntaxBody(range: range(open))
        if let only = onlyAttribute() {
            body.attributes[only.name] = only
        }
        endOneLineBody(name, open)
        return body
    }

    private mutating func onlyAttribute() -> HCLAttribute? {
        let name = read()
        guard name.kind == .identifier else {
            skipDefinition()
            reportMissingDefinition(range(name))
            return nil
        }
        switch peek().kind {
        case .equal: return attribute(name, isAlone: true)
        case .openQuote, .openBrace, .identifier:
            let subject = range(name, peek())
            skipDefinition()
            report(
                "nested-in-line",
                "Argument definition required",
                "A block on one line holds one argument and no blocks; put \"\(text(name))\" on a line of its own.",
                subject
            )
        default: rejectDefinition(name)
        }
        return nil
    }

    private mutating func endOneLineBody(_ name: HCLToken, _ open: HCLToken) {
        let token = peek()
        let summary = "Invalid single-argument block definition"
        switch token.kind {
        case .closeBrace:
            read()
            return
        case .comma:
            report(
                "several-in-line",
                summary,
                "A block on one line holds one argument; for more, put each on a line of its own.",
                range(token)
            )
        case .newline:
            report(
                "unclosed-line",
                summary,
                "A block whose argument stands on the line of its opening brace closes on that line too.",
                range(token)
            )
        case .end where !isRecovering: reportUnclosedBlock(range(open), context: range(name, open))
        default:
            if !isRecovering {
                report(
                    "several-in-line",
                    summary,
                    "After its one argument a block on one line ends with a closing brace.",
                    range(token)
                )
            }
        }
        skip(past: .closeBrace)
    }

    private mutating func endBlock(_ name: HCLToken) {
        let token = peek()
        guard token.kind != .newline, token.kind != .end else {
            read()
            return
        }
        if !isRecovering {
            report(
                "missing-newline",
                "Missing newline after block definition",
                "A block ends with its line.",
                range(token),
                context: range(name, token)
            )
        }
        skipDefinition()
    }

    /// Text in quotes that may hold no template sequences.
    private mutating func quotedText() -> (text: String, range: HCLRange) {
        let open = read()
        var result = ""
        while true {
            let token = read()
            switch token.kind {
            case .closeQuote: return (normalForm(result), range(open, token))
            case .quotedText: result += literalText(token)
            case .interpolation, .directive:
                let sign = token.kind == .interpolation ? "$" : "%"
                report(
                    "template-in-label",
                    "Invalid string literal",
                    "This text may hold no template sequences.",
                    range(token),
                    context: range(open, token),
                    advice: "A literal \(sign){ is written \(sign)\(sign){."
                )
                result += "\(sign){…}"
                skip(past: .sequenceEnd)
            default:
                let isEnd = token.kind == .end
                report(
                    isEnd ? "unterminated-text" : "invalid-text",
                    isEnd ? "Unterminated string literal" : "Invalid string literal",
                    isEnd ? "The file ends before the closing quote." : "This may not stand in text in quotes.",
                    range(token),
                    context: range(open, token)
                )
                if !isEnd { skip(past: .closeQuote) }
                return (normalForm(result), range(open, token))
            }
        }
    }
}
