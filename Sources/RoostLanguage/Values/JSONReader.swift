/// A text that is no JSON, and where it stops being it.
public struct InvalidJSON: Error, Hashable, Sendable, CustomStringConvertible {
    /// What was expected, as the end of a sentence.
    public let expected: String
    /// Bytes from the beginning of the text.
    public let offset: Int

    public var description: String { "The text is no JSON: \(expected) was expected at position \(offset + 1)." }
}

extension Value {
    /// Reads JSON as pipelines write it by hand: texts may stand in single quotes too, and a comma may follow the last element.
    ///
    /// - Throws: ``InvalidJSON`` at the first byte that does not fit, or below 100 levels of nesting.
    public init(json text: String) throws(InvalidJSON) {
        var reader = JSONReader(text)
        self = try reader.document()
    }
}

/// Reads one JSON text.
private struct JSONReader {
    private static let depthLimit = 100
    private let bytes: [UInt8]
    private var offset = 0

    init(_ text: String) {
        bytes = Array(text.utf8)
    }

    mutating func document() throws(InvalidJSON) -> Value {
        let value = try value(depth: 0)
        skipBlanks()
        if offset < bytes.count { throw expected("the end") }
        return value
    }

    private func expected(_ what: String) -> InvalidJSON { InvalidJSON(expected: what, offset: offset) }
    private var current: UInt8? { offset < bytes.count ? bytes[offset] : nil }

    private mutating func skipBlanks() {
        while let byte = current, byte == 0x20 || (0x09...0x0D).contains(byte) { offset += 1 }
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        skipBlanks()
        guard current == UInt8(ascii: character) else { return false }
        offset += 1
        return true
    }

    private mutating func value(depth: Int) throws(InvalidJSON) -> Value {
        skipBlanks()
        guard depth <= Self.depthLimit else { throw expected("no deeper nesting") }
        switch current {
        case UInt8(ascii: "{"): return try object(depth: depth)
        case UInt8(ascii: "["): return try array(depth: depth)
        case UInt8(ascii: "\""), UInt8(ascii: "'"): return .string(try string())
        default: return try word()
        }
    }

    private mutating func object(depth: Int) throws(InvalidJSON) -> Value {
        offset += 1
        var object = ObjectValue()
        while !take("}") {
            skipBlanks()
            guard current == UInt8(ascii: "\"") || current == UInt8(ascii: "'") else {
                throw expected("a key in quotes")
            }
            let key = try string()
            guard take(":") else { throw expected("':'") }
            object[key] = try value(depth: depth + 1)
            guard take(",") else {
                guard take("}") else { throw expected("',' or '}'") }
                break
            }
        }
        return .object(object)
    }

    private mutating func array(depth: Int) throws(InvalidJSON) -> Value {
        offset += 1
        var elements: [Value] = []
        while !take("]") {
            elements.append(try value(depth: depth + 1))
            guard take(",") else {
                guard take("]") else { throw expected("',' or ']'") }
                break
            }
        }
        return .array(elements)
    }

    /// `true`, `false`, `null` or a number.
    private mutating func word() throws(InvalidJSON) -> Value {
        let start = offset
        while let byte = current, Self.isWordPart(byte) { offset += 1 }
        let word = String(decoding: bytes[start..<offset], as: UTF8.self)
        switch word {
        case "true", "True": return true
        case "false", "False": return false
        case "null": return .null
        default:
            guard let number = Double(word), number.isFinite, word.first?.isLetter != true else {
                offset = start
                throw expected("a value")
            }
            return .number(number)
        }
    }

    private static func isWordPart(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."): true
        default: false
        }
    }

    private mutating func string() throws(InvalidJSON) -> String {
        let quote = bytes[offset]
        offset += 1
        var text: [UInt8] = []
        while let byte = current {
            offset += 1
            if byte == quote { return String(decoding: text, as: UTF8.self) }
            if byte == UInt8(ascii: "\\") { try escape(into: &text) } else { text.append(byte) }
        }
        throw expected("a closing quote")
    }

    private mutating func escape(into text: inout [UInt8]) throws(InvalidJSON) {
        guard let byte = current else { throw expected("an escape") }
        offset += 1
        switch byte {
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "u"): text += Array(try unicodeEscape().utf8)
        case UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
        default:
            offset -= 1
            throw expected("an escape")
        }
    }

    /// One or, for a surrogate pair, two groups of four hexadecimal digits; a lone surrogate becomes U+FFFD.
    private mutating func unicodeEscape() throws(InvalidJSON) -> String {
        var units = [try hexadecimal()]
        if UTF16.isLeadSurrogate(units[0]), bytes[offset...].starts(with: Array("\\u".utf8)) {
            offset += 2
            units.append(try hexadecimal())
        }
        return String(decoding: units, as: UTF16.self)
    }

    private mutating func hexadecimal() throws(InvalidJSON) -> UInt16 {
        let digits = bytes[offset...].prefix(4)
        guard digits.count == 4, let unit = UInt16(String(decoding: digits, as: UTF8.self), radix: 16) else {
            throw expected("four hexadecimal digits")
        }
        offset += 4
        return unit
    }
}
