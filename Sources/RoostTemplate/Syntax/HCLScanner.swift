/// Cuts a text of the native syntax into tokens; blanks between them are left out.
///
/// What cannot be a token becomes one that says so, and the last token is always the end.
struct HCLScanner {
    /// What the text is read as at a place.
    private enum Mode {
        /// Expressions and bodies; braces are counted so that a template sequence finds its own end.
        case normal(braces: Int)
        case quoted
        case heredoc(marker: [UInt8], lineStart: Bool)
        /// A template without quotes around it, such as a string of the JSON syntax.
        case bare
    }

    private let bytes: [UInt8]
    private var place = 0
    private var tokens: [HCLToken] = []
    private var modes: [Mode]

    private init(_ bytes: [UInt8], _ mode: Mode) {
        self.bytes = bytes
        modes = [mode]
    }

    /// Tokens of a body or an expression.
    static func scan(_ bytes: [UInt8]) -> [HCLToken] {
        var scanner = HCLScanner(bytes, .normal(braces: 0))
        return scanner.scan()
    }

    /// Tokens of a template.
    static func scanTemplate(_ bytes: [UInt8]) -> [HCLToken] {
        var scanner = HCLScanner(bytes, .bare)
        return scanner.scan()
    }

    private mutating func scan() -> [HCLToken] {
        while place < bytes.count {
            switch modes[modes.count - 1] {
            case .normal(let braces): scanNormal(braces)
            case .quoted: scanQuoted()
            case .heredoc(let marker, let lineStart): scanHeredoc(marker, lineStart)
            case .bare: scanBare()
            }
        }
        tokens.append(HCLToken(kind: .end, bytes: place..<place))
        return tokens
    }

    private func byte(_ ahead: Int) -> UInt8? {
        place + ahead < bytes.count ? bytes[place + ahead] : nil
    }

    private func follows(_ text: StaticString) -> Bool {
        guard place + text.utf8CodeUnitCount <= bytes.count else { return false }
        return text.withUTF8Buffer { $0.elementsEqual(bytes[place..<(place + text.utf8CodeUnitCount)]) }
    }

    private mutating func take(_ kind: HCLToken.Kind, _ count: Int) {
        tokens.append(HCLToken(kind: kind, bytes: place..<(place + count)))
        place += count
    }

    // MARK: Expressions and bodies

    private mutating func scanNormal(_ braces: Int) {
        let first = bytes[place]
        switch first {
        case 0x20, 0x09: place += 1
        case 0x0A: take(.newline, 1)
        case 0x0D: byte(1) == 0x0A ? take(.newline, 2) : take(.invalid, 1)
        case 0x30...0x39: take(.number, numberLength())
        case UInt8(ascii: "\""):
            take(.openQuote, 1)
            modes.append(.quoted)
        case UInt8(ascii: "#"): takeLineComment()
        case UInt8(ascii: "/"):
            if byte(1) == UInt8(ascii: "/") { takeLineComment() } else if !takeBlockComment() { take(.slash, 1) }
        case UInt8(ascii: "{"):
            take(.openBrace, 1)
            modes[modes.count - 1] = .normal(braces: braces + 1)
        case UInt8(ascii: "}"): closeBrace(braces)
        case UInt8(ascii: "~") where byte(1) == UInt8(ascii: "}"):
            take(.sequenceEnd, 2)
            if braces == 0, modes.count > 1 { modes.removeLast() }
        case UInt8(ascii: "<") where byte(1) == UInt8(ascii: "<") && takeHeredocStart(): break
        default: if !takeSymbol() { takeWord() }
        }
    }

    private mutating func closeBrace(_ braces: Int) {
        guard braces == 0, modes.count > 1 else {
            take(.closeBrace, 1)
            modes[modes.count - 1] = .normal(braces: max(0, braces - 1))
            return
        }
        take(.sequenceEnd, 1)
        modes.removeLast()
    }

