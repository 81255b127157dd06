/// The texts under which a secret may turn up in a log.
enum SecretEncodings {
    /// Plain values with fewer characters are refused.
    static let minimumLength = 3
    /// Encoded forms shorter than this stand for too little of the secret to be worth the holes they would tear.
    static let minimumEncodedLength = 6
    /// Longer patterns are cut into pieces of this many bytes, each masked by itself.
    ///
    /// So what is held back at the end of a chunk stays small, however long a secret is.
    static let pieceLength = 1024

    /// Why a value is refused; nil when it is masked.
    static func refusal(of value: String, name: String) -> SecretRefusal? {
        let core = value.trimmedASCIISpace
        if core.isEmpty { return .blank(name: name) }
        if core.count < minimumLength { return .tooShort(name: name, length: core.count) }
        if ["true", "false", "null"].contains(core.lowercased()) { return .commonWord(name: name) }
        return nil
    }

    /// All byte patterns of a value that is not refused; each once.
    static func patterns(of value: String) -> [[UInt8]] {
        var found: Set<[UInt8]> = []
        let parts = plainForms(of: value)
        for part in parts {
            insert(Array(part.utf8), into: &found, minimum: minimumLength)
            for text in textForms(of: part) {
                insert(
                    Array(text.utf8),
                    into: &found,
                    minimum: max(minimumLength, min(minimumEncodedLength, part.utf8.count))
                )
            }
        }
        for part in parts {
            for bytes in binaryForms(of: Array(part.utf8)) {
                insert(bytes, into: &found, minimum: minimumEncodedLength)
            }
        }
        return Array(found)
    }

    /// Adds a pattern, in pieces when it is long; a short rest is left with the piece before it.
    private static func insert(_ bytes: [UInt8], into found: inout Set<[UInt8]>, minimum: Int) {
        guard bytes.count >= minimum else { return }
        guard bytes.count > pieceLength else {
            found.insert(bytes)
            return
        }
        var start = 0
        while start < bytes.count {
            let rest = bytes.count - start
            let length = rest < pieceLength + minimumEncodedLength ? rest : pieceLength
            found.insert(Array(bytes[start..<(start + length)]))
            start += length
        }
    }

    // MARK: Plain forms

    /// The value, trimmed, without quotes, and each of its lines.
    private static func plainForms(of value: String) -> Set<String> {
        var forms: Set<String> = [value]
        let trimmed = value.trimmedASCIISpace
        forms.insert(trimmed)
        forms.insert(trimmed.unquoted)
        let lines = value.split(whereSeparator: \.isNewline)
        if lines.count > 1 {
            for line in lines where isTelling(line) { forms.insert(String(line).trimmedASCIISpace) }
        }
        return forms.filter { $0.count >= minimumLength }
    }

    /// Whether a line of a longer secret gives something away: brackets, armour and the like do not.
    private static func isTelling(_ line: Substring) -> Bool {
        let core = String(line).trimmedASCIISpace
        if core.hasPrefix("-----"), core.hasSuffix("-----") { return false }
        return core.count >= minimumLength && core.contains { $0.isLetter || $0.isNumber }
    }

    // MARK: Texts

    /// The value as it stands inside other notations.
    private static func textForms(of value: String) -> [String] {
        // Tokens mostly hold nothing that any notation would change.
        guard value.utf8.contains(where: { !isUnchangedEverywhere($0) }) else { return [] }
        let addresses = [
            percentEncoded(value, keeping: "-_.~"), percentEncoded(value, keeping: "-_.~/"),
            percentEncoded(value, keeping: "-_.!~*'()"), percentEncoded(value, keeping: "-_.!~*'();/?:@&=+$,#"),
            percentEncoded(value, keeping: "-_.*").replacing("%20", with: "+"),
        ]
        let json = escaped(value, jsonEscape)
        let texts = [
            json, json.replacing("/", with: "\\/"), escaped(json, jsonEscape), escaped(value, jsonASCIIEscape),
            escaped(value, dotnetEscape), escaped(value) { $0 == "\\" ? "\\\\" : nil },
            escaped(value) { $0 == "\"" ? "\\\"" : nil },
        ]
        let shells = [
            escaped(value, shellEscape), escaped(value) { $0 == "'" ? "'\\''" : nil },
            escaped(value) { $0 == "'" ? "'\"'\"'" : nil }, escaped(value) { $0 == "'" ? "''" : nil },
        ]
        return addresses + addresses.map(lowercasedPercentCodes) + texts + shells + markupForms(of: value)
    }

    /// As XML and HTML write it: quotes are named, numbered or left as they are.
    private static func markupForms(of value: String) -> [String] {
        let quotes: [(double: String?, single: String?)] = [
            (nil, nil), ("&quot;", nil), ("&quot;", "&apos;"), ("&quot;", "&#39;"), ("&quot;", "&#x27;"),
            ("&#34;", "&#39;"), ("&#x22;", "&#x27;"),
        ]
        return quotes.map { quote in
            escaped(value) { scalar in
                switch scalar {
                case "&": "&amp;"
                case "<": "&lt;"
                case ">": "&gt;"
                case "\"": quote.double
                case "'": quote.single
                default: nil
                }
            }
        }
    }

