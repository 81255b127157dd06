/// Writes values as YAML in block form; all texts and keys stand in quotes, so that nothing is taken for something else.
enum YAMLWriter {
    static func text(of value: HCLValue) -> String {
        var lines: [String] = []
        write(value, indent: 0, first: "", &lines)
        // A bare word that is the whole document is followed by its end.
        let isBareWord = value.isNull || value.type == .number || value.type == .bool
        return lines.joined(separator: "\n") + (isBareWord ? "\n...\n" : "\n")
    }

    private static func write(_ value: HCLValue, indent: Int, first: String, _ lines: inout [String]) {
        let blanks = String(repeating: " ", count: indent)
        switch value.content {
        case .elements(let elements) where !elements.isEmpty:
            for (place, element) in elements.enumerated() {
                write(element, indent: indent + 2, first: (place == 0 ? first : blanks) + "- ", &lines)
            }
        case .attributes(let attributes) where !attributes.isEmpty:
            for (place, entry) in attributes.sorted(by: { $0.key < $1.key }).enumerated() {
                let lead = (place == 0 ? first : blanks) + jsonText(entry.key) + ":"
                guard isNested(entry.value) else {
                    write(entry.value, indent: indent, first: lead + " ", &lines)
                    continue
                }
                lines.append(lead)
                // A list below a key is not indented.
                let inner = entry.value.elements == nil ? indent + 2 : indent
                write(entry.value, indent: inner, first: String(repeating: " ", count: inner), &lines)
            }
        default: lines.append(first + scalar(value, indent))
        }
    }

    private static func isNested(_ value: HCLValue) -> Bool {
        value.elements?.isEmpty == false || value.attributes?.isEmpty == false
    }

    private static func scalar(_ value: HCLValue, _ indent: Int) -> String {
        switch value.content {
        case .string(let text): return text.contains("\n") ? block(text, indent) : jsonText(text)
        case .elements: return "[]"
        case .attributes: return "{}"
        default: return value.json
        }
    }

    /// Text of several lines as a literal block.
    private static func block(_ text: String, _ indent: Int) -> String {
        let blanks = String(repeating: " ", count: max(indent, 0) + 2)
        guard !text.hasPrefix(" "), !text.hasPrefix("\n"), !text.contains("\r"), !text.contains("\t") else {
            return jsonText(text)
        }
        let mark = text.hasSuffix("\n\n") ? "|+" : text.hasSuffix("\n") ? "|" : "|-"
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        if text.hasSuffix("\n") { lines.removeLast() }
        return mark + "\n" + lines.map { $0.isEmpty ? "" : blanks + $0 }.joined(separator: "\n")
    }
}
