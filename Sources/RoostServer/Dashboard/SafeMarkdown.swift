/// Renders a safe part of Markdown: headings, paragraphs, lists, quotes, tables, code, emphasis and links to the web.
///
/// Everything else stays text. No tag and no attribute of the source reaches the page: each character goes through ``escape(_:)``, and only the addresses of
/// links are looked at, of which `http`, `https` and `mailto` are kept.
struct SafeMarkdown {
    private var html = ""
    private var paragraph: [String] = []
    /// Lists that are open: how deep they are indented and whether they are numbered.
    private var lists: [(indent: Int, isNumbered: Bool)] = []

    /// - Parameter text: the source; at most a megabyte of it is read.
    /// - Returns: a fragment of HTML.
    static func html(_ text: String) -> String {
        var page = SafeMarkdown()
        let bounded = text.utf8.count > 1 << 20 ? String(decoding: text.utf8.prefix(1 << 20), as: UTF8.self) : text
        page.render(bounded.split(omittingEmptySubsequences: false) { $0.isNewline }.map(String.init))
        return page.html
    }

    private mutating func render(_ lines: [String]) {
        var index = 0
        while index < lines.count {
            let line = lines[index]
            let bare = line.trimmed
            if let fence = Self.fence(bare) {
                index = code(lines, after: index, fence)
            } else if bare.hasPrefix("|"), index + 1 < lines.count, Self.isRule(ofTable: lines[index + 1].trimmed) {
                index = table(lines, from: index)
            } else if bare.hasPrefix(">") {
                index = quote(lines, from: index)
            } else {
                self.line(line, bare)
                index += 1
            }
        }
        closeAll()
    }

    private mutating func line(_ line: String, _ bare: String) {
        if bare.isEmpty { return closeAll() }
        let marks = bare.prefix { $0 == "#" }.count
        if (1...6).contains(marks), bare.dropFirst(marks).first == " " {
            closeAll()
            // The page has a heading of its own above.
            let level = min(marks + 2, 6)
            let title = bare.dropFirst(marks).drop { $0 == " " }
            html += "<h\(level)>\(Self.inline(String(title)))</h\(level)>\n"
        } else if bare.count >= 3, Set(bare.filter { $0 != " " }).count == 1, "-*_".contains(bare[bare.startIndex]),
            !bare.hasPrefix("- ")
        {
            closeAll()
            html += "<hr>\n"
        } else if let (text, isNumbered) = Self.item(bare) {
            item(text, indent: line.prefix { $0 == " " || $0 == "\t" }.count, isNumbered)
        } else {
            paragraph.append(bare)
        }
    }

    private mutating func closeParagraph() {
        guard !paragraph.isEmpty else { return }
        let text = paragraph.map { Self.inline($0) }.joined(separator: "\n")
        html += lists.isEmpty ? "<p>\(text)</p>\n" : " \(text)"
        paragraph = []
    }

    private mutating func closeAll() {
        closeParagraph()
        while let list = lists.popLast() { html += list.isNumbered ? "</li></ol>\n" : "</li></ul>\n" }
    }

    // MARK: Blocks

    private static func fence(_ line: String) -> Character? {
        line.hasPrefix("```") ? "`" : line.hasPrefix("~~~") ? "~" : nil
    }

    private mutating func code(_ lines: [String], after start: Int, _ fence: Character) -> Int {
        closeAll()
        let end = String(repeating: fence, count: 3)
        let close = lines[(start + 1)...].firstIndex { $0.trimmed.hasPrefix(end) } ?? lines.count
        html += "<pre><code>\(Self.escape(lines[(start + 1)..<close].joined(separator: "\n")))</code></pre>\n"
        return close + 1
    }

    private mutating func quote(_ lines: [String], from start: Int) -> Int {
        closeAll()
        let end = lines[start...].firstIndex { !$0.trimmed.hasPrefix(">") } ?? lines.count
        let text = lines[start..<end].map { Self.inline(String($0.trimmed.dropFirst()).trimmed) }
        html += "<blockquote>\(text.joined(separator: "<br>\n"))</blockquote>\n"
        return end
    }

    private static func item(_ line: String) -> (text: String, isNumbered: Bool)? {
        if let first = line.first, "-*+".contains(first), line.dropFirst().first == " " {
            return (String(line.dropFirst(2)), false)
        }
        let digits = line.prefix { $0.isASCII && $0.isNumber }
        let rest = line.dropFirst(digits.count)
        guard (1...9).contains(digits.count), rest.hasPrefix(". ") || rest.hasPrefix(") ") else { return nil }
        return (String(rest.dropFirst(2)), true)
    }

    private mutating func item(_ text: String, indent: Int, _ isNumbered: Bool) {
        closeParagraph()
        while let last = lists.last, last.indent > indent {
            html += last.isNumbered ? "</li></ol>\n" : "</li></ul>\n"
            lists.removeLast()
        }
        if let last = lists.last, last.indent >= indent {
            html += "</li>\n"
        } else if lists.count < 8 {
            html += isNumbered ? "<ol>" : "<ul>"
            lists.append((indent, isNumbered))
        }
        let box = text.hasPrefix("[ ] ") ? "☐ " : text.lowercased().hasPrefix("[x] ") ? "☑ " : ""
        html += "<li>\(box)\(Self.inline(box.isEmpty ? text : String(text.dropFirst(4))))"
    }

    private static func isRule(ofTable line: String) -> Bool {
        line.contains("-") && line.contains("|") && line.allSatisfy { "|-: ".contains($0) }
    }

    private static func cells(_ line: String) -> [String] {
        var text = line.trimmed[...]
        if text.hasPrefix("|") { text = text.dropFirst() }
        if text.hasSuffix("|") { text = text.dropLast() }
        return text.split(separator: "|", omittingEmptySubsequences: false).map { inline(String($0).trimmed) }
    }

    private mutating func table(_ lines: [String], from start: Int) -> Int {
        closeAll()
        let head = Self.cells(lines[start])
        html += "<div class=\"scroll\"><table><thead><tr>\(head.map { "<th>\($0)</th>" }.joined())</tr></thead><tbody>"
        var index = start + 2
        while index < lines.count, lines[index].trimmed.hasPrefix("|") {
            let row = Self.cells(lines[index]).prefix(head.count)
            html += "<tr>\(row.map { "<td>\($0)</td>" }.joined())</tr>"
            index += 1
        }
        html += "</tbody></table></div>\n"
        return index
    }

    static func escape(_ text: String) -> String {
        var result = ""
        for character in text.unicodeScalars {
            switch character {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            default: result.unicodeScalars.append(character)
            }
        }
        return result
    }

    private static func inline(_ text: String) -> String { MarkdownLine(text).html }
}

extension String {
    /// Without white space at both ends.
    fileprivate var trimmed: String {
        guard let first = firstIndex(where: { !$0.isWhitespace }), let last = lastIndex(where: { !$0.isWhitespace })
        else { return "" }
        return String(self[first...last])
    }
}