    private func numberLength() -> Int {
        var length = 1
        while let next = byte(length) {
            let after = byte(length + 1) ?? 0
            if isDigit(next) {
                length += 1
            } else if next == UInt8(ascii: "."), isDigit(after) {
                length += 2
            } else if next | 0x20 == UInt8(ascii: "e") {
                let isSigned = after == UInt8(ascii: "+") || after == UInt8(ascii: "-")
                guard isDigit(isSigned ? byte(length + 2) ?? 0 : after) else { break }
                length += isSigned ? 3 : 2
            } else {
                break
            }
        }
        return length
    }

    private func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    private mutating func takeLineComment() {
        let end = bytes[place...].firstIndex(of: 0x0A).map { $0 + 1 } ?? bytes.count
        take(.comment, end - place)
    }

    private mutating func takeBlockComment() -> Bool {
        guard byte(1) == UInt8(ascii: "*") else { return false }
        var end = place + 2
        while end + 1 < bytes.count {
            if bytes[end] == UInt8(ascii: "*"), bytes[end + 1] == UInt8(ascii: "/") {
                take(.comment, end + 2 - place)
                return true
            }
            end += 1
        }
        return false
    }

    /// The longest first.
    private static let symbols: [(text: StaticString, kind: HCLToken.Kind)] = [
        ("...", .ellipsis), ("==", .equalTo), ("!=", .notEqual), (">=", .greaterOrEqual), ("<=", .lessOrEqual),
        ("=>", .arrow), ("&&", .and), ("||", .or),
        ("[", .openBracket), ("]", .closeBracket), ("(", .openParenthesis), (")", .closeParenthesis),
        ("*", .star), ("+", .plus), ("-", .minus), ("%", .percent), ("=", .equal), ("<", .less), (">", .greater),
        ("!", .not), (".", .dot), (",", .comma), ("?", .question), (":", .colon), ("&", .bitAnd), ("|", .bitOr),
        ("~", .bitNot), ("^", .bitXor), ("'", .apostrophe), ("`", .backtick), (";", .semicolon),
    ]

    private mutating func takeSymbol() -> Bool {
        for symbol in Self.symbols where follows(symbol.text) {
            take(symbol.kind, symbol.text.utf8CodeUnitCount)
            return true
        }
        return false
    }

    /// An identifier, or a character that begins none.
    private mutating func takeWord() {
        let length = identifierLength(at: place)
        if length > 0 { return take(.identifier, length) }
        take(.invalid, scalar(at: place)?.length ?? 1)
    }

    private func identifierLength(at start: Int) -> Int {
        guard let first = scalar(at: start), first.value == "_" || first.value.properties.isIDStart else { return 0 }
        var end = start + first.length
        while end < bytes.count, Self.isPlainNamePart(bytes[end]) { end += 1 }
        while let next = scalar(at: end), next.value == "-" || next.value.properties.isIDContinue {
            end += next.length
        }
        return end - start
    }