    /// Letters, digits, `-`, `_` and `.`.
    private static func isUnchangedEverywhere(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
            true
        default: false
        }
    }

    private static func escaped(_ value: String, _ escape: (Unicode.Scalar) -> String?) -> String {
        var text = ""
        for scalar in value.unicodeScalars {
            if let replacement = escape(scalar) { text += replacement } else { text.unicodeScalars.append(scalar) }
        }
        return text
    }

    /// `\"`, `\\` and control characters, as every JSON writer must.
    private static func jsonEscape(_ scalar: Unicode.Scalar) -> String? {
        switch scalar {
        case "\"": "\\\""
        case "\\": "\\\\"
        case "\n": "\\n"
        case "\r": "\\r"
        case "\t": "\\t"
        case "\u{8}": "\\b"
        case "\u{c}": "\\f"
        default: scalar.value < 0x20 ? unicodeEscape(scalar, upper: false) : nil
        }
    }

    /// As Python's writer does by default: nothing but ASCII.
    private static func jsonASCIIEscape(_ scalar: Unicode.Scalar) -> String? {
        jsonEscape(scalar) ?? (scalar.isASCII ? nil : unicodeEscape(scalar, upper: false))
    }

    /// As .NET's writer does by default: what is dangerous in HTML too.
    private static func dotnetEscape(_ scalar: Unicode.Scalar) -> String? {
        switch scalar {
        case "\"", "&", "'", "+", "<", ">", "`": unicodeEscape(scalar, upper: true)
        default: jsonEscape(scalar) ?? (scalar.isASCII ? nil : unicodeEscape(scalar, upper: true))
        }
    }

    private static func unicodeEscape(_ scalar: Unicode.Scalar, upper: Bool) -> String {
        UTF16.encode(scalar).map { units in
            units.map { unit in
                let digits = String(unit, radix: 16, uppercase: upper)
                return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            }.joined()
        } ?? ""
    }

    /// As `printf %q` writes: a backslash before everything a shell might act on.
    private static func shellEscape(_ scalar: Unicode.Scalar) -> String? {
        " \t!\"#$&'()*,;<>?[\\]^`{|}~".unicodeScalars.contains(scalar) ? "\\\(scalar)" : nil
    }

    private static func percentEncoded(_ value: String, keeping kept: String) -> String {
        var text: [UInt8] = []
        for byte in value.utf8 {
            let isAlphanumeric = isUnchangedEverywhere(byte) && !"-_.".utf8.contains(byte)
            if isAlphanumeric || kept.utf8.contains(byte) {
                text.append(byte)
            } else {
                text.append(UInt8(ascii: "%"))
                text += hex([byte], upper: true)
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// `%2F` as `%2f`, with the rest as it is.
    private static func lowercasedPercentCodes(_ text: String) -> String {
        var bytes = Array(text.utf8)
        for index in bytes.indices where bytes[index] == UInt8(ascii: "%") && index + 2 < bytes.count {
            for digit in (index + 1)...(index + 2)
            where bytes[digit] >= UInt8(ascii: "A") && bytes[digit] <= UInt8(ascii: "F") {
                bytes[digit] += 32
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    // MARK: Bytes

    /// Base64 in both alphabets at each alignment and in lines as tools wrap it, and hexadecimal.
    private static func binaryForms(of bytes: [UInt8]) -> [[UInt8]] {
        var forms: [[UInt8]] = [hex(bytes, upper: false), hex(bytes, upper: true)]
        for alphabet in [Base64Alphabet.standard, .url] {
            for shift in 0..<3 { forms.append(alphabet.certainPart(of: bytes, shiftedBy: shift)) }
            let whole = alphabet.encode(bytes)
            let withLineEnd = alphabet.encode(bytes + [UInt8(ascii: "\n")])
            forms += [whole, withLineEnd]
            for width in [64, 76] where withLineEnd.count > width {
                forms += wrapped(whole, width) + wrapped(withLineEnd, width)
            }
        }
        return forms
    }

    private static func wrapped(_ bytes: [UInt8], _ width: Int) -> [[UInt8]] {
        stride(from: 0, to: bytes.count, by: width).map { Array(bytes[$0..<min($0 + width, bytes.count)]) }
    }

    private static func hex(_ bytes: [UInt8], upper: Bool) -> [UInt8] {
        let digits = Array((upper ? "0123456789ABCDEF" : "0123456789abcdef").utf8)
        return bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
    }
}

extension String {
    /// Without white space at both ends.
    fileprivate var trimmedASCIISpace: String {
        let isSpace: (UInt8) -> Bool = { $0 == 32 || (9...13).contains($0) }
        guard let first = utf8.firstIndex(where: { !isSpace($0) }), let last = utf8.lastIndex(where: { !isSpace($0) })
        else { return "" }
        return String(self[first...last])
    }

    /// Without a pair of quotes around it.
    fileprivate var unquoted: String {
        guard count > 2, let first, first == last, first == "\"" || first == "'" else { return self }
        return String(dropFirst().dropLast())
    }
}
