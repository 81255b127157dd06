extension HCLParser {
    private static let summary = "Invalid 'for' expression"

    /// Reads `for name [ "," name ] "in" expression ":" [ expression "=>" ] expression [ "..." ] [ "if" expression ]`.
    mutating func comprehension(_ open: HCLToken, _ closer: HCLToken.Kind) -> HCLExpression {
        read()
        let before = diagnostics.count
        guard let (key, value) = names(open), let collection = part(),
            demand(.colon, "After the collection a colon follows.", open),
            var result = part()
        else { return abandon(open, closer, before) }
        var keyResult: HCLExpression?
        if take(.arrow) != nil {
            guard let second = part() else { return abandon(open, closer, before) }
            (keyResult, result) = (result, second)
        }
        let ellipsis = take(.ellipsis)
        var condition: HCLExpression?
        if isKeyword(peek(), "if") {
            read()
            guard let test = part() else { return abandon(open, closer, before) }
            condition = test
        }
        if take(closer) == nil {
            reject("After the end of the expression something is left.", peek(), open)
            skip(past: closer)
        }
        check(closer, open, key: keyResult, value: result, ellipsis)
        return HCLExpression(
            .comprehension(
                HCLComprehension(
                    keyName: key,
                    valueName: value,
                    collection: collection,
                    key: keyResult,
                    value: result,
                    condition: condition,
                    groups: ellipsis != nil,
                    openRange: range(open),
                    closeRange: range(previous)
                )
            ),
            range(open, previous)
        )
    }

    /// An expression; nil when reading got lost in it.
    private mutating func part() -> HCLExpression? {
        let before = diagnostics.count
        let expression = expression()
        return isLost(since: before) ? nil : expression
    }

    private mutating func reject(_ detail: String, _ token: HCLToken, _ open: HCLToken) {
        guard !isRecovering else { return }
        report("for", Self.summary, detail, range(token), context: range(open, token))
    }

    private mutating func demand(_ kind: HCLToken.Kind, _ detail: String, _ open: HCLToken) -> Bool {
        if take(kind) != nil { return true }
        reject(detail, peek(), open)
        return false
    }

    private mutating func names(_ open: HCLToken) -> (key: String?, value: String)? {
        let first = peek()
        guard demand(.identifier, "After 'for' the name of a variable follows.", open) else { return nil }
        var (key, value): (String?, String) = (nil, normalForm(text(first)))
        if take(.comma) != nil {
            let second = peek()
            guard demand(.identifier, "After the comma the name of a variable follows.", open) else { return nil }
            (key, value) = (value, normalForm(text(second)))
        }
        guard isKeyword(peek(), "in") else {
            reject("After the names of the variables 'in' follows.", peek(), open)
            return nil
        }
        read()
        return (key, value)
    }

    private mutating func abandon(_ open: HCLToken, _ closer: HCLToken.Kind, _ before: Int) -> HCLExpression {
        let close = skip(past: closer)
        return HCLExpression(.invalid, range(open, close))
    }

    private mutating func check(
        _ closer: HCLToken.Kind,
        _ open: HCLToken,
        key: HCLExpression?,
        value: HCLExpression,
        _ ellipsis: HCLToken?
    ) {
        let whole = range(open, previous)
        if closer == .closeBrace {
            guard key == nil else { return }
            report(
                "for",
                Self.summary,
                "An object needs a key for each value.",
                value.range,
                context: whole,
                advice: "Write key => value."
            )
            return
        }
        if let key { report("for", Self.summary, "A tuple has no keys.", key.range, context: whole) }
        if let ellipsis {
            report(
                "for",
                Self.summary,
                "Values can be grouped with ... in an object only.",
                range(ellipsis),
                context: whole
            )
        }
    }
}
