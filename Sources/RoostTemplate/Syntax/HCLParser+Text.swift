extension HCLParser {
    /// The text that a token of a template stands for.
    mutating func literalText(_ token: HCLToken) -> String {
        let raw = bytes[token.bytes]
        guard raw.contains(where: { $0 == UInt8(ascii: "\\") || $0 == UInt8(ascii: "$") || $0 == UInt8(ascii: "%") })
        else {
            return String(decoding: raw, as: UTF8.self)
        }
        var result: [UInt8] = []
        var place = raw.startIndex
        while place < raw.endIndex {
            let byte = raw[place]
            if byte == UInt8(ascii: "\\"), token.kind == .quotedText {
                place = escape(at: place, raw.endIndex, into: &result)
            } else if isDoubledSign(at: place, raw.endIndex) {
                result += [byte, UInt8(ascii: "{")]
                place += 3
            } else {
                result.append(byte)
                place += 1
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    /// Whether `$${` or `%%{` stands there.
    private func isDoubledSign(at place: Int, _ end: Int) -> Bool {
        let byte = bytes[place]
        guard byte == UInt8(ascii: "$") || byte == UInt8(ascii: "%"), place + 2 < end else { return false }
        return bytes[place + 1] == byte && bytes[place + 2] == UInt8(ascii: "{")
    }

    /// Resolves one escape and says where it ends.
    private mutating func escape(at place: Int, _ end: Int, into result: inout [UInt8]) -> Int {
        guard place + 1 < end else {
            reportEscape("After a backslash the letter of an escape follows.", place..<end)
            return end
        }
        switch bytes[place + 1] {
        case UInt8(ascii: "n"): result.append(0x0A)
        case UInt8(ascii: "r"): result.append(0x0D)
        case UInt8(ascii: "t"): result.append(0x09)
        case UInt8(ascii: "\""): result.append(UInt8(ascii: "\""))
        case UInt8(ascii: "\\"): result.append(UInt8(ascii: "\\"))
        case UInt8(ascii: "u"): return unicodeEscape(at: place, digits: 4, end, into: &result)
        case UInt8(ascii: "U"): return unicodeEscape(at: place, digits: 8, end, into: &result)
        default:
            var next = place + 2
            while next < end, bytes[next] & 0xC0 == 0x80 { next += 1 }
            let letter = String(decoding: bytes[(place + 1)..<next], as: UTF8.self)
            reportEscape("\"\(letter)\" is no letter of an escape.", place..<next)
            return next
        }
        return place + 2
    }

    private mutating func unicodeEscape(at place: Int, digits: Int, _ end: Int, into result: inout [UInt8]) -> Int {
        var last = place + 2
        while last < end, last < place + 2 + digits, isHexadecimal(bytes[last]) { last += 1 }
        guard last == place + 2 + digits else {
            let letter = digits == 4 ? "\\u" : "\\U"
            reportEscape("\(letter) is followed by \(digits) hexadecimal digits.", place..<last)
            return last
        }
        let text = String(decoding: bytes[(place + 2)..<last], as: UTF8.self)
        guard let value = UInt32(text, radix: 16), let scalar = Unicode.Scalar(value) else {
            reportEscape("There is no character U+\(text).", place..<last)
            return last
        }
        result += Array(String(Character(scalar)).utf8)
        return last
    }

    private func isHexadecimal(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte | 0x20)
    }

    private mutating func reportEscape(_ detail: String, _ bytes: Range<Int>) {
        report("escape", "Invalid escape sequence", detail, range(bytes))
    }

    /// Takes from every line as much of the beginning as the least indented one has; lines of blanks only do not count.
    ///
    /// Only the text counts and not what interpolations yield.
    func withoutIndentation(_ parts: [HCLTemplatePart]) -> [HCLTemplatePart] {
        var lineStarts: [Int] = []
        var least = Int.max
        var isStart = true
        for (place, part) in parts.enumerated() {
            if case .end = part { break }
            guard case .text(let text, _) = part else {
                if isStart { least = 0 }
                isStart = false
                continue
            }
            if isStart {
                let blanks = text.prefix { $0.unicodeScalars.allSatisfy(\.properties.isWhitespace) }
                if !(blanks.count == text.count && (text.last?.isNewline ?? false)) {
                    lineStarts.append(place)
                    least = min(least, blanks.count)
                }
            }
            isStart = text.last?.isNewline ?? false
        }
        var result = parts
        for place in lineStarts {
            if case .text(let text, let range) = parts[place] {
                let rest = String(text.dropFirst(least))
                let cut = text.utf8.count - rest.utf8.count
                result[place] = .text(
                    rest,
                    HCLRange(
                        range.source,
                        min(range.bytes.lowerBound + cut, range.bytes.upperBound)..<range.bytes.upperBound
                    )
                )
            }
        }
        return result
    }
}
