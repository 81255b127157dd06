import Glibc

/// The bytes of a file as UTF-8, whatever its encoding is, read in parts.
struct XMLBytes {
    struct Failure: Error { var reason: String }

    private enum Encoding { case utf8, utf16(isLittle: Bool), latin1 }

    private let file: OwnedDescriptor
    private var raw = [UInt8](repeating: 0, count: 64 << 10)
    private var buffer: [UInt8] = []
    private var index = 0
    private var encoding = Encoding.utf8
    /// Bytes of a character whose rest is in the next part.
    private var rest: [UInt8] = []
    private var isAtEnd = false

    init(path: String) throws(Failure) {
        let number = open(path, O_RDONLY | O_CLOEXEC)
        guard number >= 0 else { throw Failure(reason: String(cString: strerror(errno))) }
        file = OwnedDescriptor(number)
        var first = try readRaw()
        encoding = try Self.detect(&first)
        buffer = convert(first)
    }

    /// The next byte, which stays; nil at the end.
    mutating func peek() throws(Failure) -> UInt8? {
        while index >= buffer.count {
            if isAtEnd { return nil }
            buffer = convert(try readRaw())
            index = 0
        }
        return buffer[index]
    }

    mutating func skip() { index += 1 }

    private mutating func readRaw() throws(Failure) -> [UInt8] {
        while true {
            let count = raw.withUnsafeMutableBytes { read(file.number, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw Failure(reason: String(cString: strerror(errno))) }
            isAtEnd = count == 0
            return Array(raw.prefix(count))
        }
    }

    /// By the byte order mark, else by what the XML declaration says.
    private static func detect(_ first: inout [UInt8]) throws(Failure) -> Encoding {
        if first.starts(with: [0xEF, 0xBB, 0xBF]) {
            first.removeFirst(3)
            return .utf8
        }
        if first.starts(with: [0xFF, 0xFE]) || first.starts(with: [0xFE, 0xFF]) {
            let isLittle = first[0] == 0xFF
            first.removeFirst(2)
            return .utf16(isLittle: isLittle)
        }
        if first.starts(with: [0x3C, 0]) { return .utf16(isLittle: true) }
        if first.starts(with: [0, 0x3C]) { return .utf16(isLittle: false) }
        let head = String(decoding: first.prefix(200), as: UTF8.self).lowercased()
        guard head.hasPrefix("<?xml"), let end = head.range(of: "?>")?.lowerBound,
            let name = head[..<end].range(of: "encoding=")
        else {
            return .utf8
        }
        let value = head[name.upperBound..<end].drop { $0 == "\"" || $0 == "'" || $0 == " " }
        let word = value.prefix { $0 != "\"" && $0 != "'" }
        switch word {
        // A file that says UTF-16 and is plainly of single bytes was written by a program that only names what its strings are.
        case "utf-8", "us-ascii", "ascii", "utf-16": return .utf8
        case "iso-8859-1", "iso-8859-15", "latin1", "windows-1252", "cp1252": return .latin1
        default: throw Failure(reason: "its encoding '\(word)' is not known; write it as UTF-8")
        }
    }

    private mutating func convert(_ bytes: [UInt8]) -> [UInt8] {
        switch encoding {
        case .utf8: return bytes
        case .latin1:
            var result: [UInt8] = []
            for byte in bytes {
                if byte < 128 { result.append(byte) } else { result += [0xC0 | byte >> 6, 0x80 | byte & 0x3F] }
            }
            return result
        case .utf16(let isLittle): return convertWide(rest + bytes, isLittle)
        }
    }

    private mutating func convertWide(_ bytes: [UInt8], _ isLittle: Bool) -> [UInt8] {
        var units: [UInt16] = []
        var place = 0
        while place + 1 < bytes.count {
            let (first, second) = (UInt16(bytes[place]), UInt16(bytes[place + 1]))
            units.append(isLittle ? second << 8 | first : first << 8 | second)
            place += 2
        }
        if let last = units.last, UTF16.isLeadSurrogate(last), !isAtEnd {
            units.removeLast()
            place -= 2
        }
        rest = Array(bytes[place...])
        return Array(String(decoding: units, as: UTF16.self).utf8)
    }
}

extension StringProtocol {
    /// The first place of an ASCII text.
    fileprivate func range(of text: String) -> (lowerBound: Index, upperBound: Index)? {
        var place = startIndex
        while place < endIndex {
            if self[place...].hasPrefix(text) { return (place, self.index(place, offsetBy: text.count)) }
            place = index(after: place)
        }
        return nil
    }
}
