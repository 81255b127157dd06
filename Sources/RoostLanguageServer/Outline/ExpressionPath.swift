/// What an expression says just before and at a place: `parameters.na|me` is the path `parameters` and the word `name`.
struct ExpressionPath: Hashable {
    enum Form: Hashable {
        /// A word of its own: a function, a context, a loop's variable.
        case start
        /// After a dot.
        case member
        /// In the quotes of `['…']`.
        case index
        /// In a text that is no index.
        case text
    }

    /// Names before the word, such as `dependencies` and `Build`; an index that is no text is `*`.
    let base: [String]
    let form: Form
    /// The word at the place, as bytes of the expression.
    let word: Range<Int>
    /// Whether the word is called.
    let isCall: Bool

    /// Reads the bytes of an expression around an offset in it.
    init(_ expression: [UInt8], at offset: Int) {
        let offset = min(max(offset, 0), expression.count)
        let quotes = expression[..<offset].indices.filter { expression[$0] == UInt8(ascii: "'") }
        if quotes.count % 2 == 1, let open = quotes.last {
            let end = expression[offset...].firstIndex(of: UInt8(ascii: "'")) ?? expression.count
            word = (open + 1)..<end
            let isIndex = open > 0 && expression[open - 1] == UInt8(ascii: "[")
            form = isIndex ? .index : .text
            base = isIndex ? Self.path(endingAt: open - 1, expression) : []
            isCall = false
            return
        }
        var start = offset
        while start > 0, Self.isWord(expression[start - 1]) { start -= 1 }
        var end = offset
        while end < expression.count, Self.isWord(expression[end]) { end += 1 }
        word = start..<end
        let isMember = start > 0 && expression[start - 1] == UInt8(ascii: ".")
        form = isMember ? .member : .start
        base = isMember ? Self.path(endingAt: start - 1, expression) : []
        var next = end
        while next < expression.count, expression[next] == 0x20 { next += 1 }
        isCall = next < expression.count && expression[next] == UInt8(ascii: "(")
    }

    /// The names of the operand that ends before an offset.
    private static func path(endingAt end: Int, _ expression: [UInt8]) -> [String] {
        var names: [String] = []
        var place = end
        while place > 0 {
            if expression[place - 1] == UInt8(ascii: "]") {
                guard let open = expression[..<(place - 1)].lastIndex(of: UInt8(ascii: "[")) else { return [] }
                let inner = expression[(open + 1)..<(place - 1)]
                let isText = inner.count >= 2 && inner.first == UInt8(ascii: "'") && inner.last == UInt8(ascii: "'")
                names.append(isText ? String(decoding: inner.dropFirst().dropLast(), as: UTF8.self) : "*")
                place = open
                continue
            }
            var start = place
            while start > 0, isWord(expression[start - 1]) { start -= 1 }
            guard start < place else { return [] }
            names.append(String(decoding: expression[start..<place], as: UTF8.self))
            guard start > 0, expression[start - 1] == UInt8(ascii: ".") else { break }
            place = start - 1
        }
        return names.reversed()
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: byte == UInt8(ascii: "_")
        }
    }
}
