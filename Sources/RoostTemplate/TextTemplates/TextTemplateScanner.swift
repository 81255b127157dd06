/// Cuts a text template into words.
///
/// Text is everything outside of `{{` and `}}`; `{{- ` and ` -}}` take away the blanks beside them.
struct TextTemplateScanner {
    private let bytes: [UInt8]
    private var place = 0
    private var tokens: [TextTemplateToken] = []

    init(_ text: String) { bytes = Array(text.utf8) }

    static func tokens(_ text: String) throws(TextTemplateFault) -> [TextTemplateToken] {
        var scanner = TextTemplateScanner(text)
        while scanner.place < scanner.bytes.count { try scanner.scanTextAndAction() }
        let end = scanner.bytes.count
        scanner.add(.end, from: end)
        return scanner.tokens
    }

    private mutating func add(_ kind: TextTemplateToken.Kind, from start: Int, isApart: Bool = false) {
        tokens.append(TextTemplateToken(kind: kind, range: start..<place, isApart: isApart))
    }

    private func isAt(_ sign: String, _ place: Int) -> Bool { bytes[place...].starts(with: sign.utf8) }

    private func fault(_ detail: String, from start: Int) -> TextTemplateFault {
        TextTemplateFault(
            "syntax",
            "Invalid text template",
            detail,
            at: start..<min(max(place, start + 1), bytes.count),
            advice: "To write braces that are no template, write them in quotes: {{ \"{{\" }}."
        )
    }

    // MARK: Text

    private mutating func scanTextAndAction() throws(TextTemplateFault) {
        let start = place
        while place < bytes.count, !isAt("{{", place) { place += 1 }
        let (last, opensTrimmed) = (place, isTrimMarker(place + 2))
        let first = afterTrim(start)
        let end = place < bytes.count && opensTrimmed ? trimmedEnd(first, last) : last
        if end > first {
            tokens.append(
                TextTemplateToken(
                    kind: .text(String(decoding: bytes[first..<end], as: UTF8.self)),
                    range: first..<end,
                    isApart: false
                )
            )
        }
        guard place < bytes.count else { return }
        try scanAction(opensTrimmed)
    }

    /// Whether `- ` follows the opening braces.
    private func isTrimMarker(_ place: Int) -> Bool {
        place + 1 < bytes.count && bytes[place] == UInt8(ascii: "-") && Self.isBlank(bytes[place + 1])
    }

    /// Where text begins after braces that may take its blanks away.
    private func afterTrim(_ start: Int) -> Int {
        guard start >= 4, isAt("-}}", start - 3), Self.isBlank(bytes[start - 4]) else { return start }
        var first = start
        while first < place, Self.isBlank(bytes[first]) { first += 1 }
        return first
    }

