/// A line in up to three cells: what comes first, an assignment from its equals sign on, and a comment at the end.
struct HCLLayoutLine {
    var lead: [HCLLayoutToken] = []
    var assignment: [HCLLayoutToken] = []
    var comment: [HCLLayoutToken] = []
    /// Places of `in` of comprehensions among the tokens.
    private var keywords: Set<Int> = []

    /// The lines of a text, and the blanks between the last of them and the end.
    static func lines(of bytes: [UInt8]) -> (lines: [HCLLayoutLine], blanks: Int) {
        var lines: [HCLLayoutLine] = []
        var current: [HCLLayoutToken] = []
        var end = 0
        for token in HCLScanner.scan(bytes) {
            let laid = layoutToken(token, after: end, bytes)
            end = token.bytes.upperBound
            current.append(laid)
            if laid.endsLine {
                lines.append(HCLLayoutLine(current, bytes))
                current = []
            }
        }
        let blanks = current.popLast()?.blanks ?? 0
        return (current.isEmpty ? lines : lines + [HCLLayoutLine(current, bytes)], blanks)
    }

    private static func layoutToken(_ token: HCLToken, after end: Int, _ bytes: [UInt8]) -> HCLLayoutToken {
        let isComment = token.kind == .comment && bytes[token.bytes.upperBound - 1] == 0x0A
        return HCLLayoutToken(
            token: token,
            width: String(decoding: bytes[token.bytes], as: UTF8.self).count,
            endsLine: token.kind == .newline || isComment,
            blanks: token.bytes.lowerBound - end
        )
    }

    private init(_ tokens: [HCLLayoutToken], _ bytes: [UInt8]) {
        lead = tokens
        if lead.count > 1, let last = lead.last, last.kind == .comment { comment = [lead.removeLast()] }
        let equals = lead.indices.dropFirst().first { lead[$0].kind == .equal }
        // Only a whole expression stands in a column; one that goes on in the next lines does not.
        if let equals, lead[equals...].reduce(0, { $0 + $1.nesting }) == 0 {
            assignment = Array(lead[equals...])
            lead.removeSubrange(equals...)
        }
        keywords = Set(
            (lead + assignment).filter { token in
                token.kind == .identifier && bytes[token.token.bytes].elementsEqual("in".utf8)
            }.map(\.token.bytes.lowerBound)
        )
    }

    /// Brackets that are left open, or closed; what stands in a heredoc does not count.
    var nesting: Int {
        var sum = 0
        for token in lead {
            sum += token.nesting
            if token.kind == .openHeredoc { break }
        }
        return assignment.reduce(sum) { $0 + $1.nesting }
    }

    /// Sets the blanks between words.
    mutating func space() {
        space(&lead)
        if !assignment.isEmpty { assignment[0].blanks = 1 }
        space(&assignment)
    }

    private func space(_ tokens: inout [HCLLayoutToken]) {
        for place in tokens.indices.dropFirst() {
            let token = tokens[place - 1]
            let isIn = keywords.contains(token.token.bytes.lowerBound)
            let before = place > 1 ? tokens[place - 2] : nil
            tokens[place].blanks = token.isSeparated(from: tokens[place], after: before, isIn: isIn) ? 1 : 0
        }
    }

    func bytes(of text: [UInt8]) -> [UInt8] {
        (lead + assignment + comment).reduce(into: []) { result, token in
            result += [UInt8](repeating: 0x20, count: token.blanks)
            result += text[token.token.bytes]
        }
    }
}
