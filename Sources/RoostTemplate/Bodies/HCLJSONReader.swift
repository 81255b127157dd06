import RoostLanguage

/// Reads strict JSON with the place of every value; it stops at the first error.
struct HCLJSONReader {
    private static let depthLimit = 150
    private let source: SourceText
    private let bytes: [UInt8]
    private var place = 0

    init(source: SourceText, bytes: [UInt8]) {
        self.source = source
        self.bytes = bytes
    }

    mutating func document() throws(Diagnostic) -> HCLJSONNode {
        let node = try value(depth: 0)
        skipBlanks()
        guard place == bytes.count else {
            throw problem("extra", "Extraneous data after value", "The file holds one value, and more follows.")
        }
        return node
    }

    private var current: UInt8? { place < bytes.count ? bytes[place] : nil }

    private func problem(_ code: String, _ summary: String, _ detail: String, from start: Int? = nil) -> Diagnostic {
        let first = start ?? place
        var end = max(first + 1, place)
        while end < bytes.count, bytes[end] & 0xC0 == 0x80 { end += 1 }
        return .hcl("json.\(code)", summary, detail, HCLRange(source, first..<min(end, bytes.count)))
    }

    private mutating func skipBlanks() {
        while let byte = current, byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D { place += 1 }
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        skipBlanks()
        guard current == UInt8(ascii: character) else { return false }
        place += 1
        return true
    }

    private mutating func value(depth: Int) throws(Diagnostic) -> HCLJSONNode {
        skipBlanks()
        guard depth <= Self.depthLimit else {
            throw problem("too-deep", "Nesting too deep", "Values may be nested \(Self.depthLimit) levels deep.")
        }
        let start = place
        let form: HCLJSONNode.Form
        switch current {
        case UInt8(ascii: "{"): form = try object(depth: depth)
        case UInt8(ascii: "["): form = try array(depth: depth)
        case UInt8(ascii: "\""): return try string()
        case nil: throw problem("missing", "Missing JSON value", "The file ends where a value should stand.")
        default: form = try word()
        }
        return HCLJSONNode(form: form, range: HCLRange(source, start..<place))
    }

    private mutating func object(depth: Int) throws(Diagnostic) -> HCLJSONNode.Form {
        place += 1
        var properties: [HCLJSONNode.Property] = []
        if take("}") { return .object([]) }
        while true {
            skipBlanks()
            guard current == UInt8(ascii: "\"") else {
                throw problem("name", "Invalid object property name", "A property begins with its name in quotes.")
            }
            let name = try string()
            guard take(":") else {
                throw problem(
                    "colon",
                    "Missing property value colon",
                    "A colon has to stand between a name and its value."
                )
            }
            let value = try value(depth: depth + 1)
            if case .string(let text, _) = name.form {
                properties.append(.init(name: normalForm(text), nameNode: name, value: value))
            }
            if take(",") {
                try rejectTrailingComma("}")
                continue
            }
            guard take("}") else {
                throw problem(
                    "separator",
                    "Missing attribute separator",
                    "After a property a comma or a closing brace follows."
                )
            }
            return .object(properties)
        }
    }

    private mutating func array(depth: Int) throws(Diagnostic) -> HCLJSONNode.Form {
        place += 1
        var elements: [HCLJSONNode] = []
        if take("]") { return .array([]) }
        while true {
            elements.append(try value(depth: depth + 1))
            if take(",") {
                try rejectTrailingComma("]")
                continue
            }
            guard take("]") else {
                throw problem(
                    "separator",
                    "Missing element separator",
                    "After an element a comma or a closing bracket follows."
                )
            }
            return .array(elements)
        }
    }

    private mutating func rejectTrailingComma(_ closer: Unicode.Scalar) throws(Diagnostic) {
        let comma = place - 1
        guard take(closer) else { return }
        place = comma + 1
        throw problem("trailing-comma", "Trailing comma", "In JSON no comma follows the last part.", from: comma)
    }

