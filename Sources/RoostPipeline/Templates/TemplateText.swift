import RoostLanguage

/// A scalar with `${{ }}` in it, taken apart.
struct TemplateText {
    enum Part {
        case literal(String)
        case expression(ParsedExpression)
    }

    /// What a scalar that is one directive says.
    enum Directive {
        case insert
        case ifTrue(ParsedExpression)
        case elseIf(ParsedExpression)
        case otherwise
        case each(variable: String, in: ParsedExpression)

        /// The word it begins with.
        var word: String {
            switch self {
            case .insert: "insert"
            case .ifTrue: "if"
            case .elseIf: "elseif"
            case .otherwise: "else"
            case .each: "each"
            }
        }
    }

    /// What the whole comes to.
    enum Content {
        /// Something in it cannot be read.
        case faulty
        case directive(Directive)
        /// One expression and nothing around it, whose value keeps its kind.
        case expression(ParsedExpression)
        case parts([Part])
    }

    let content: Content
    let diagnostics: [Diagnostic]

    init(_ scalar: SyntaxScalar, limits: ExpressionLimits = .default) {
        var scanner = TemplateScanner(text: scalar.text, map: scalar.map, limits: limits)
        content = scanner.scan()
        diagnostics = scanner.diagnostics
    }
}

/// Finds the expressions of a scalar.
private struct TemplateScanner {
    private enum Piece {
        case part(TemplateText.Part)
        case directive(TemplateText.Directive, place: Range<Int>)
    }

    private let text: String
    private let bytes: [UInt8]
    private let map: SourceMap
    private let limits: ExpressionLimits
    private var pieces: [Piece] = []
    private(set) var diagnostics: [Diagnostic] = []

    init(text: String, map: SourceMap, limits: ExpressionLimits) {
        self.limits = limits
        self.text = text
        self.bytes = Array(text.utf8)
        self.map = map
    }

    mutating func scan() -> TemplateText.Content {
        var place = 0
        while let open = mark(from: place) {
            if open > place { pieces.append(.part(.literal(string(place..<open)))) }
            guard let close = end(of: open + 3) else {
                unclosed(open)
                return .faulty
            }
            read((open + 3)..<close)
            place = close + 2
        }
        if place < bytes.count { pieces.append(.part(.literal(string(place..<bytes.count)))) }
        return content()
    }

    private mutating func content() -> TemplateText.Content {
        if pieces.count == 1, case .directive(let directive, _) = pieces[0] {
            return diagnostics.isEmpty ? .directive(directive) : .faulty
        }
        var parts: [TemplateText.Part] = []
        for piece in pieces {
            switch piece {
            case .part(let part): parts.append(part)
            case .directive(let directive, let place): misplaced(directive.word, place)
            }
        }
        guard diagnostics.isEmpty else { return .faulty }
        if parts.count == 1, case .expression(let expression) = parts[0] { return .expression(expression) }
        return .parts(parts)
    }

