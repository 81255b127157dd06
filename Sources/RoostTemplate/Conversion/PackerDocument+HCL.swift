extension PackerDocument {
    /// As HCL2, in its canonical layout.
    var hcl: String {
        let parts = variables.map(Self.declaration) + [source, build]
        return String(decoding: HCLFormatter.format(Array(parts.joined(separator: "\n").utf8)), as: UTF8.self)
    }

    private static func declaration(_ variable: Variable) -> String {
        var lines = ["variable \"\(variable.name)\" {", "  type = string"]
        if let description = variable.description { lines.append("  description = \(quoted(description))") }
        if variable.isSensitive { lines.append("  sensitive = true") }
        return (lines + ["}", ""]).joined(separator: "\n")
    }

    private var source: String {
        let notes = comments.map { "# \($0.filter { !$0.isNewline })\n" }.joined()
        return "\(notes)source \"\(sourceType)\" \"\(sourceName)\" {\n\(Self.body(options))}\n"
    }

    private var build: String {
        var text = "build {\n"
        if let name { text += "name = \(Self.quoted(name))\n" }
        text += "sources = [\"source.\(sourceType).\(sourceName)\"]\n"
        for step in steps { text += "\nprovisioner \"\(step.type)\" {\n\(Self.body(step.options))}\n" }
        return text + "}\n"
    }

    private static func body(_ options: [(String, Value)]) -> String {
        options.map { name, value in
            if case .block(let inner) = value { return "\n\(name) {\n\(body(inner))}\n" }
            return "\(name) = \(expression(value))\n"
        }.joined()
    }

    private static func expression(_ value: Value) -> String {
        switch value {
        case .text(let text, let variables): return template(text, variables)
        case .template(let text): return quoted(text)
        case .build(let name): return "build.\(name)"
        case .number(let number): return HCLValue.number(number).json
        case .truth(let truth): return truth ? "true" : "false"
        case .list(let elements):
            let texts = elements.map(expression)
            guard texts.count > 1 || (texts.first?.count ?? 0) > 60 else { return "[\(texts.joined())]" }
            return "[\n" + texts.map { "\($0),\n" }.joined() + "]"
        case .map(let entries), .block(let entries):
            return "{\n" + entries.map { "\(quoted($0)) = \(expression($1))\n" }.joined() + "}"
        }
    }

    /// A text with variables in the place of their names.
    private static func template(_ text: String, _ variables: Set<String>) -> String {
        let pieces = pieces(text, variables)
        if pieces.count == 1, pieces[0].isVariable { return "var.\(pieces[0].text)" }
        var result = ""
        for (part, isVariable) in pieces {
            result += isVariable ? "${var.\(part)}" : escaped(withoutTemplates(part))
        }
        return "\"\(result)\""
    }

    static func quoted(_ text: String) -> String { "\"\(escaped(text))\"" }

    private static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case _ where scalar.value < 0x20 || scalar.value == 0x7F:
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result.replacing("${", with: "$${").replacing("%{", with: "%%{")
    }
}

extension PackerDocument {
    /// Every text is a template of Go, too: braces that are none are quoted.
    static func withoutTemplates(_ text: String) -> String { text.replacing("{{", with: "{{`{{`}}") }

    /// The parts of a text: names of variables, and what is between them.
    static func pieces(_ text: String, _ variables: Set<String>) -> [(text: String, isVariable: Bool)] {
        let bytes = Array(text.utf8)
        var (pieces, place): ([(String, Bool)], Int) = ([], 0)
        for match in PlaceholderScanner.matches(in: text, allowsBlanks: true) where variables.contains(match.name) {
            pieces.append((String(decoding: bytes[place..<match.bytes.lowerBound], as: UTF8.self), false))
            pieces.append((variableName(match.name), true))
            place = match.bytes.upperBound
        }
        pieces.append((String(decoding: bytes[place...], as: UTF8.self), false))
        return pieces.filter { !$0.0.isEmpty }
    }

    /// A name that both languages of Packer take.
    static func variableName(_ placeholder: String) -> String {
        String(placeholder.map { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "-" ? $0 : "_" })
    }
}
