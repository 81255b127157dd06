/// The text of a configuration file.
///
/// Grammar, line by line: blank; `# comment`; or `key = value`, where the value is bare (up to the end of the line or a `#` after a
/// blank) or in double quotes with `\"`, `\\`, `\n` and `\t`.
struct ConfigurationFile {
    struct Setting: Hashable {
        var key: String
        var value: String
        /// `file:line`.
        var place: String
    }

    private(set) var settings: [Setting] = []
    private(set) var problems: [ConfigurationProblem] = []

    init(_ text: String, name: String) {
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let place = "\(name):\(index + 1)"
            let content = line.trimmedBlanks
            guard !content.isEmpty, content.first != "#" else { continue }
            guard let equals = content.firstIndex(of: "=") else {
                problems.append(ConfigurationProblem(place: place, text: "expected 'key = value', found '\(content)'"))
                continue
            }
            let key = String(content[..<equals].trimmedBlanks)
            switch Self.value(content[content.index(after: equals)...].trimmedBlanks) {
            case .success(let value): settings.append(Setting(key: key, value: value, place: place))
            case .failure(let problem): problems.append(ConfigurationProblem(place: place, text: problem.text))
            }
        }
    }

    private static func value(_ text: Substring) -> Result<String, ValueProblem> {
        guard text.first == "\"" else { return .success(String(bare(text))) }
        var value = ""
        var rest = text.dropFirst()
        while let character = rest.popFirst() {
            switch character {
            case "\"":
                let after = rest.trimmedBlanks
                guard after.isEmpty || after.first == "#" else {
                    return .failure(ValueProblem("'\(after)' follows the closing quote"))
                }
                return .success(value)
            case "\\":
                guard let escaped = rest.popFirst(), let meaning = escapes[escaped] else {
                    return .failure(ValueProblem(#"only \", \\, \n and \t may follow a backslash"#))
                }
                value.append(meaning)
            default: value.append(character)
            }
        }
        return .failure(ValueProblem("the closing quote is missing"))
    }

    private static let escapes: [Character: Character] = ["\"": "\"", "\\": "\\", "n": "\n", "t": "\t"]

    private static func bare(_ text: Substring) -> Substring {
        var previous: Character = " "
        for index in text.indices {
            if text[index] == "#", previous == " " || previous == "\t" { return text[..<index].trimmedBlanks }
            previous = text[index]
        }
        return text
    }
}

extension Substring {
    /// Without blanks, tabs and a carriage return at both ends.
    fileprivate var trimmedBlanks: Substring {
        let isBlank: (Character) -> Bool = { $0 == " " || $0 == "\t" || $0 == "\r" }
        var text = drop(while: isBlank)
        while let last = text.last, isBlank(last) { text = text.dropLast() }
        return text
    }
}