    /// Whether a name goes on with it; names of other letters are looked up one by one.
    private static func isPlainNamePart(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "_"), UInt8(ascii: "-"): true
        default: false
        }
    }

    private func scalar(at start: Int) -> (value: Unicode.Scalar, length: Int)? {
        guard start < bytes.count else { return nil }
        if bytes[start] < 0x80 { return (Unicode.Scalar(bytes[start]), 1) }
        var decoder = UTF8()
        var input = bytes[start..<min(start + 4, bytes.count)].makeIterator()
        guard case .scalarValue(let value) = decoder.decode(&input) else { return nil }
        return (value, UTF8.width(value))
    }

    // MARK: Templates

    private mutating func takeHeredocStart() -> Bool {
        let dash = byte(2) == UInt8(ascii: "-") ? 1 : 0
        let name = place + 2 + dash
        let length = identifierLength(at: name)
        guard length > 0 else { return false }
        let end = name + length
        let feed = end < bytes.count && bytes[end] == 0x0D ? end + 1 : end
        guard feed < bytes.count, bytes[feed] == 0x0A else { return false }
        take(.openHeredoc, feed + 1 - place)
        modes.append(.heredoc(marker: Array(bytes[name..<end]), lineStart: true))
        return true
    }

    /// `${` or `%{`, unless it is doubled.
    private mutating func takeSequenceStart() -> Bool {
        guard let first = byte(0), first == UInt8(ascii: "$") || first == UInt8(ascii: "%"),
            byte(1) == UInt8(ascii: "{")
        else { return false }
        if case .heredoc(let marker, _) = modes[modes.count - 1] {
            modes[modes.count - 1] = .heredoc(marker: marker, lineStart: false)
        }
        let length = byte(2) == UInt8(ascii: "~") ? 3 : 2
        take(first == UInt8(ascii: "$") ? .interpolation : .directive, length)
        modes.append(.normal(braces: 0))
        return true
    }

    /// How many bytes of text begin here that hold no sequence; 0 where a sequence begins.
    private func literalUnit(at start: Int) -> Int {
        let first = bytes[start]
        guard first == UInt8(ascii: "$") || first == UInt8(ascii: "%") else { return 1 }
        let next = start + 1 < bytes.count ? bytes[start + 1] : 0
        if next == UInt8(ascii: "{") { return 0 }
        let isEscape = next == first && start + 2 < bytes.count && bytes[start + 2] == UInt8(ascii: "{")
        return isEscape ? 3 : 1
    }

    private mutating func scanQuoted() {
        switch bytes[place] {
        case UInt8(ascii: "\""):
            take(.closeQuote, 1)
            modes.removeLast()
        case 0x0A: takeQuotedNewlines()
        case 0x0D where byte(1) == 0x0A: takeQuotedNewlines()
        default: if !takeSequenceStart() { takeQuotedText() }
        }
    }

    /// Empty lines count as one with the end of the line before them.
    private mutating func takeQuotedNewlines() {
        var length = 0
        while true {
            if byte(length) == 0x0A {
                length += 1
            } else if byte(length) == 0x0D, byte(length + 1) == 0x0A {
                length += 2
            } else {
                return take(.quotedNewline, length)
            }
        }
    }

    private mutating func takeQuotedText() {
        var end = place
        while end < bytes.count {
            let byte = bytes[end]
            if byte == UInt8(ascii: "\"") || byte == 0x0A { break }
            if byte == 0x0D, end + 1 < bytes.count, bytes[end + 1] == 0x0A { break }
            if byte == UInt8(ascii: "\\") {
                guard end + 1 < bytes.count, bytes[end + 1] != 0x0A, bytes[end + 1] != 0x0D else { break }
                end += 2
                continue
            }
            let unit = literalUnit(at: end)
            if unit == 0 { break }
            end += unit
        }
        end > place ? take(.quotedText, end - place) : take(.invalid, 1)
    }

    private mutating func scanHeredoc(_ marker: [UInt8], _ lineStart: Bool) {
        if lineStart, takeHeredocEnd(marker) { return }
        if takeSequenceStart() { return }
        var end = place
        while end < bytes.count {
            if bytes[end] == 0x0A {
                end += 1
                break
            }
            let unit = literalUnit(at: end)
            if unit == 0 { break }
            end += unit
        }
        take(.plainText, end - place)
        modes[modes.count - 1] = .heredoc(marker: marker, lineStart: bytes[end - 1] == 0x0A)
    }

    private mutating func takeHeredocEnd(_ marker: [UInt8]) -> Bool {
        let lineEnd = bytes[place...].firstIndex(of: 0x0A) ?? bytes.count
        var end = lineEnd
        if end > place, end < bytes.count, bytes[end - 1] == 0x0D { end -= 1 }
        let isBlank = { (byte: UInt8) in byte == 0x20 || byte == 0x09 }
        let start = bytes[place..<end].firstIndex { !isBlank($0) } ?? end
        let last = bytes[start..<end].lastIndex { !isBlank($0) } ?? start
        guard last < end, bytes[start...last].elementsEqual(marker) else { return false }
        take(.closeHeredoc, end - place)
        modes.removeLast()
        return true
    }

    private mutating func scanBare() {
        if takeSequenceStart() { return }
        var end = place
        while end < bytes.count {
            let unit = literalUnit(at: end)
            if unit == 0 { break }
            end += unit
        }
        take(.plainText, end - place)
    }
}
