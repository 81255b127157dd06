/// A part of a text of HCL2: characters, or an expression whose value is put in.
enum HCLPiece: Sendable, Hashable {
    case text(String)
    case expression(String)
}

extension [HCLPiece] {
    /// Adds characters to those before them.
    mutating func add(_ text: String) {
        guard !text.isEmpty else { return }
        if case .text(let before)? = last { self[count - 1] = .text(before + text) } else { append(.text(text)) }
    }

    mutating func add(_ other: [HCLPiece]) {
        for piece in other {
            if case .text(let text) = piece { add(text) } else { append(piece) }
        }
    }

    /// The characters, when no expression is among them.
    var plainText: String? {
        guard let first else { return "" }
        if count == 1, case .text(let text) = first { return text }
        return nil
    }

    var hasExpressions: Bool { contains { if case .expression = $0 { true } else { false } } }

    /// As an expression: one that stands alone stands without quotes.
    var source: String {
        if count == 1, case .expression(let expression) = self[0] { return expression }
        var result = "\""
        for (place, piece) in enumerated() {
            switch piece {
            case .expression(let expression): result += "${\(expression)}"
            case .text(let text):
                let isFollowed = place + 1 < count
                result += isFollowed ? Self.escapedBeforeExpression(text) : Self.escaped(text)
            }
        }
        return result + "\""
    }

    /// A dollar sign before `${` would make it mean something else; it is put in as an expression.
    private static func escapedBeforeExpression(_ text: String) -> String {
        let signs = text.reversed().prefix { $0 == "$" }.count
        guard signs > 0 else { return escaped(text) }
        return escaped(String(text.dropLast(signs))) + "${\"\(String(repeating: "$", count: signs))\"}"
    }

    /// Characters as they stand between quotes.
    static func escaped(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        var before: Unicode.Scalar?
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": result.append(contentsOf: "\\\\".unicodeScalars)
            case "\"": result.append(contentsOf: "\\\"".unicodeScalars)
            case "\n": result.append(contentsOf: "\\n".unicodeScalars)
            case "\r": result.append(contentsOf: "\\r".unicodeScalars)
            case "\t": result.append(contentsOf: "\\t".unicodeScalars)
            case "{":
                if let before, before == "$" || before == "%" { result.append(before) }
                result.append(scalar)
            default:
                if scalar.value < 0x20 || scalar.value == 0x7F {
                    let code = String(scalar.value, radix: 16)
                    result.append(
                        contentsOf: ("\\u" + String(repeating: "0", count: 4 - code.count) + code).unicodeScalars
                    )
                } else {
                    result.append(scalar)
                }
            }
            before = scalar
        }
        return String(result)
    }

    static func quoted(_ text: String) -> String { "\"\(escaped(text))\"" }
}
