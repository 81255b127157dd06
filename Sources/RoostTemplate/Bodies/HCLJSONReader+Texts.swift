import RoostLanguage

/// Texts: characters and escapes.
extension HCLJSONReader {
    mutating func string() -> HCLJSONNode {
        let start = place
        place += 1
        var (text, offsets): ([UInt8], [Int]) = ([], [])
        loop: while let byte = current {
            let first = place
            var unit: ArraySlice<UInt8> = []
            switch byte {
            case UInt8(ascii: "\""): break loop
            case UInt8(ascii: "\\"): unit = escape()[...]
            case 0x0A where isCutOff:
                reportUnclosed(start)
                break loop
            case ..<0x20: passControl(byte)
            default:
                unit = bytes[place...place]
                place += 1
            }
            text += unit
            offsets += unit.map { _ in first }
        }
        offsets.append(place)
        if current == UInt8(ascii: "\"") {
            place += 1
        } else if current == nil {
            reportUnclosed(start)
            stop()
        }
        let form = HCLJSONNode.Form.string(String(decoding: text, as: UTF8.self), offsets: offsets)
        return HCLJSONNode(form: form, range: HCLRange(source, start..<place))
    }

    private mutating func reportUnclosed(_ start: Int) {
        report("string", "Unclosed string", "The line ends before the closing quote.", from: start)
        isCut = true
    }

    /// Whether the next line begins like a new part, so that the text of this one has lost its closing quote.
    private var isCutOff: Bool {
        let next = bytes[(place + 1)...].first { $0 != 0x20 && $0 != 0x09 && $0 != 0x0D && $0 != 0x0A }
        switch next {
        case UInt8(ascii: "\""), UInt8(ascii: "{"), UInt8(ascii: "}"), UInt8(ascii: "["), UInt8(ascii: "]"), nil:
            return true
        default: return false
        }
    }

    private mutating func passControl(_ byte: UInt8) {
        let names: [UInt8: String] = [0x08: "\\b", 0x09: "\\t", 0x0A: "\\n", 0x0C: "\\f", 0x0D: "\\r"]
        let digits = String(byte, radix: 16)
        let escape = names[byte] ?? "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        report(
            "control",
            "Invalid character in string",
            "A text holds no line breaks, tabs or other control characters.",
            advice: "Write \(escape) for it."
        )
        place = min(place + 1, bytes.count)
    }

    /// The bytes that an escape stands for.
    private mutating func escape() -> [UInt8] {
        let start = place
        place += 2
        switch byte(start + 1) ?? 0 {
        case UInt8(ascii: "n"): return [0x0A]
        case UInt8(ascii: "r"): return [0x0D]
        case UInt8(ascii: "t"): return [0x09]
        case UInt8(ascii: "b"): return [0x08]
        case UInt8(ascii: "f"): return [0x0C]
        case UInt8(ascii: "\""): return [UInt8(ascii: "\"")]
        case UInt8(ascii: "\\"): return [UInt8(ascii: "\\")]
        case UInt8(ascii: "/"): return [UInt8(ascii: "/")]
        case UInt8(ascii: "u"):
            if let unit = fourDigits() { return Array(String(Character(scalar(unit))).utf8) }
        case 0x0A, 0x0D: place = start + 1
        default: break
        }
        place = min(place, bytes.count)
        while let byte = current, byte & 0xC0 == 0x80 { place += 1 }
        report(
            "escape",
            "Invalid escape sequence",
            "No escape begins like this.",
            from: start,
            advice: "Write \\\\ for a backslash."
        )
        return []
    }

    private mutating func fourDigits() -> UInt32? {
        guard place + 4 <= bytes.count else { return nil }
        let text = String(decoding: bytes[place..<(place + 4)], as: UTF8.self)
        guard text.allSatisfy(\.isHexDigit), let value = UInt32(text, radix: 16) else { return nil }
        place += 4
        return value
    }

    /// Joins surrogates; a lone one becomes U+FFFD.
    private mutating func scalar(_ first: UInt32) -> Unicode.Scalar {
        if let scalar = Unicode.Scalar(first) { return scalar }
        let mark = place
        if first < 0xDC00, current == UInt8(ascii: "\\"), byte(place + 1) == UInt8(ascii: "u") {
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
