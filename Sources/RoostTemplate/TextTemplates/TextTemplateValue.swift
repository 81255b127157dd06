/// A value of a text template.
public enum TextTemplateValue: Sendable, Hashable {
    case nothing
    case text(String)
    case whole(Int)
    case number(Double)
    case truth(Bool)
    case list([TextTemplateValue])
    case object([String: TextTemplateValue])

    /// As templates write numbers: `12`, `0x1f`, `0b101`, `0o17`, `1_000`, `1.5e3`.
    init?(number text: String) {
        let plain = text.replacing("_", with: "")
        if let whole = Self.whole(plain) {
            self = .whole(whole)
        } else if let number = Double(plain), number.isFinite, !plain.contains("x") {
            self = .number(number)
        } else {
            return nil
        }
    }

    private static func whole(_ text: String) -> Int? {
        let isNegative = text.hasPrefix("-")
        let digits = (isNegative || text.hasPrefix("+") ? text.dropFirst() : text[...]).lowercased()
        let radixes = ["0x": 16, "0b": 2, "0o": 8]
        let sign = isNegative ? "-" : ""
        if let radix = radixes[String(digits.prefix(2))] {
            let rest = digits.dropFirst(2)
            return rest.hasPrefix("-") || rest.hasPrefix("+") ? nil : Int(sign + rest, radix: radix)
        }
        guard digits.first?.isNumber == true else { return nil }
        return digits.count > 1 && digits.hasPrefix("0") ? Int(sign + digits, radix: 8) : Int(sign + digits)
    }

    /// Whether `if` takes it for true: not nothing, zero or empty.
    var isTrue: Bool {
        switch self {
        case .nothing: false
        case .text(let text): !text.isEmpty
        case .whole(let number): number != 0
        case .number(let number): number != 0
        case .truth(let truth): truth
        case .list(let elements): !elements.isEmpty
        case .object(let members): !members.isEmpty
        }
    }

    /// As it is written into the result.
    var shown: String { self == .nothing ? "<no value>" : printed }

    /// As functions that print show it.
    var printed: String {
        switch self {
        case .nothing: "<nil>"
        case .text(let text): text
        case .whole(let number): String(number)
        case .number(let number): Self.shown(number)
        case .truth(let truth): truth ? "true" : "false"
        case .list(let elements): "[" + elements.map(\.printed).joined(separator: " ") + "]"
        case .object(let members):
            "map[" + members.sorted { $0.key < $1.key }.map { "\($0.key):\($0.value.printed)" }.joined(separator: " ")
                + "]"
        }
    }

    /// Without a fraction that is zero, and with an exponent from 21 digits on.
    private static func shown(_ number: Double) -> String {
        if number == number.rounded(), abs(number) < 1e21 {
            return abs(number) < 9e18
                ? String(Int(number)) : String(HCLNumber(String(number))?.description ?? "\(number)")
        }
        var text = String(number)
        if let mark = text.firstIndex(of: "e") {
            var mantissa = text[..<mark]
            if mantissa.hasSuffix(".0") { mantissa = mantissa.dropLast(2) }
            let exponent = text[text.index(after: mark)...]
            let sign = exponent.hasPrefix("-") ? "-" : "+"
            let digits = exponent.drop { $0 == "-" || $0 == "+" }
            text = "\(mantissa)e\(sign)\(digits.count < 2 ? "0" : "")\(digits)"
        }
        return text
    }

    /// As messages call its kind.
    var kindName: String {
        switch self {
        case .nothing: "nothing"
        case .text: "a text"
        case .whole: "a whole number"
        case .number: "a number"
        case .truth: "a truth value"
        case .list: "a list"
        case .object: "a map"
        }
    }
}