    private func trimmedEnd(_ first: Int, _ last: Int) -> Int {
        var end = last
        while end > first, Self.isBlank(bytes[end - 1]) { end -= 1 }
        return end
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0A).contains(byte) || byte == 0x0D }

    // MARK: Actions

    private mutating func scanAction(_ isTrimmed: Bool) throws(TextTemplateFault) {
        let start = place
        place += isTrimmed ? 4 : 2
        if isAt("/*", place) { return try skipComment(start) }
        add(.opening, from: start)
        while true {
            let isApart = skipBlanks()
            guard place < bytes.count else {
                place = min(start + 2, bytes.count)
                throw fault("These braces are never closed by \"}}\".", from: start)
            }
            if let count = closingCount {
                let first = place
                place += count
                return add(.closing, from: first)
            }
            try scanWord(isApart)
        }
    }

    /// How many bytes the closing braces have that stand here.
    private var closingCount: Int? {
        if isAt("}}", place) { return 2 }
        return place > 0 && Self.isBlank(bytes[place - 1]) && isAt("-}}", place) ? 3 : nil
    }

    private mutating func skipBlanks() -> Bool {
        let start = place
        while place < bytes.count, Self.isBlank(bytes[place]) { place += 1 }
        return place > start
    }

    private mutating func skipComment(_ start: Int) throws(TextTemplateFault) {
        place += 2
        while place < bytes.count, !isAt("*/", place) { place += 1 }
        guard place < bytes.count else {
            place = start + 2
            throw fault("This comment is never closed by \"*/\".", from: start)
        }
        place += 2
        let hasBlank = skipBlanks()
        guard isAt("}}", place) || (hasBlank && isAt("-}}", place)) else {
            throw fault("After a comment \"}}\" has to follow at once.", from: start)
        }
        place += isAt("}}", place) ? 2 : 3
    }

    private mutating func scanWord(_ isApart: Bool) throws(TextTemplateFault) {
        let start = place
        let byte = bytes[place]
        switch byte {
        case UInt8(ascii: "."):
            let next = place + 1 < bytes.count ? bytes[place + 1] : 0
            if (0x30...0x39).contains(next) { return try scanNumber(isApart) }
            place += 1
            let name = takeName()
            add(name.isEmpty ? .dot : .field(name), from: start, isApart: isApart)
        case UInt8(ascii: "$"):
            place += 1
            add(.variable("$" + takeName()), from: start, isApart: isApart)
        case UInt8(ascii: "\""): try scanQuoted(isApart)
        case UInt8(ascii: "`"): try scanRaw(isApart)
        case UInt8(ascii: "'"): try scanCharacter(isApart)
        case UInt8(ascii: "|"), UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "="), UInt8(ascii: ","):
            place += 1
            add(.sign(String(UnicodeScalar(byte))), from: start, isApart: isApart)
        case UInt8(ascii: ":") where isAt(":=", place):
            place += 2
            add(.sign(":="), from: start, isApart: isApart)
        case 0x30...0x39, UInt8(ascii: "+"), UInt8(ascii: "-"): try scanNumber(isApart)
        default:
            let name = takeName()
            guard !name.isEmpty else {
                place += 1
                while place < bytes.count, bytes[place] & 0xC0 == 0x80 { place += 1 }
                throw fault(
                    "\"\(String(decoding: bytes[start..<place], as: UTF8.self))\" means nothing here.",
                    from: start
                )
            }
            add(.word(name), from: start, isApart: isApart)
        }
    }

    /// Letters, digits and underscores; what is beyond ASCII counts as a letter.
    private mutating func takeName() -> String {
        let start = place
        while place < bytes.count {
            switch bytes[place] {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "_"), 0x80...0xFF: place += 1
            default: return String(decoding: bytes[start..<place], as: UTF8.self)
            }
        }
        return String(decoding: bytes[start..<place], as: UTF8.self)
    }

    private mutating func scanNumber(_ isApart: Bool) throws(TextTemplateFault) {
        let start = place
        place += 1
        scan: while place < bytes.count {
            switch bytes[place] {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "."), UInt8(ascii: "_"): place += 1
            case UInt8(ascii: "+"), UInt8(ascii: "-"):
                guard bytes[place - 1] | 0x20 == UInt8(ascii: "e"), !isAt("0x", start) else { break scan }
                place += 1
            default: break scan
            }
        }
        let text = String(decoding: bytes[start..<place], as: UTF8.self)
        guard TextTemplateValue(number: text) != nil else { throw fault("\"\(text)\" is no number.", from: start) }
        add(.number(text), from: start, isApart: isApart)
    }

    // MARK: Quotes

    private mutating func scanRaw(_ isApart: Bool) throws(TextTemplateFault) {
        let start = place
        place += 1
        while place < bytes.count, bytes[place] != UInt8(ascii: "`") { place += 1 }
        guard place < bytes.count else {
            place = start + 1
            throw fault("This quote is never closed.", from: start)
        }
        place += 1
        let text = String(decoding: bytes[(start + 1)..<(place - 1)], as: UTF8.self)
        add(.quoted(text), from: start, isApart: isApart)
    }

    private mutating func scanQuoted(_ isApart: Bool) throws(TextTemplateFault) {
        let start = place
        place += 1
        var text: [UInt8] = []
        while place < bytes.count, bytes[place] != UInt8(ascii: "\""), bytes[place] != 0x0A {
            text += try unit(start)
        }
        guard place < bytes.count, bytes[place] == UInt8(ascii: "\"") else {
            place = start + 1
            throw fault("This quote is never closed.", from: start)
        }
        place += 1
        add(.quoted(String(decoding: text, as: UTF8.self)), from: start, isApart: isApart)
    }

    private mutating func scanCharacter(_ isApart: Bool) throws(TextTemplateFault) {
        let start = place
        place += 1
        var text: [UInt8] = []
        while place < bytes.count, bytes[place] != UInt8(ascii: "'"), bytes[place] != 0x0A { text += try unit(start) }
        let scalars = Array(String(decoding: text, as: UTF8.self).unicodeScalars)
        guard place < bytes.count, bytes[place] == UInt8(ascii: "'"), scalars.count == 1 else {
            throw fault(
                "Single quotes hold one character; texts stand between \"…\" or `…`.",
                from: start
            )
        }
        place += 1
        add(.character(Int(scalars[0].value)), from: start, isApart: isApart)
    }

    /// One byte of a quoted text, or what an escape stands for.
    private mutating func unit(_ start: Int) throws(TextTemplateFault) -> [UInt8] {
        guard bytes[place] == UInt8(ascii: "\\"), place + 1 < bytes.count else {
            place += 1
            return [bytes[place - 1]]
        }
        let letter = bytes[place + 1]
        place += 2
        if let plain = Self.escapes[letter] { return [plain] }
        let counts: [UInt8: (digits: Int, radix: Int)] = [
            UInt8(ascii: "x"): (2, 16), UInt8(ascii: "u"): (4, 16), UInt8(ascii: "U"): (8, 16),
        ]
        let isOctal = (0x30...0x37).contains(letter)
        if isOctal { place -= 1 }
        guard let (count, radix) = isOctal ? (3, 8) : counts[letter], place + count <= bytes.count,
            let value = UInt32(String(decoding: bytes[place..<(place + count)], as: UTF8.self), radix: radix)
        else { throw fault("No escape begins like this.", from: place - 2) }
        place += count
        if isOctal || count == 2 {
            guard let byte = UInt8(exactly: value) else { throw fault("No byte has this number.", from: place - 4) }
            return [byte]
        }
        guard let scalar = Unicode.Scalar(value) else { throw fault("No character has this number.", from: start) }
        return Array(String(Character(scalar)).utf8)
    }

    private static let escapes: [UInt8: UInt8] = [
        UInt8(ascii: "a"): 7, UInt8(ascii: "b"): 8, UInt8(ascii: "f"): 12, UInt8(ascii: "n"): 10,
        UInt8(ascii: "r"): 13, UInt8(ascii: "t"): 9, UInt8(ascii: "v"): 11, UInt8(ascii: "\\"): 0x5C,
        UInt8(ascii: "\""): 0x22, UInt8(ascii: "'"): 0x27,
    ]
}
