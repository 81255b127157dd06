extension HCLValue {
    /// The value as a console shows it: texts as they are, collections over several lines.
    ///
    /// Numbers have the digits of the machine's floating point, and what must not be shown is not.
    public var consoleText: String {
        if isSensitive { return "<sensitive>" }
        return text ?? nestedText(indent: "")
    }

    private func nestedText(indent: String) -> String {
        if isSensitive { return "<sensitive>" }
        let inner = indent + "  "
        switch content {
        case .unknown: return "<unknown>"
        case .null: return "null"
        case .string(let text): return quoted(text)
        case .number(let number): return Self.shortText(number)
        case .bool(let value): return value ? "true" : "false"
        case .elements(let elements):
            guard !elements.isEmpty else { return "[]" }
            return "[\n" + elements.map { "\(inner)\($0.nestedText(indent: inner)),\n" }.joined() + indent + "]"
        case .attributes(let attributes):
            guard !attributes.isEmpty else { return "{}" }
            let lines = attributes.sorted { $0.key < $1.key }.map { name, value in
                "\(inner)\(quoted(name)) = \(value.nestedText(indent: inner))\n"
            }
            return "{\n" + lines.joined() + indent + "}"
        }
    }

    private static func shortText(_ number: HCLNumber) -> String {
        guard let rounded = HCLNumber(number.double), let text = try? FormatVerb().format(.number(rounded)) else {
            return number.description
        }
        return text
    }
}
