/// Finds where a part of a text is written in a file.
enum TextTemplatePlace {
    /// The range of a part of a quoted text, or that of all of it when it is written in another way.
    ///
    /// The part is offsets of bytes of the text, and nil for all of it; the place of the whole has its quotes in it.
    static func range(_ part: Range<Int>?, of text: String, in whole: HCLRange) -> HCLRange {
        guard let part, let offsets = offsets(Array(text.utf8), Array(whole.text.utf8)),
            part.upperBound < offsets.count
        else { return whole }
        let start = whole.bytes.lowerBound
        return HCLRange(whole.source, (start + offsets[part.lowerBound])..<(start + offsets[part.upperBound]))
    }

    /// For each byte of the text and its end, where it stands in the quoted form; nil when that form is another one.
    private static func offsets(_ text: [UInt8], _ written: [UInt8]) -> [Int]? {
        guard written.first == UInt8(ascii: "\"") else { return nil }
        var offsets: [Int] = []
        var place = 1
        while offsets.count < text.count {
            guard place < written.count else { return nil }
            guard written[place] == UInt8(ascii: "\\") else {
                guard written[place] == text[offsets.count] else { return nil }
                offsets.append(place)
                place += 1
                continue
            }
            guard let (width, count) = escape(written[place...]) else { return nil }
            offsets += [Int](repeating: place, count: min(count, text.count - offsets.count))
            place += width
        }
        return offsets + [place]
    }

    /// How many bytes an escape has, and how many it stands for.
    private static func escape(_ written: ArraySlice<UInt8>) -> (width: Int, count: Int)? {
        let digits: [UInt8: Int] = [UInt8(ascii: "u"): 4, UInt8(ascii: "U"): 8]
        guard let letter = written.dropFirst().first else { return nil }
        guard let count = digits[letter] else { return (2, 1) }
        let text = String(decoding: written.dropFirst(2).prefix(count), as: UTF8.self)
        guard let value = UInt32(text, radix: 16) else { return nil }
        if let scalar = Unicode.Scalar(value) { return (2 + count, UTF8.width(scalar)) }
        // Two halves of a character.
        return value < 0xDC00 ? (12, 4) : (2 + count, 3)
    }
}
