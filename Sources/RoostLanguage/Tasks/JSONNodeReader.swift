/// Reads JSON (RFC 8259) with the lines its values stand on.
struct JSONNodeReader {
    private let bytes: [UInt8]
    private var place = 0
    private var line = 1
    private var depth = 0
    /// Deeper nesting is refused.
    private static let depthLimit = 64

    /// Reads a whole text, which must be UTF-8; a byte order mark is fine.
    static func read(_ bytes: [UInt8]) throws(JSONFault) -> JSONNode {
        guard String(validating: bytes, as: UTF8.self) != nil else {
            throw JSONFault(line: 1, problem: "the text is not UTF-8")
        }
        var reader = JSONNodeReader(bytes: bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes.dropFirst(3)) : bytes)
        let node = try reader.value()
        reader.skipBlanks()
        guard reader.place == reader.bytes.count else { throw reader.fault("something follows the end of the value") }
        return node
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    private func fault(_ problem: String) -> JSONFault { JSONFault(line: line, problem: problem) }

    private var next: UInt8? { place < bytes.count ? bytes[place] : nil }

    private mutating func skipBlanks() {
        while let byte = next, byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D {
            if byte == 0x0A { line += 1 }
            place += 1
        }
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard next == byte else { return false }
        place += 1
        return true
    }

    private mutating func value() throws(JSONFault) -> JSONNode {
        skipBlanks()
        let start = line
        guard depth < Self.depthLimit else { throw fault("it is nested deeper than \(Self.depthLimit) levels") }
        depth += 1
        defer { depth -= 1 }
        guard let byte = next else { throw fault("it ends too early") }
        switch byte {
        case UInt8(ascii: "{"): return JSONNode(content: .object(try object()), line: start)
        case UInt8(ascii: "["): return JSONNode(content: .array(try array()), line: start)
        case UInt8(ascii: "\""): return JSONNode(content: .string(try string()), line: start)
        default: return JSONNode(content: try word(), line: start)
        }
    }

    private mutating func object() throws(JSONFault) -> [JSONMember] {
        place += 1
        var members: [JSONMember] = []
        skipBlanks()
        if take(UInt8(ascii: "}")) { return members }
        while true {
            skipBlanks()
            let start = line
            guard next == UInt8(ascii: "\"") else { throw fault("the name of a member was expected, in quotes") }
            let name = try string()
            skipBlanks()
            guard take(UInt8(ascii: ":")) else { throw fault("':' was expected after \"\(name)\"") }
            members.append(JSONMember(name: name, line: start, value: try value()))
            skipBlanks()
            if take(UInt8(ascii: "}")) { return members }
            guard take(UInt8(ascii: ",")) else { throw fault("',' or '}' was expected after the value of \"\(name)\"") }
        }
    }

    private mutating func array() throws(JSONFault) -> [JSONNode] {
        place += 1
        var items: [JSONNode] = []
        skipBlanks()
        if take(UInt8(ascii: "]")) { return items }
        while true {
            items.append(try value())
            skipBlanks()
            if take(UInt8(ascii: "]")) { return items }
            guard take(UInt8(ascii: ",")) else { throw fault("',' or ']' was expected") }
        }
    }

    private mutating func string() throws(JSONFault) -> String {
        place += 1
        var text: [UInt8] = []
        while let byte = next {
            place += 1
            switch byte {
            case UInt8(ascii: "\""): return String(decoding: text, as: UTF8.self)
            case UInt8(ascii: "\\"): text += try escape()
            case 0x0A:
                throw fault("a string does not end on its line")
            default: text.append(byte)
            }
        }
        throw fault("a string does not end")
    }

    private mutating func escape() throws(JSONFault) -> [UInt8] {
        guard let byte = next else { throw fault("a string does not end") }
        place += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [byte]
        case UInt8(ascii: "b"): return [0x08]
        case UInt8(ascii: "f"): return [0x0C]
        case UInt8(ascii: "n"): return [0x0A]
        case UInt8(ascii: "r"): return [0x0D]
        case UInt8(ascii: "t"): return [0x09]
        case UInt8(ascii: "u"): return try unicode()
        default: throw fault("'\\\(Character(Unicode.Scalar(byte)))' is no escape of JSON")
        }
    }

    private mutating func unicode() throws(JSONFault) -> [UInt8] {
        let first = try hexadecimal()
        var code = UInt32(first)
        if (0xD800...0xDBFF).contains(first) {
            guard take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")) else {
                throw fault("half of a pair '\\u' is missing")
            }
            let second = try hexadecimal()
            guard (0xDC00...0xDFFF).contains(second) else { throw fault("half of a pair '\\u' is missing") }
            code = 0x10000 + (UInt32(first) - 0xD800) << 10 + (UInt32(second) - 0xDC00)
        }
        guard let scalar = Unicode.Scalar(code) else { throw fault("'\\u' names no character") }
        return Array(String(Character(scalar)).utf8)
    }

    private mutating func hexadecimal() throws(JSONFault) -> UInt16 {
        guard place + 4 <= bytes.count,
            let code = UInt16(String(decoding: bytes[place..<place + 4], as: UTF8.self), radix: 16)
        else { throw fault("four hexadecimal digits were expected after '\\u'") }
        place += 4
        return code
    }

    private mutating func word() throws(JSONFault) -> JSONNode.Content {
        let start = place
        while let byte = next, byte > 0x20, !",:]}[{\"".utf8.contains(byte) { place += 1 }
        let word = String(decoding: bytes[start..<place], as: UTF8.self)
        switch word {
        case "null": return .null
        case "true": return .bool(true)
        case "false": return .bool(false)
        default:
            guard Double(word) != nil, let first = word.utf8.first, first == 0x2D || (0x30...0x39).contains(first)
            else {
                throw fault(word.isEmpty ? "a value was expected" : "'\(word.prefix(40))' is no value of JSON")
            }
            return .number(word)
        }
    }
}
