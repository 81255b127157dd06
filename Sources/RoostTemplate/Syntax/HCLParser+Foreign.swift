extension HCLParser {
    /// Reports what no text of the native syntax may hold, such as operators of other languages.
    mutating func reportForeign(_ tokens: [HCLToken]) {
        var reported: Set<HCLToken.Kind> = []
        for token in tokens {
            guard let problem = foreign(token) else { continue }
            if token.kind == .apostrophe || token.kind == .backtick || token.kind == .semicolon {
                // Those come in numbers; the first says it.
                guard reported.insert(token.kind).inserted else { continue }
            }
            report(problem.code, problem.summary, problem.detail, range(token), advice: problem.advice)
        }
    }

    private func foreign(_ token: HCLToken) -> (code: String, summary: String, detail: String, advice: String?)? {
        let operators = ("unsupported-operator", "Unsupported operator")
        let character = ("invalid-character", "Invalid character")
        switch token.kind {
        case .bitAnd:
            return (operators.0, operators.1, "There are no operations on bits.", "Did you mean logical AND, \"&&\"?")
        case .bitOr:
            return (operators.0, operators.1, "There are no operations on bits.", "Did you mean logical OR, \"||\"?")
        case .bitNot:
            return (operators.0, operators.1, "There are no operations on bits.", "Did you mean logical NOT, \"!\"?")
        case .bitXor: return (operators.0, operators.1, "There are no operations on bits.", nil)
        case .backtick, .apostrophe:
            return (
                character.0, character.1, "\"\(text(token))\" is no quotation mark here.",
                "Texts stand in double quotes."
            )
        case .semicolon: return (character.0, character.1, "\";\" is not used.", "Definitions end with their lines.")
        case .invalid: return (character.0, character.1, "This character is not used within the language.", nil)
        case .quotedNewline:
            return (
                "multi-line-text", "Invalid multi-line string", "Text in quotes ends on its line.",
                "Write \\n for a line feed, or a heredoc for several lines."
            )
        default: return nil
        }
    }
}
