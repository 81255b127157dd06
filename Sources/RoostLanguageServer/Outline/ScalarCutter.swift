/// Finds the ends of keys and values in a line.
struct ScalarCutter {
    let bytes: [UInt8]

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// The key that begins at a place, when a colon follows; the end is that after the colon.
    func key(from start: Int, end: Int) -> (piece: Outline.Piece, end: Int)? {
        guard start < end else { return nil }
        switch bytes[start] {
        case UInt8(ascii: "'"), UInt8(ascii: "\""):
            guard let close = quotedEnd(from: start, end: end) else { return nil }
            var place = close
            while place < end, bytes[place] == 0x20 { place += 1 }
            guard place < end, bytes[place] == UInt8(ascii: ":"), endsKey(place, end) else { return nil }
            return (piece(start..<close), place + 1)
        case UInt8(ascii: "["), UInt8(ascii: "{"), UInt8(ascii: "|"), UInt8(ascii: ">"), UInt8(ascii: "#"),
            UInt8(ascii: "&"), UInt8(ascii: "!"), UInt8(ascii: "%"):
            return nil
        default: return plainKey(from: start, end: end)
        }
    }

    private func plainKey(from start: Int, end: Int) -> (piece: Outline.Piece, end: Int)? {
        var place = start
        while place < end {
            if let close = expressionEnd(from: place, end: end) {
                place = close
                continue
            }
            if bytes[place] == UInt8(ascii: "#"), place > start, bytes[place - 1] == 0x20 { return nil }
            if bytes[place] == UInt8(ascii: ":"), endsKey(place, end) {
                var last = place
                while last > start, bytes[last - 1] == 0x20 { last -= 1 }
                guard last > start else { return nil }
                let text = String(decoding: bytes[start..<last], as: UTF8.self)
                return (Outline.Piece(text: text, range: start..<last, style: .plain), place + 1)
            }
            place += 1
        }
        return nil
    }

    private func endsKey(_ colon: Int, _ end: Int) -> Bool {
        colon + 1 == end || bytes[colon + 1] == 0x20 || bytes[colon + 1] == 0x09
    }

    /// Where a `${{ }}` that begins at a place ends.
    func expressionEnd(from start: Int, end: Int) -> Int? {
        guard start + 2 < end, bytes[start] == UInt8(ascii: "$"), bytes[start + 1] == UInt8(ascii: "{"),
            bytes[start + 2] == UInt8(ascii: "{")
        else { return nil }
        var place = start + 3
        var isText = false
        while place + 1 < end {
            if bytes[place] == UInt8(ascii: "'") { isText.toggle() }
            if !isText, bytes[place] == UInt8(ascii: "}"), bytes[place + 1] == UInt8(ascii: "}") { return place + 2 }
            place += 1
        }
        return nil
    }

    /// Where a plain value ends: before a comment or the blanks at the end of the line.
    func plainEnd(from start: Int, end: Int) -> Int {
        var place = start
        while place < end {
            if bytes[place] == UInt8(ascii: "#"), place > start, bytes[place - 1] == 0x20 || bytes[place - 1] == 0x09 {
                break
            }
            place += 1
        }
        while place > start, bytes[place - 1] == 0x20 || bytes[place - 1] == 0x09 { place -= 1 }
        return place
    }

    /// Where a quoted value ends, after its closing quote; nil when there is none.
    func quotedEnd(from start: Int, end: Int) -> Int? {
        let quote = bytes[start]
        var place = start + 1
        while place < end {
            if quote == UInt8(ascii: "\""), bytes[place] == UInt8(ascii: "\\") {
                place += 2
                continue
            }
            if bytes[place] == quote {
                guard quote == UInt8(ascii: "'"), place + 1 < end, bytes[place + 1] == quote else { return place + 1 }
                place += 1
            }
            place += 1
        }
        return nil
    }

    /// A quoted text with its quotes taken away, whether or not the last is there.
    func piece(_ range: Range<Int>) -> Outline.Piece {
        let quote = bytes[range.lowerBound]
        var inner = (range.lowerBound + 1)..<range.upperBound
        if inner.count > 0, bytes[inner.upperBound - 1] == quote { inner = inner.lowerBound..<(inner.upperBound - 1) }
        let text = String(decoding: bytes[inner], as: UTF8.self)
        let isSingle = quote == UInt8(ascii: "'")
        return Outline.Piece(
            text: isSingle
                ? text.split(separator: "''", omittingEmptySubsequences: false).joined(separator: "'") : text,
            range: range,
            style: .quoted
        )
    }
}
