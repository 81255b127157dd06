/// A word of the native syntax.
struct HCLToken: Hashable, Sendable {
    enum Kind: Hashable, Sendable {
        case openBrace, closeBrace, openBracket, closeBracket, openParenthesis, closeParenthesis
        case openQuote, closeQuote, openHeredoc, closeHeredoc
        case star, slash, plus, minus, percent
        case equal, equalTo, notEqual, less, lessOrEqual, greater, greaterOrEqual
        case and, or, not
        case dot, comma, ellipsis, arrow, question, colon
        /// `${` and `%{`, and the `}` that ends either.
        case interpolation, directive, sequenceEnd
        /// Text of a quoted template, with escapes.
        case quotedText
        /// Text of a heredoc or a bare template, without escapes but of `${` and `%{`.
        case plainText
        case number, identifier
        /// Those to the end of the line hold its line feed.
        case comment
        case newline, end
        /// What other languages know and this one does not.
        case bitAnd, bitOr, bitNot, bitXor, apostrophe, backtick, semicolon
        case invalid
        /// A line feed within quotes.
        case quotedNewline
    }

    var kind: Kind
    /// Offsets in the scanned text.
    var bytes: Range<Int>

    /// What its nesting does: 1 opens, -1 closes.
    var nesting: Int {
        switch kind {
        case .openBrace, .openBracket, .openParenthesis, .interpolation, .directive: 1
        case .closeBrace, .closeBracket, .closeParenthesis, .sequenceEnd: -1
        default: 0
        }
    }
}

extension HCLToken.Kind {
    /// The other half of a pair of brackets.
    var counterpart: HCLToken.Kind? {
        switch self {
        case .openBrace: .closeBrace
        case .closeBrace: .openBrace
        case .openBracket: .closeBracket
        case .closeBracket: .openBracket
        case .openParenthesis: .closeParenthesis
        case .closeParenthesis: .openParenthesis
        case .openQuote: .closeQuote
        case .closeQuote: .openQuote
        case .openHeredoc: .closeHeredoc
        case .closeHeredoc: .openHeredoc
        case .interpolation, .directive: .sequenceEnd
        case .sequenceEnd: .interpolation
        default: nil
        }
    }
}
