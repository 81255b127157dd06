/// Finds the first mistake in the syntax of a JSON text (RFC 8259), for a person who must correct it.
///
/// The decoder only says that there is one. This reads a text again that was refused, so that it is plain rather than fast; it needs no
/// recursion and takes texts of any depth.
struct JSONSyntax {
    struct Mistake: Hashable {
        /// 1-based.
        var line: Int
        /// 1-based, in bytes.
        var column: Int
        var text: String
    }

    private enum Expected { case value, valueOrEnd, key, keyOrEnd, colon, commaOrEnd, nothing }

    private let bytes: [UInt8]
    private var index = 0
    private var open: [UInt8] = []
    private var expected = Expected.value

    /// Nil when there is no mistake.
    static func firstMistake(_ bytes: [UInt8]) -> Mistake? {
        var syntax = JSONSyntax(bytes: bytes.starts(with: [0xef, 0xbb, 0xbf]) ? Array(bytes.dropFirst(3)) : bytes)
        return syntax.run()
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    private mutating func run() -> Mistake? {
        while true {
            while index < bytes.count, [0x20, 0x09, 0x0a, 0x0d].contains(bytes[index]) { index += 1 }
            guard index < bytes.count else {
                return expected == .nothing ? nil : mistake("the text ends where \(wanted) was expected")
            }
            if let mistake = step(bytes[index]) { return mistake }
        }
    }

    private mutating func step(_ byte: UInt8) -> Mistake? {
        switch (expected, byte) {
        case (.value, UInt8(ascii: "{")), (.valueOrEnd, UInt8(ascii: "{")): begin(byte, .keyOrEnd)
        case (.value, UInt8(ascii: "[")), (.valueOrEnd, UInt8(ascii: "[")): begin(byte, .valueOrEnd)
        case (.valueOrEnd, UInt8(ascii: "]")): end()
        case (.keyOrEnd, UInt8(ascii: "}")): end()
        case (.commaOrEnd, UInt8(ascii: "]")) where open.last == UInt8(ascii: "["): end()
        case (.commaOrEnd, UInt8(ascii: "}")) where open.last == UInt8(ascii: "{"): end()
        case (.commaOrEnd, UInt8(ascii: ",")):
            index += 1
            expected = open.last == UInt8(ascii: "{") ? .key : .value
        case (.colon, UInt8(ascii: ":")):
            index += 1
            expected = .value
        case (.key, UInt8(ascii: "\"")), (.keyOrEnd, UInt8(ascii: "\"")):
            if let mistake = string() { return mistake }
            expected = .colon
        case (.value, UInt8(ascii: "\"")), (.valueOrEnd, UInt8(ascii: "\"")):
            if let mistake = string() { return mistake }
            close()
        case (.value, _), (.valueOrEnd, _):
            return word()
        default:
            return mistake("expected \(wanted), found \(found)")
        }
        return nil
    }

    private mutating func begin(_ bracket: UInt8, _ next: Expected) {
        open.append(bracket)
        index += 1
        expected = next
    }

    private mutating func end() {
        open.removeLast()
        index += 1
        close()
    }

    private mutating func close() { expected = open.isEmpty ? .nothing : .commaOrEnd }

    private mutating func string() -> Mistake? {
        index += 1
        while index < bytes.count {
            switch bytes[index] {
            case UInt8(ascii: "\""):
                index += 1
                return nil
            case UInt8(ascii: "\\"):
                guard index + 1 < bytes.count, "\"\\/bfnrtu".utf8.contains(bytes[index + 1]) else {
                    return mistake("no such escape may follow a backslash")
                }
                index += 2
            case 0..<0x20: return mistake("a line end or control character stands inside quotes")
            default: index += 1
            }
        }
        return mistake("the closing quote is missing")
    }

    /// A number, `true`, `false` or `null`.
    private mutating func word() -> Mistake? {
        let isPart: (UInt8) -> Bool = { byte in
            (0x30...0x39).contains(byte) || (0x61...0x7a).contains(byte) || (0x41...0x5a).contains(byte)
                || [0x2b, 0x2d, 0x2e].contains(byte)
        }
        let end = bytes[index...].firstIndex { !isPart($0) } ?? bytes.count
        let text = String(decoding: bytes[index..<end], as: UTF8.self)
        let isNumber = text.wholeMatch(of: /-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?/) != nil
        guard isNumber || ["true", "false", "null"].contains(text) else {
            return mistake("expected \(wanted), found \(found)")
        }
        index = end
        close()
        return nil
    }

    private var wanted: String {
        switch expected {
        case .value: "a value"
        case .valueOrEnd: "a value or ']'"
        case .key: "a name in quotes"
        case .keyOrEnd: "a name in quotes or '}'"
        case .colon: "':'"
        case .commaOrEnd: open.last == UInt8(ascii: "{") ? "',' or '}'" : "',' or ']'"
        case .nothing: "the end"
        }
    }

    /// What stands there, as far as it says something.
    private var found: String {
        let rest = String(decoding: bytes[index...].prefix(20).prefix { $0 > 0x20 && $0 != 0x2c }, as: UTF8.self)
        return rest.isEmpty ? "','" : "'\(rest)'"
    }

    private func mistake(_ text: String) -> Mistake {
        let before = bytes[..<min(index, bytes.count)]
        let start = before.lastIndex(of: 0x0a).map { $0 + 1 } ?? 0
        return Mistake(line: before.count { $0 == 0x0a } + 1, column: index - start + 1, text: text)
    }
}
