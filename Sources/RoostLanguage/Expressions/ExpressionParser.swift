/// Builds the tree of an expression and collects everything that is wrong with its form.
///
/// After a fault inside a call it goes on with the next parameter, so that one reading reports all of them.
struct ExpressionParser {
    private let text: String
    private let limits: ExpressionLimits
    private let bytes: [UInt8]
    private var tokens: [ExpressionToken] = []
    private var place = 0
    private(set) var nodeCount = 0
    private(set) var faults: [ExpressionFault] = []

    init(text: String, limits: ExpressionLimits) {
        self.text = text
        self.limits = limits
        self.bytes = Array(text.utf8)
    }

    /// Reads the whole text; nil, with at least one fault, when it is no expression.
    mutating func parse() -> ExpressionNode? {
        if bytes.count > limits.length, text.count > limits.length {
            report(.tooLong(limits.length), 0..<bytes.count)
            return nil
        }
        var lexer = ExpressionLexer(text)
        lexer.run()
        tokens = lexer.tokens
        for range in lexer.invalid { report(.unrecognizedValue(raw(range)), range) }
        guard !tokens.isEmpty else {
            report(.empty, 0..<bytes.count)
            return nil
        }
        guard let root = expression(depth: 1) else { return nil }
        if let token = current { reportUnexpected(token) }
        return root
    }

    private var current: ExpressionToken? { place < tokens.count ? tokens[place] : nil }
    private func raw(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

    private mutating func report(_ problem: ExpressionSyntaxProblem, _ range: Range<Int>) {
        faults.append(ExpressionFault(problem, range, text))
    }

    private mutating func reportUnexpected(_ token: ExpressionToken) {
        if token.kind != .invalid { report(.unexpectedSymbol(raw(token.range)), token.range) }
    }

    private mutating func reportEnd(open: String? = nil) {
        // A text that is never closed has swallowed the rest.
        if let last = tokens.last, last.kind == .invalid, bytes[last.range.lowerBound] == UInt8(ascii: "'") { return }
        report(.unexpectedEnd(open: open), bytes.count..<bytes.count)
    }

    private mutating func node(_ kind: ExpressionNode.Kind, _ range: Range<Int>) -> ExpressionNode {
        defer { nodeCount += 1 }
        return ExpressionNode(kind: kind, range: range, id: nodeCount)
    }

    // MARK: Grammar

    /// Reads the rule `primary { '.' ident | '.' '*' | '[' (expr | '*') ']' }`.
    private mutating func expression(depth: Int) -> ExpressionNode? {
        guard let token = current else {
            reportEnd()
            return nil
        }
        guard depth <= limits.depth else {
            report(.tooDeep(limits.depth), token.range)
            place = tokens.count
            return nil
        }
        guard var node = primary(depth: depth) else { return nil }
        if case .literal = node.kind { return node }
        var depth = depth
        while let token = current, token.kind == .dot || token.kind == .openIndex {
            depth += 1
            guard depth <= limits.depth else {
                report(.tooDeep(limits.depth), token.range)
                place = tokens.count
                return nil
            }
            place += 1
            guard let next = token.kind == .dot ? property(of: node) : index(of: node, depth: depth) else { return nil }
            node = next
        }
        return node
    }

    /// Reads the rule `literal | named-value | ident '(' [ expr { ',' expr } ] ')'`.
    private mutating func primary(depth: Int) -> ExpressionNode? {
        guard let token = current else {
            reportEnd()
            return nil
        }
        place += 1
        switch token.kind {
        case .string(let value): return node(.literal(.string(value)), token.range)
        case .number(let value): return node(.literal(.number(value)), token.range)
        case .version(let value): return node(.literal(.version(value)), token.range)
        case .invalid: return node(.literal(.null), token.range)
        case .word: return word(token, depth: depth)
        case .symbol:
            // `!x`: the symbol is the fault, what follows may have faults of its own.
            reportUnexpected(token)
            if current?.kind == .openCall { place += 1 }
            return place < tokens.count ? expression(depth: depth + 1) : nil
        case .openCall, .closeCall, .openIndex, .closeIndex, .comma, .dot, .star:
            reportUnexpected(token)
            place -= 1
            return nil
        }
    }

    private mutating func word(_ token: ExpressionToken, depth: Int) -> ExpressionNode? {
        let word = raw(token.range)
        if current?.kind == .openCall { return call(word, token, depth: depth) }
        switch foldedName(word) {
        case "true": return node(.literal(.bool(true)), token.range)
        case "false": return node(.literal(.bool(false)), token.range)
        default: return node(.name(word), token.range)
        }
    }

    private mutating func call(_ name: String, _ token: ExpressionToken, depth: Int) -> ExpressionNode? {
        place += 1
        var arguments: [ExpressionNode] = []
        var isSound = true
        if current?.kind != .closeCall {
            repeat {
                if let argument = expression(depth: depth + 1) {
                    arguments.append(argument)
                    if let next = current, next.kind != .comma, next.kind != .closeCall {
                        reportUnexpected(next)
                        isSound = false
                    }
                } else {
                    isSound = false
                }
                if !isSound { skipParameter() }
            } while takeComma()
        }
        guard let close = current else {
            if isSound { reportEnd(open: "\(name)(") }
            return nil
        }
        place += 1
        return isSound ? node(.call(name, arguments), token.range.lowerBound..<close.range.upperBound) : nil
    }

    private mutating func takeComma() -> Bool {
        guard current?.kind == .comma else { return false }
        place += 1
        return true
    }

    /// Goes on to the comma or bracket that ends the parameter.
    private mutating func skipParameter() {
        var open = 0
        while let token = current {
            switch token.kind {
            case .openCall, .openIndex: open += 1
            case .closeCall where open == 0, .comma where open == 0: return
            case .closeCall, .closeIndex: open = max(0, open - 1)
            default: break
            }
            place += 1
        }
    }

    private mutating func property(of base: ExpressionNode) -> ExpressionNode? {
        guard let token = current else {
            reportEnd()
            return nil
        }
        let range = base.range.lowerBound..<token.range.upperBound
        switch token.kind {
        case .word:
            place += 1
            return node(.property(base, raw(token.range)), range)
        case .star:
            place += 1
            return node(.wildcard(base), range)
        case .invalid:
            place += 1
            return node(.property(base, ""), range)
        default:
            reportUnexpected(token)
            return nil
        }
    }

    private mutating func index(of base: ExpressionNode, depth: Int) -> ExpressionNode? {
        let isWildcard = current?.kind == .star
        if isWildcard { place += 1 }
        let key = isWildcard ? nil : expression(depth: depth + 1)
        guard isWildcard || key != nil else { return nil }
        guard let close = current else {
            reportEnd(open: "\(raw(base.range))[")
            return nil
        }
        guard close.kind == .closeIndex else {
            reportUnexpected(close)
            return nil
        }
        place += 1
        let range = base.range.lowerBound..<close.range.upperBound
        return node(key.map { .index(base, $0) } ?? .wildcard(base), range)
    }
}
