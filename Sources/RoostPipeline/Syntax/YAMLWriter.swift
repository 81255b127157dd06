/// Writes a tree as YAML: block style, keys in their order, texts in the simplest form that reads back the same.
struct YAMLWriter {
    /// Where what begins at a byte of the text came from.
    struct Origin {
        let offset: Int
        let place: SyntaxPlace
        /// Lines below the one the place begins in.
        let lines: Int
    }

    private var text = ""
    private var origins: [Origin] = []
    /// Keys that are left out wherever they occur.
    private let hidden: Set<String>

    private init(hidden: Set<String>) {
        self.hidden = hidden
    }

    /// The text of a tree, which ends with a line feed.
    static func write(_ node: SyntaxNode, hiding hidden: Set<String> = []) -> String {
        writeWithOrigins(node, hiding: hidden).text
    }

    /// The text of a tree, and where its parts came from, in the order of the text.
    static func writeWithOrigins(
        _ node: SyntaxNode,
        hiding hidden: Set<String> = []
    ) -> (text: String, origins: [Origin]) {
        var writer = YAMLWriter(hidden: hidden)
        switch node {
        case .mapping(let mapping) where writer.visible(mapping).isEmpty: writer.text = "{}\n"
        case .mapping(let mapping): writer.mapping(mapping, indentation: 0, isInItem: false)
        case .sequence(let sequence) where sequence.items.isEmpty: writer.text = "[]\n"
        case .sequence(let sequence): writer.sequence(sequence, indentation: 0)
        case .scalar(let scalar):
            writer.scalar(scalar, indentation: 0)
            writer.text += "\n"
        case .unknown: break
        }
        return (writer.text, writer.origins)
    }

    private mutating func note(_ place: SyntaxPlace, lines: Int = 0) {
        origins.append(Origin(offset: text.utf8.count, place: place, lines: lines))
    }

    private func visible(_ mapping: SyntaxMapping) -> [SyntaxPair] {
        hidden.isEmpty ? mapping.pairs : mapping.pairs.filter { !hidden.contains($0.key.text) }
    }

    // MARK: Collections

    /// Writes pairs; the first pair of an item stands behind its dash.
    private mutating func mapping(_ mapping: SyntaxMapping, indentation: Int, isInItem: Bool) {
        for (place, pair) in visible(mapping).enumerated() {
            if place > 0 || !isInItem { indent(indentation) }
            note(pair.key.place)
            text += Self.oneLine(pair.key.text, isTyped: false)
            text += ":"
            value(pair.value, indentation: indentation)
        }
    }

    private mutating func sequence(_ sequence: SyntaxSequence, indentation: Int) {
        for item in sequence.items {
            indent(indentation)
            if item.mapping == nil { note(item.place) }
            text += "-"
            switch item {
            case .mapping(let mapping) where !visible(mapping).isEmpty:
                text += " "
                self.mapping(mapping, indentation: indentation + 2, isInItem: true)
            case .sequence(let inner) where !inner.items.isEmpty:
                text += "\n"
                self.sequence(inner, indentation: indentation + 2)
            default: value(item, indentation: indentation)
            }
        }
    }

    /// Writes what stands behind a colon or a dash, up to the end of the line.
    private mutating func value(_ node: SyntaxNode, indentation: Int) {
        switch node {
        case .scalar(let scalar):
            if !scalar.isNull {
                text += " "
                self.scalar(scalar, indentation: indentation)
            }
            text += "\n"
        case .mapping(let mapping):
            guard !visible(mapping).isEmpty else { return text += " {}\n" }
            text += "\n"
            self.mapping(mapping, indentation: indentation + 2, isInItem: false)
        case .sequence(let sequence):
            guard !sequence.items.isEmpty else { return text += " []\n" }
            text += "\n"
            self.sequence(sequence, indentation: indentation)
        case .unknown: text += "\n"
        }
    }

    private mutating func indent(_ count: Int) { text += String(repeating: " ", count: count) }

    // MARK: Texts

    private mutating func scalar(_ scalar: SyntaxScalar, indentation: Int) {
        let isTyped = scalar.style == .plain
        guard scalar.text.utf8.contains(0x0A), Self.isPrintable(scalar.text) else {
            return text += Self.oneLine(scalar.text, isTyped: isTyped)
        }
        block(scalar, indentation: indentation + 2)
    }

    /// `|`, with an indentation when the first line begins with a blank, and a sign for the line feeds at the end.
    private mutating func block(_ scalar: SyntaxScalar, indentation: Int) {
        let value = scalar.text
        let isLiteral = scalar.style == .literal
        let lines = value.split(separator: "\n", omittingEmptySubsequences: false)
        let content = lines.dropLast(lines.last?.isEmpty == true ? 1 : 0)
        text += "|"
        if lines.first(where: { !$0.isEmpty })?.first == " " || lines.first?.isEmpty == true { text += "2" }
        if lines.last?.isEmpty == false {
            text += "-"
        } else if content.last?.isEmpty != false {
            text += "+"
        }
        for (place, line) in content.enumerated() {
            text += "\n"
            // Of a literal block every line stands in a line of its own; of other texts nobody knows.
            note(scalar.place, lines: isLiteral ? place + 1 : 0)
            if !line.isEmpty {
                indent(indentation)
                text += line
            }
        }
    }

    /// Whether a block can hold it: no control characters, no line feed of another kind.
    private static func isPrintable(_ text: String) -> Bool {
        text.unicodeScalars.allSatisfy {
            $0 == "\n" || $0 == "\t"
                || ($0.value >= 0x20 && !(0x7F...0x9F).contains($0.value) && !isLineBreak($0) && $0.value != 0xFEFF)
        }
    }

    private static func isLineBreak(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value == 0x85 || scalar.value == 0x2028 || scalar.value == 0x2029
    }

    /// The text on one line: plain if it can be, else in single quotes, else in double quotes with escapes.
    static func oneLine(_ text: String, isTyped: Bool) -> String {
        guard text.unicodeScalars.allSatisfy({ $0 != "\n" && $0 != "\t" }), isPrintable(text) else {
            return escaped(text)
        }
        if isTyped, isTypedWord(text) { return text }
        return isPlain(text)
            ? text : "'\(text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''"))'"
    }

    private static func isTypedWord(_ text: String) -> Bool {
        CoreSchema.isNull(text) || CoreSchema.bool(text) != nil || CoreSchema.number(text) != nil
            || CoreSchema.fieldBool(text) != nil
    }

    /// Whether a text can stand without quotes and is still a text when it is read.
    private static func isPlain(_ text: String) -> Bool {
        guard let first = text.utf8.first, text.utf8.last != 0x20, !isTypedWord(text) else { return false }
        let second = text.utf8.dropFirst().first
        if "-?:".utf8.contains(first) {
            guard let second, second != 0x20 else { return false }
        } else if " ,[]{}#&*!|>'\"%@`=<".utf8.contains(first) {
            return false
        }
        if text.hasPrefix("---") || text.hasPrefix("...") || text.hasSuffix(":") { return false }
        return !text.contains(": ") && !text.contains(" #")
    }

    private static func escaped(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case _
            where scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) || isLineBreak(scalar)
                || scalar.value == 0xFEFF:
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
