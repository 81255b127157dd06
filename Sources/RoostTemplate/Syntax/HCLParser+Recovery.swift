extension HCLParser {
    /// Passes over everything up to and with the token that closes the bracket we are in.
    @discardableResult
    mutating func skip(past end: HCLToken.Kind) -> HCLToken {
        isRecovering = true
        let open = end.counterpart
        var depth = 0
        while true {
            let token = read()
            let kind = end == .sequenceEnd && token.kind == .directive ? .interpolation : token.kind
            if kind == .end { return token }
            if kind == open {
                depth += 1
            } else if kind == end {
                if depth == 0 { return token }
                depth -= 1
            }
        }
    }

    /// Passes over everything up to the line feed that ends the definition we are in.
    mutating func skipDefinition() {
        isRecovering = true
        var open: [HCLToken.Kind] = []
        while true {
            let token = read()
            switch token.kind {
            case .newline where open.isEmpty: return
            case .end: return
            case .openBrace, .openBracket, .openParenthesis, .openQuote, .openHeredoc, .interpolation, .directive:
                open.append(token.kind)
            case .closeBrace, .closeBracket, .closeParenthesis, .closeQuote, .closeHeredoc, .sequenceEnd:
                while let last = open.popLast(), last.counterpart != token.kind {}
            default: break
            }
        }
    }
}
