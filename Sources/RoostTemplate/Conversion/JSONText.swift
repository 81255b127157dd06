/// JSON that is written in the order in which it was put together.
indirect enum JSONText {
    case text(String)
    /// A number, a truth or null.
    case word(String)
    case list([JSONText])
    case object([(String, JSONText)])

    /// With two blanks for every level.
    func written(level: Int = 0) -> String {
        let (outer, inner) = (String(repeating: "  ", count: level), String(repeating: "  ", count: level + 1))
        switch self {
        case .text(let text): return Self.quoted(text)
        case .word(let word): return word
        case .list(let elements):
            guard !elements.isEmpty else { return "[]" }
            let lines = elements.map { inner + $0.written(level: level + 1) }
            return "[\n\(lines.joined(separator: ",\n"))\n\(outer)]"
        case .object(let properties):
            guard !properties.isEmpty else { return "{}" }
            let lines = properties.map { "\(inner)\(Self.quoted($0)): \($1.written(level: level + 1))" }
            return "{\n\(lines.joined(separator: ",\n"))\n\(outer)}"
        }
    }

    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case _ where scalar.value < 0x20:
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