    private mutating func word() throws(Diagnostic) -> HCLJSONNode.Form {
        let start = place
        while let byte = current, isWordPart(byte) { place += 1 }
        let word = String(decoding: bytes[start..<place], as: UTF8.self)
        switch word {
        case "true": return .bool(true)
        case "false": return .bool(false)
        case "null": return .null
        default:
            if let number = HCLNumber(word), isNumber(bytes[start..<place]) { return .number(number) }
            throw problem("value", "Invalid JSON value", "No value begins like this.", from: start)
        }
    }

    /// Without a plus sign and without needless zeros at the beginning.
    private func isNumber(_ text: ArraySlice<UInt8>) -> Bool {
        let digits = text.first == UInt8(ascii: "-") ? text.dropFirst() : text
        guard let first = digits.first, (0x30...0x39).contains(first) else { return false }
        let second = digits.dropFirst().first ?? 0
        if let point = digits.firstIndex(of: UInt8(ascii: ".")) {
            guard point + 1 < digits.endIndex, (0x30...0x39).contains(digits[point + 1]) else { return false }
        }
        return first != 0x30 || !(0x30...0x39).contains(second)
    }

    private func isWordPart(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."): true
        default: false
        }
    }

    // MARK: Texts

    private mutating func string() throws(Diagnostic) -> HCLJSONNode {
        let start = place
        place += 1
        var (text, offsets): ([UInt8], [Int]) = ([], [])
        while let byte = current {
            if byte == UInt8(ascii: "\"") {
                offsets.append(place)
                place += 1
                let form = HCLJSONNode.Form.string(String(decoding: text, as: UTF8.self), offsets: offsets)
                return HCLJSONNode(form: form, range: HCLRange(source, start..<place))
            }
            guard byte >= 0x20 else { break }
            let first = place
            let unit = byte == UInt8(ascii: "\\") ? try escape() : [byte]
            if unit.count == 1, unit[0] == byte, byte != UInt8(ascii: "\\") { place += 1 }
            text += unit
            offsets += unit.map { _ in first }
        }
        throw problem("string", "Unclosed string", "The line ends before the closing quote.", from: start)
    }

    /// The bytes that an escape stands for.
    private mutating func escape() throws(Diagnostic) -> [UInt8] {
        let start = place
        place += 2
        switch start + 1 < bytes.count ? bytes[start + 1] : 0 {
        case UInt8(ascii: "n"): return [0x0A]
        case UInt8(ascii: "r"): return [0x0D]
        case UInt8(ascii: "t"): return [0x09]
        case UInt8(ascii: "b"): return [0x08]
        case UInt8(ascii: "f"): return [0x0C]
        case UInt8(ascii: "\""): return [UInt8(ascii: "\"")]
        case UInt8(ascii: "\\"): return [UInt8(ascii: "\\")]
        case UInt8(ascii: "/"): return [UInt8(ascii: "/")]
        case UInt8(ascii: "u"):
            if let unit = fourDigits() { return Array(String(Character(try scalar(unit))).utf8) }
        default: break
        }
        place = min(place, bytes.count)
        throw problem("escape", "Invalid escape sequence", "No escape begins like this.", from: start)
    }

    private mutating func fourDigits() -> UInt32? {
        guard place + 4 <= bytes.count else { return nil }
        let text = String(decoding: bytes[place..<(place + 4)], as: UTF8.self)
        guard text.allSatisfy(\.isHexDigit), let value = UInt32(text, radix: 16) else { return nil }
        place += 4
        return value
    }

    /// Joins surrogates; a lone one becomes U+FFFD.
    private mutating func scalar(_ first: UInt32) throws(Diagnostic) -> Unicode.Scalar {
        if let scalar = Unicode.Scalar(first) { return scalar }
        let mark = place
        if first < 0xDC00, current == UInt8(ascii: "\\"), place + 1 < bytes.count, bytes[place + 1] == UInt8(ascii: "u")
        {
            place += 2
            if let second = fourDigits(), (0xDC00...0xDFFF).contains(second),
                let joined = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
            {
                return joined
            }
        }
        place = mark
        return "\u{FFFD}"
    }
}
