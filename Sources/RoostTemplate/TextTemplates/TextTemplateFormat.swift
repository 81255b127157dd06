import Foundation

/// Format texts as `printf` of text templates takes them.
enum TextTemplateFormat {
    /// What a width or a precision may be.
    private static let limit = 10_000

    static func format(_ text: String, _ arguments: [TextTemplateValue]) throws(TextTemplateFault) -> String {
        var result = ""
        var (rest, next) = (text.unicodeScalars[...], 0)
        while let first = rest.popFirst() {
            guard first == "%" else {
                result.unicodeScalars.append(first)
                continue
            }
            let verb = try verb(&rest)
            if verb.letter == "%" {
                result += "%"
                continue
            }
            guard next < arguments.count else {
                throw .call("The format has more verbs than there are values: %\(verb.letter) has none.")
            }
            result += try formatted(arguments[next], verb)
            next += 1
        }
        guard next == arguments.count else {
            throw .call("The format has \(next) verbs, and \(arguments.count) values are given.")
        }
        return result
    }

    private static func verb(_ rest: inout Substring.UnicodeScalarView) throws(TextTemplateFault) -> FormatVerb {
        var verb = FormatVerb()
        flags: while let sign = rest.first {
            switch sign {
            case "+": verb.hasPlus = true
            case "-": verb.hasMinus = true
            case " ": verb.hasSpace = true
            case "0": verb.hasZero = true
            case "#": verb.hasSharp = true
            default: break flags
            }
            rest.removeFirst()
        }
        verb.width = try number(&rest)
        if rest.first == "." {
            rest.removeFirst()
            verb.precision = try number(&rest) ?? 0
        }
        guard let letter = rest.popFirst() else { throw .call("The format ends after a percent sign.") }
        verb.letter = letter
        return verb
    }

    private static func number(_ rest: inout Substring.UnicodeScalarView) throws(TextTemplateFault) -> Int? {
        let digits = String(String.UnicodeScalarView(rest.prefix { ("0"..."9").contains($0) }))
        rest = rest.dropFirst(digits.unicodeScalars.count)
        guard !digits.isEmpty else { return nil }
        guard let number = Int(digits), number <= limit else { throw .call("%\(digits) is too wide.") }
        return number
    }

    private static func formatted(
        _ value: TextTemplateValue,
        _ verb: FormatVerb
    ) throws(TextTemplateFault) -> String {
        switch (verb.letter, value) {
        case ("v", .whole(let number)), ("d", .whole(let number)):
            return verb.padded(verb.sign(number < 0) + String(number.magnitude), isNumber: true)
        case ("v", .text(let text)) where verb.hasSharp: return verb.padded(quoted(text))
        case ("s", .text(let text)), ("v", .text(let text)): return verb.padded(cut(text, verb))
        case ("v", _): return verb.padded(value.printed)
        case ("q", .text(let text)): return verb.padded(quoted(cut(text, verb)))
        case ("t", .truth(let truth)): return verb.padded(truth ? "true" : "false")
        case ("c", .whole(let number)):
            return verb.padded(String(Character(UInt32(exactly: number).flatMap(Unicode.Scalar.init) ?? "\u{FFFD}")))
        case ("x", .text(let text)), ("X", .text(let text)):
            let digits = text.utf8.map { ($0 < 16 ? "0" : "") + String($0, radix: 16, uppercase: verb.letter == "X") }
            return verb.padded(digits.joined())
        case ("x", .whole(let number)), ("X", .whole(let number)), ("o", .whole(let number)), ("b", .whole(let number)):
            return based(number, verb)
        case ("f", .number(let number)), ("F", .number(let number)), ("e", .number(let number)),
            ("E", .number(let number)), ("g", .number(let number)), ("G", .number(let number)):
            return floating(number, verb)
        default: throw .call("%\(verb.letter) cannot show \(value.kindName).")
        }
    }

    private static func cut(_ text: String, _ verb: FormatVerb) -> String {
        verb.precision.map { String(text.prefix($0)) } ?? text
    }

    private static func based(_ number: Int, _ verb: FormatVerb) -> String {
        let (radix, mark): (Int, String) =
            switch verb.letter {
            case "o": (8, "0")
            case "b": (2, "0b")
            default: (16, verb.letter == "X" ? "0X" : "0x")
            }
        let digits = String(number.magnitude, radix: radix, uppercase: verb.letter == "X")
        return verb.padded(verb.sign(number < 0) + (verb.hasSharp ? mark : "") + digits, isNumber: true)
    }

    private static func floating(_ number: Double, _ verb: FormatVerb) -> String {
        let isGeneral = verb.letter == "g" || verb.letter == "G"
        if isGeneral, verb.precision == nil {
            return verb.padded(verb.sign(number < 0) + TextTemplateValue.number(abs(number)).printed, isNumber: true)
        }
        let letter = verb.letter == "F" ? "f" : String(verb.letter)
        let digits = String(format: "%.\(min(verb.precision ?? 6, 400))\(letter)", abs(number))
        return verb.padded(verb.sign(number < 0) + digits, isNumber: true)
    }

    /// In double quotes, with the escapes of Go.
    static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            default:
                let code = String(scalar.value, radix: 16)
                if scalar.value < 0x20 || scalar.value == 0x7F {
                    result += "\\x" + (code.count < 2 ? "0" : "") + code
                } else {
                    result.unicodeScalars.append(scalar)
                }
            }
        }
        return result + "\""
    }
}
