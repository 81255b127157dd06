/// `convertToJson`, a function of `${{ }}` only.
let convertToJSON = ExpressionFunction("convertToJson", arity: 1...1) { call throws(EvaluationError) in
    try call.limited(call.value(0).jsonText)
}

extension Value {
    /// The value as JSON over several lines, indented by two spaces; versions and moments are texts.
    public var jsonText: String {
        var text = ""
        writeJSON(to: &text, indentation: "")
        return text
    }

    private func writeJSON(to text: inout String, indentation: String) {
        switch self {
        case .null: text += "null"
        case .bool(let value): text += value ? "true" : "false"
        case .number(let value): text += formatNumber(value)
        case .string, .version, .dateTime: Self.writeJSON(self.text ?? "", to: &text)
        case .array(let elements):
            guard !elements.isEmpty else { return text += "[]" }
            let inner = indentation + "  "
            text += "["
            for (place, element) in elements.enumerated() {
                text += place == 0 ? "\n\(inner)" : ",\n\(inner)"
                element.writeJSON(to: &text, indentation: inner)
            }
            text += "\n\(indentation)]"
        case .object(let object):
            guard !object.isEmpty else { return text += "{}" }
            let inner = indentation + "  "
            text += "{"
            for (place, pair) in object.enumerated() {
                text += place == 0 ? "\n\(inner)" : ",\n\(inner)"
                Self.writeJSON(pair.0, to: &text)
                text += ": "
                pair.1.writeJSON(to: &text, indentation: inner)
            }
            text += "\n\(indentation)}"
        }
    }

    private static func writeJSON(_ string: String, to text: inout String) {
        text += "\""
        for scalar in string.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            case "\u{8}": text += "\\b"
            case "\u{C}": text += "\\f"
            case _ where scalar.value < 0x20:
                let digits = String(scalar.value, radix: 16)
                text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: text.unicodeScalars.append(scalar)
            }
        }
        text += "\""
    }
}
