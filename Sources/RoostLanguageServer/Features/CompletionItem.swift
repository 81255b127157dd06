/// Something that may be written at a place.
struct CompletionItem: Hashable, Sendable {
    /// As the protocol numbers them.
    enum Kind: Int, Hashable, Sendable {
        case function = 3
        case variable = 6
        case module = 9
        case property = 10
        case value = 12
        case keyword = 14
        case file = 17
        case reference = 18
        case enumMember = 20
        case constant = 21
        case structure = 22
    }

    var label: String
    var kind: Kind
    var detail: String?
    var documentation: String?
    /// What takes the place of ``range``.
    var newText: String
    var isSnippet = false
    /// Bytes of the document.
    var range: Range<Int>
    /// Items are offered in this order.
    var rank = 5
    var filterText: String?
    var isDeprecated = false

    /// As the protocol has it; the number is its place among the others.
    func json(_ number: Int, _ lines: TextLines, _ snapshot: EditorSnapshot) -> JSONValue {
        let client = snapshot.client
        let order = "\(rank)" + String(String(10000 + number).dropFirst())
        var object: [String: JSONValue] = [
            "label": .string(label), "kind": .number(Double(kind.rawValue)), "sortText": .string(order),
            "textEdit": ["range": lines.range(range, snapshot.encoding).json, "newText": .string(newText)],
        ]
        if let detail { object["detail"] = .string(detail) }
        if let documentation {
            object["documentation"] = [
                "kind": .string(client.hasMarkdown ? "markdown" : "plaintext"), "value": .string(documentation),
            ]
        }
        if isSnippet { object["insertTextFormat"] = 2 }
        if newText.contains("\n"), client.hasInsertTextMode { object["insertTextMode"] = 2 }
        if let filterText { object["filterText"] = .string(filterText) }
        if isDeprecated, client.hasDeprecatedTag { object["tags"] = [1] }
        return .object(object)
    }

    /// A text as part of a snippet.
    static func escaped(_ text: String) -> String {
        var result = ""
        for character in text {
            if character == "$" || character == "}" || character == "\\" { result += "\\" }
            result.append(character)
        }
        return result
    }
}
