/// Finds the expression or the macro that a place of a file is inside of.
struct ExpressionScan {
    /// What an expression may use depends on when it is evaluated.
    enum Kind: Hashable, Sendable {
        /// `${{ }}`
        case compileTime
        /// `$[ ]`
        case runTime
        /// The value of `condition`.
        case condition
    }

    enum Place: Hashable, Sendable {
        /// The bytes inside the braces; the end is that of the text when they do not close.
        case expression(Kind, Range<Int>)
        /// The bytes of the name in `$(name)`.
        case macro(Range<Int>)
    }

    let bytes: [UInt8]
    /// The scalar that the place is in.
    let scalar: Range<Int>
    /// The key whose value the scalar is.
    let key: String?

    private static let reach = 4000

    /// What a place is inside of; a place at either end counts.
    func place(at offset: Int) -> Place? {
        if let open = lastOpen(before: offset) {
            let start = open + 3
            let end = close(from: start)
            if offset <= (end ?? scalar.upperBound) {
                return .expression(.compileTime, start..<(end ?? scalar.upperBound))
            }
        }
        if let macro = macro(around: offset) { return .macro(macro) }
        let content = content
        if key == "condition" { return .expression(.condition, content) }
        if content.count >= 2, bytes[content.lowerBound] == UInt8(ascii: "$"),
            bytes[content.lowerBound + 1] == UInt8(ascii: "["), offset >= content.lowerBound + 2
        {
            let closes = bytes[content.upperBound - 1] == UInt8(ascii: "]") && content.count > 2
            let end = content.upperBound - (closes ? 1 : 0)
            if offset <= end { return .expression(.runTime, (content.lowerBound + 2)..<end) }
        }
        return nil
    }

    /// The scalar without quotes and without the head of a block.
    private var content: Range<Int> {
        guard let first = scalar.isEmpty ? nil : bytes[scalar.lowerBound] else { return scalar }
        if first == UInt8(ascii: "'") || first == UInt8(ascii: "\"") {
            let closes = scalar.count > 1 && bytes[scalar.upperBound - 1] == first
            return (scalar.lowerBound + 1)..<(scalar.upperBound - (closes ? 1 : 0))
        }
        if first == UInt8(ascii: "|") || first == UInt8(ascii: ">") {
            let line = bytes[scalar].firstIndex { $0 == 0x0A || $0 == 0x0D } ?? scalar.upperBound
            return line..<scalar.upperBound
        }
        return scalar
    }

    /// The last `${{` that is not closed before a place.
    private func lastOpen(before offset: Int) -> Int? {
        var place = min(offset, scalar.upperBound) - 3
        let first = max(scalar.lowerBound, offset - Self.reach)
        while place >= first {
            if bytes[place] == UInt8(ascii: "$"), bytes[place + 1] == UInt8(ascii: "{"),
                bytes[place + 2] == UInt8(ascii: "{")
            {
                return place
            }
            place -= 1
        }
        return nil
    }

    private func close(from start: Int) -> Int? {
        var isText = false
        var place = start
        let last = min(scalar.upperBound, start + Self.reach)
        while place + 1 < last {
            if bytes[place] == UInt8(ascii: "'") { isText.toggle() }
            if !isText, bytes[place] == UInt8(ascii: "}"), bytes[place + 1] == UInt8(ascii: "}") { return place }
            place += 1
        }
        return nil
    }

    /// The name in the `$(` before a place.
    private func macro(around offset: Int) -> Range<Int>? {
        var start = min(offset, scalar.upperBound)
        while start > scalar.lowerBound, Self.isName(bytes[start - 1]) { start -= 1 }
        guard start - 2 >= scalar.lowerBound, bytes[start - 1] == UInt8(ascii: "("),
            bytes[start - 2] == UInt8(ascii: "$")
        else { return nil }
        var end = min(offset, scalar.upperBound)
        while end < scalar.upperBound, Self.isName(bytes[end]) { end += 1 }
        return start..<end
    }

    private static func isName(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: byte == UInt8(ascii: ".") || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
        }
    }
}