    private func string(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

    /// The next `${{`.
    private func mark(from start: Int) -> Int? {
        var place = start
        while place + 2 < bytes.count {
            if bytes[place] == UInt8(ascii: "$"), bytes[place + 1] == UInt8(ascii: "{"),
                bytes[place + 2] == UInt8(ascii: "{")
            {
                return place
            }
            place += 1
        }
        return nil
    }

    /// The next `}}` that is not inside a text of the expression.
    private func end(of start: Int) -> Int? {
        var place = start
        var isText = false
        while place < bytes.count {
            if bytes[place] == UInt8(ascii: "'") {
                isText.toggle()
            } else if !isText, bytes[place] == UInt8(ascii: "}"), place + 1 < bytes.count,
                bytes[place + 1] == UInt8(ascii: "}")
            {
                return place
            }
            place += 1
        }
        return nil
    }

    // MARK: Directives and expressions

    /// Reads what stands between the braces.
    private mutating func read(_ range: Range<Int>) {
        let inner = trimmed(range)
        guard let word = directiveWord(inner) else {
            if let expression = expression(inner) { pieces.append(.part(.expression(expression))) }
            return
        }
        let rest = trimmed((inner.lowerBound + word.utf8.count)..<inner.upperBound)
        let directive: TemplateText.Directive? =
            switch word {
            case "if": expression(rest).map { .ifTrue($0) }
            case "elseif": expression(rest).map { .elseIf($0) }
            case "each": each(rest)
            default: alone(word, rest) ? (word == "else" ? .otherwise : .insert) : nil
            }
        if let directive { pieces.append(.directive(directive, place: inner)) }
    }

    /// `if`, `elseif`, `else`, `each` or `insert`, when the text begins with it and it is a word of its own.
    private func directiveWord(_ range: Range<Int>) -> String? {
        let word = bytes[range].prefix { (0x61...0x7A).contains($0) }
        let next = word.endIndex < range.upperBound ? bytes[word.endIndex] : nil
        let isAlone = next.map { isBlank($0) } ?? true
        switch string(word.startIndex..<word.endIndex) {
        case "if": return isAlone || next == UInt8(ascii: "(") ? "if" : nil
        case "elseif": return isAlone || next == UInt8(ascii: "(") ? "elseif" : nil
        case "else": return isAlone ? "else" : nil
        case "each": return isAlone ? "each" : nil
        case "insert": return isAlone ? "insert" : nil
        default: return nil
        }
    }

    /// `name in expression`.
    private mutating func each(_ range: Range<Int>) -> TemplateText.Directive? {
        let name = bytes[range].prefix { !isBlank($0) }
        let afterName = trimmed(name.endIndex..<range.upperBound)
        let word = bytes[afterName].prefix { !isBlank($0) }
        guard isName(name), word.elementsEqual("in".utf8) else {
            diagnostics.append(
                .error(
                    "template.each",
                    "Unexpected symbol in the directive 'each'",
                    at: map.span(of: range),
                    advice: "Write ${{ each name in parameters.list }}."
                )
            )
            return nil
        }
        let variable = string(name.startIndex..<name.endIndex)
        return expression(trimmed(word.endIndex..<afterName.upperBound)).map { .each(variable: variable, in: $0) }
    }

    private mutating func alone(_ word: String, _ rest: Range<Int>) -> Bool {
        guard !rest.isEmpty else { return true }
        diagnostics.append(
            .error(
                "template.directive",
                "Exactly 0 parameters were expected following the directive '\(word)'",
                at: map.span(of: rest),
                advice: word == "else" ? "Write 'elseif' before a condition." : nil
            )
        )
        return false
    }

    private mutating func expression(_ range: Range<Int>) -> ParsedExpression? {
        let result = ParsedExpression.parse(string(range), at: map.advanced(by: range.lowerBound), limits: limits)
        diagnostics += result.diagnostics
        return result.expression
    }

    // MARK: Problems

    private mutating func unclosed(_ open: Int) {
        diagnostics.append(
            .error(
                "template.unclosed",
                "The expression is not closed. An unescaped ${{ sequence was found, but the closing }} sequence was not found.",
                at: map.span(of: open..<(open + 3)),
                advice: "Close the expression with }}, or write ${{ '${{' }} to mean the characters themselves."
            )
        )
    }

    private mutating func misplaced(_ word: String, _ place: Range<Int>) {
        diagnostics.append(
            .error(
                "template.directive-in-text",
                "The directive '\(word)' is not allowed in this context. Directives are not supported for expressions that are "
                    + "embedded within a string. Directives are only supported when the entire value is an expression.",
                at: map.span(of: place),
                advice: "Use the function iif(condition, a, b), or move the directive to a key of its own."
            )
        )
    }

    // MARK: Bytes

    private func trimmed(_ range: Range<Int>) -> Range<Int> {
        var lower = range.lowerBound
        var upper = range.upperBound
        while lower < upper, isBlank(bytes[lower]) { lower += 1 }
        while upper > lower, isBlank(bytes[upper - 1]) { upper -= 1 }
        return lower..<upper
    }

    private func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }

    private func isName(_ name: ArraySlice<UInt8>) -> Bool {
        guard let first = name.first, isLetter(first) else { return false }
        return name.allSatisfy { isLetter($0) || (0x30...0x39).contains($0) }
    }

    private func isLetter(_ byte: UInt8) -> Bool {
        (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) || byte == UInt8(ascii: "_")
    }
}

extension TemplateText {
    /// What is wrong with the expressions of a whole tree, taken branches and others; data of the trigger sections has none.
    static func faults(in node: SyntaxNode, cache: TemplateTextCache) -> [Diagnostic] {
        switch node {
        case .scalar(let scalar):
            return scalar.mayHoldExpression ? cache[scalar].diagnostics : []
        case .sequence(let sequence): return sequence.items.flatMap { faults(in: $0, cache: cache) }
        case .mapping(let mapping):
            return mapping.pairs.flatMap { pair in
                faults(in: .scalar(pair.key), cache: cache) + faults(in: pair.value, cache: cache)
            }
        case .unknown: return []
        }
    }
}

/// The scalars taken apart so far; a template that is included a hundred times is read once.
final class TemplateTextCache {
    private struct Key: Hashable {
        let source: ObjectIdentifier
        let offset: Int
    }

    private var texts: [Key: TemplateText] = [:]
    private let limits: ExpressionLimits

    init(limits: ExpressionLimits = .default) {
        self.limits = limits
    }

    /// The scalar, which must be as it was written.
    subscript(scalar: SyntaxScalar) -> TemplateText {
        let key = Key(source: ObjectIdentifier(scalar.place.source), offset: scalar.place.range.lowerBound)
        if let text = texts[key] { return text }
        let text = TemplateText(scalar, limits: limits)
        texts[key] = text
        return text
    }
}
