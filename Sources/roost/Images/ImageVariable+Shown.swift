import RoostTemplate

extension ImageVariable {
    /// The value as inspect shows it: in quotes, on one line.
    var shownValue: String {
        if isSensitive { return "\"\(SecretTexts.replacement)\"" }
        return quoted(value?.consoleText ?? "<unknown>")
    }

    /// The default, or nothing where there is none.
    var shownDefault: String {
        isSensitive && defaultValue != nil ? SecretTexts.replacement : defaultValue?.consoleText ?? ""
    }

    private func quoted(_ text: String) -> String {
        var result = "\""
        for character in text.unicodeScalars {
            switch character {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            default: result.unicodeScalars.append(character)
            }
        }
        return result + "\""
    }
}
