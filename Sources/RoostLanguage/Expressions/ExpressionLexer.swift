/// A token of an expression.
struct ExpressionToken {
    enum Kind: Equatable {
        case string(String)
        case number(Double)
        case version(VersionNumber)
        /// Letters, digits and `_`, not beginning with a digit; `true` and `false` too.
        case word
        case openCall, closeCall, openIndex, closeIndex, comma, dot, star
        /// Characters that other languages use as operators.
        case symbol
        /// Text that is no token; reported by the lexer already.
        case invalid
    }

    let kind: Kind
    /// Bytes of the expression's text.
    let range: Range<Int>
}

/// Splits an expression into tokens.
struct ExpressionLexer {
    private let bytes: [UInt8]
    private var offset = 0
    private(set) var tokens: [ExpressionToken] = []
    /// Ranges of the text that are no tokens.
    private(set) var invalid: [Range<Int>] = []

    init(_ text: String) {
        bytes = Array(text.utf8)
    }

    /// Reads all tokens.
    mutating func run() {
        while offset < bytes.count {
            let start = offset
            let byte = bytes[offset]
            if Self.isBlank(byte) {
                offset += 1
                continue
            }
            let kind = next(byte)
            if kind == .invalid { invalid.append(start..<offset) }
            tokens.append(ExpressionToken(kind: kind, range: start..<offset))
        }
    }

    private mutating func next(_ byte: UInt8) -> ExpressionToken.Kind {
        if let punctuation = punctuation(byte) {
            offset += 1
            return punctuation
        }
        if byte == UInt8(ascii: "'") { return string() }
        if Self.isWordStart(byte) { return word() }
        if startsNumber(byte) { return number() }
        if Self.isSymbol(byte) {
            offset = bytes[offset...].firstIndex { !Self.isSymbol($0) } ?? bytes.count
            return .symbol
        }
        if byte == UInt8(ascii: "$"), offset + 1 < bytes.count, bytes[offset + 1] == UInt8(ascii: "(") {
            // A macro is one wrong value.
            offset = bytes[offset...].firstIndex(of: UInt8(ascii: ")")).map { $0 + 1 } ?? bytes.count
        } else {
            skipToBoundary()
        }
        return .invalid
    }

    private func punctuation(_ byte: UInt8) -> ExpressionToken.Kind? {
        switch byte {
        case UInt8(ascii: "("): .openCall
        case UInt8(ascii: ")"): .closeCall
        case UInt8(ascii: "["): .openIndex
        case UInt8(ascii: "]"): .closeIndex
        case UInt8(ascii: ","): .comma
        case UInt8(ascii: "*"): .star
        case UInt8(ascii: ".") where mayFollowOperand: .dot
        default: nil
        }
    }

    /// Whether the token before can be the left side of a dot; otherwise a dot begins a number.
    private var mayFollowOperand: Bool {
        switch tokens.last?.kind {
        case nil, .comma, .openCall, .openIndex, .symbol: false
        default: true
        }
    }

    /// `'…'`, where `''` stands for a quote.
    private mutating func string() -> ExpressionToken.Kind {
        var text: [UInt8] = []
        offset += 1
        while offset < bytes.count {
            let byte = bytes[offset]
            offset += 1
            if byte != UInt8(ascii: "'") {
                text.append(byte)
            } else if offset < bytes.count, bytes[offset] == UInt8(ascii: "'") {
                text.append(byte)
                offset += 1
            } else {
                return .string(String(decoding: text, as: UTF8.self))
            }
        }
        return .invalid
    }

    private mutating func word() -> ExpressionToken.Kind {
        offset = bytes[offset...].firstIndex { !Self.isWordPart($0) } ?? bytes.count
        guard offset < bytes.count, !isBoundary(bytes[offset]), !Self.isSymbol(bytes[offset]) else { return .word }
        // `my-param` is one wrong word rather than a word and a wrong number.
        skipToBoundary()
        return .invalid
    }

    private func startsNumber(_ byte: UInt8) -> Bool {
        if Self.isDigit(byte) || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-") { return true }
        guard byte == UInt8(ascii: "+"), offset + 1 < bytes.count else { return false }
        return Self.isDigit(bytes[offset + 1]) || bytes[offset + 1] == UInt8(ascii: ".")
    }

    /// A decimal number, or a version when it has two dots or more; read up to the next boundary, dots included.
    private mutating func number() -> ExpressionToken.Kind {
        let start = offset
        offset = bytes[offset...].firstIndex { isBoundary($0) && $0 != UInt8(ascii: ".") } ?? bytes.count
        let raw = String(decoding: bytes[start..<offset], as: UTF8.self)
        let dots = raw.utf8.count { $0 == UInt8(ascii: ".") }
        if dots >= 2 { return VersionNumber(raw).map(ExpressionToken.Kind.version) ?? .invalid }
        guard !raw.utf8.contains(UInt8(ascii: ",")), let number = parseNumber(raw) else { return .invalid }
        return .number(number)
    }

    private mutating func skipToBoundary() {
        offset = bytes[offset...].dropFirst().firstIndex { isBoundary($0) } ?? bytes.count
    }

    private func isBoundary(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: ","),
            UInt8(ascii: "."), UInt8(ascii: "*"):
            true
        default: Self.isBlank(byte)
        }
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
    private static func isWordStart(_ byte: UInt8) -> Bool {
        (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) || byte == UInt8(ascii: "_")
    }
    private static func isWordPart(_ byte: UInt8) -> Bool { isWordStart(byte) || isDigit(byte) }
    private static func isSymbol(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "="), UInt8(ascii: "&"), UInt8(ascii: "|"), UInt8(ascii: "!"), UInt8(ascii: "<"),
            UInt8(ascii: ">"), UInt8(ascii: "+"), UInt8(ascii: "/"), UInt8(ascii: "%"), UInt8(ascii: "?"),
            UInt8(ascii: ":"), UInt8(ascii: ";"), UInt8(ascii: "{"), UInt8(ascii: "}"):
            true
        default: false
        }
    }
}
