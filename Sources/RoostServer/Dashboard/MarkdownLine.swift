/// Code, emphasis and links of one line of Markdown.
///
/// The time it takes grows with the length of the line and no faster, whatever is in it: a mark whose end was looked for in vain is not looked for again.
struct MarkdownLine {
    /// HTML that is safe to show.
    private(set) var html = ""
    private let text: [Character]
    private let depth: Int
    /// Ends of which there are no more in the line.
    private var missing: Set<[Character]> = []
    /// The nearest `]`; good for every place before it.
    private var close: Int?

    init(_ text: String) { self.init(Array(text), depth: 0) }

    private init(_ text: [Character], depth: Int) {
        self.text = text
        self.depth = depth
        var place = 0
        while place < text.count { place = read(at: place) }
    }

    private func inner(_ range: Range<Int>) -> String {
        depth < 8 ? MarkdownLine(Array(text[range]), depth: depth + 1).html : escaped(range)
    }

    private func escaped(_ range: Range<Int>) -> String { SafeMarkdown.escape(String(text[range])) }

    /// - Returns: the place behind what was read.
    private mutating func read(at place: Int) -> Int {
        let next = place + 1 < text.count ? text[place + 1] : nil
        switch text[place] {
        case "`":
            if let end = end(of: ["`"], from: place + 1) {
                html += "<code>\(escaped(place + 1..<end))</code>"
                return end + 1
            }
        case "*", "_":
            if let after = emphasis(at: place, text[place]) { return after }
        case "[":
            if let after = link(at: place) { return after }
        // A picture would be fetched from somewhere else: its name is shown.
        case "!" where next == "[":
            if let after = link(at: place + 1) { return after }
        case "\\":
            if let next, "\\`*_[]()#|!-".contains(next) {
                html += SafeMarkdown.escape(String(next))
                return place + 2
            }
        default: break
        }
        html += escaped(place..<place + 1)
        return place + 1
    }

    private mutating func emphasis(at place: Int, _ mark: Character) -> Int? {
        if place + 1 < text.count, text[place + 1] == mark, let end = end(of: [mark, mark], from: place + 2) {
            html += "<strong>\(inner(place + 2..<end))</strong>"
            return end + 2
        }
        guard let end = end(of: [mark], from: place + 1), text[place + 1] != " ", text[end - 1] != " " else {
            return nil
        }
        // An underscore within a name is none of Markdown's.
        if mark == "_", isWithinName(place - 1) || isWithinName(end + 1) { return nil }
        html += "<em>\(inner(place + 1..<end))</em>"
        return end + 1
    }

    private func isWithinName(_ index: Int) -> Bool {
        text.indices.contains(index) && (text[index].isLetter || text[index].isNumber)
    }

    /// The place of the next such mark, with something before it.
    private mutating func end(of mark: [Character], from start: Int) -> Int? {
        guard !missing.contains(mark) else { return nil }
        var place = start + 1
        while place + mark.count <= text.count {
            if text[place] == mark[0], mark.count == 1 || text[place + 1] == mark[1] { return place }
            place += 1
        }
        missing.insert(mark)
        return nil
    }

    private mutating func link(at place: Int) -> Int? {
        if close.map({ $0 <= place }) ?? true { close = text[place...].firstIndex(of: "]") ?? text.count }
        guard let close, close + 1 < text.count, text[close + 1] == "(" else { return nil }
        guard let end = endOfAddress(from: close + 2) else { return nil }
        let address = text[close + 2..<end].drop { $0.isWhitespace }.prefix { !$0.isWhitespace }
        let name = inner(place + 1..<close)
        let isSafe = ["http://", "https://", "mailto:"].contains { String(address).lowercased().hasPrefix($0) }
        let url = SafeMarkdown.escape(String(address))
        html += isSafe ? "<a href=\"\(url)\" rel=\"noopener noreferrer nofollow\">\(name)</a>" : name
        return end + 1
    }

    /// Addresses are short; brackets within them come in pairs.
    private func endOfAddress(from start: Int) -> Int? {
        var open = 0
        for place in start..<min(text.count, start + 2048) {
            if text[place] == "(" { open += 1 }
            guard text[place] == ")" else { continue }
            if open == 0 { return place }
            open -= 1
        }
        return nil
    }
}
