/// A token with the blanks before it, which layout may change.
struct HCLLayoutToken {
    let token: HCLToken
    /// Characters it takes.
    let width: Int
    /// Whether a line ends with it.
    let endsLine: Bool
    var blanks: Int

    var kind: HCLToken.Kind { token.kind }
    var nesting: Int { token.nesting }

    /// Whether a blank stands between it and the next; `previous` is the one before it, of which a minus depends.
    func isSeparated(from next: HCLLayoutToken, after previous: HCLLayoutToken?, isIn: Bool) -> Bool {
        if next.kind == .newline { return false }
        if kind == .identifier, next.kind == .openParenthesis { return false }
        if kind == .dot || next.kind == .dot { return false }
        if next.kind == .comma || next.kind == .ellipsis { return false }
        if kind == .comma { return true }
        if isTemplateText || next.isTemplateText || kind == .openQuote || kind == .openHeredoc { return false }
        if next.kind == .closeQuote || next.kind == .closeHeredoc { return false }
        if isIn, previous?.kind == .identifier { return true }
        if next.kind == .openBracket, kind == .identifier || kind == .number || nesting < 0 { return false }
        if kind == .not { return false }
        if kind == .minus { return !isNegation(after: previous) }
        if kind == .openBrace || next.kind == .closeBrace { return !(kind == .openBrace && next.kind == .closeBrace) }
        return isSeparatedByBrackets(from: next)
    }

    private func isSeparatedByBrackets(from next: HCLLayoutToken) -> Bool {
        let opensSequence = kind == .interpolation || kind == .directive
        if opensSequence, next.kind == .openBrace { return true }
        if kind == .closeBrace, next.kind == .sequenceEnd { return true }
        if kind == .sequenceEnd, next.kind == .interpolation || next.kind == .directive { return false }
        return nesting <= 0 && next.nesting >= 0
    }

    private var isTemplateText: Bool { kind == .quotedText || kind == .plainText }

    /// A minus is a sign where no operand stands before it.
    private func isNegation(after previous: HCLLayoutToken?) -> Bool {
        switch previous?.kind {
        case nil, .openParenthesis, .openBrace, .openBracket, .equal, .colon, .comma, .question, .plus, .star, .slash,
            .percent, .minus, .equalTo, .notEqual, .greater, .greaterOrEqual, .less, .lessOrEqual, .and, .or, .not:
            true
        default: false
        }
    }
}

extension [HCLLayoutToken] {
    /// Characters that they take, with the blanks between them.
    var width: Int { reduce(0) { $0 + $1.blanks + $1.width } }
}
