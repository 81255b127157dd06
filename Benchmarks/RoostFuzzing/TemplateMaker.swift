/// Makes image templates by the grammar of HCL, now and then breaking it.
struct TemplateMaker {
    private static let functions = [
        "upper", "format", "join", "split", "concat", "merge", "length", "lookup", "keys", "values", "range", "regex",
        "regexall",
        "regex_replace", "try", "can", "convert", "jsonencode", "jsondecode", "yamlencode", "yamldecode", "csvdecode",
        "substr",
        "element", "slice", "setproduct", "flatten", "coalesce", "distinct", "sort", "cidrsubnet", "cidrhost",
        "formatdate",
        "timeadd", "parseint", "pow", "log", "min", "max", "nothing", "replace", "title", "zipmap", "chunklist",
        "formatlist",
        "sum", "indent", "base64decode", "urlencode", "legacy_strftime",
    ]
    private static let literals = [
        "1", "0", "-1", "1.5", "1e3", "1e-300", "99999999999999999999999", "true", "null", "\"\"", "\"text\"", "\"é😀\"",
        "\"%s %d %v\"", "\"%05.2f %q\"", "\"[a-z]+(b)?\"", "\"2020-02-29T00:00:00Z\"", "\"1h30m\"", "\"10.0.0.0/8\"",
        "\"{\\\"a\\\": [1, null]}\"", "\"a,b\\n1,2\\n\"", "\"a: [x, 1]\"", "\"\\u00e9\\\\\"", "\"$${x}%%{y}\"",
        "string", "list(any)",
    ]
    private static let names = [
        "var.a", "var.list", "local.l0", "local.l1", "local.l2", "var", "local", "x", "data.t.n.id", "path.root",
    ]
    private static let operators = ["+", "-", "*", "/", "%", "==", "!=", "<", ">=", "&&", "||"]
    private static let noise = [
        "${", "%{", "~}", "}", "{", "\"", "<<E\n", "<<-E\n", "\nE\n", "[", "]", "(", ")", "...", "=>", "'", "`", ";",
        "\\", "$", "%",
        "#", "/*", "*/", "\u{0}", "\r\n", "é", ".", "*", ",", "=", "?", ":", "for", "in", "if",
    ]

    func file(_ random: inout SeededRandom) -> String {
        var text =
            "variable \"a\" {\n  default = \(Self.literals[random.below(20)])\n}\nvariables {\n  list = [\"a\", 2]\n}\n"
        text += "locals {\n"
        for number in 0...random.below(5) { text += "  l\(number) = \(expression(&random))\n" }
        text += "}\n"
        if random.once(in: 3) { text += block(&random, depth: 0) }
        if random.once(in: 6) {
            let place = text.index(text.startIndex, offsetBy: random.below(text.count))
            text.insert(contentsOf: random.pick(Self.noise), at: place)
        }
        return text
    }

    private func block(_ random: inout SeededRandom, depth: Int) -> String {
        let blanks = String(repeating: random.once(in: 9) ? "\t" : "  ", count: depth)
        var text = "\(blanks)\(random.pick(["source", "build", "dynamic", "provisioner", "x"])) \"t\" \"n\" {\n"
        for number in 0...random.below(4) { text += "\(blanks)a\(number)=\(expression(&random)) # c\n" }
        if depth < 4, random.once(in: 2) { text += block(&random, depth: depth + 1) }
        return text + "\(blanks)}\n"
    }

    func expression(_ random: inout SeededRandom, depth: Int = 0) -> String {
        if random.once(in: 80) { return random.pick(Self.noise) }
        let inner = { (random: inout SeededRandom) in expression(&random, depth: depth + 1) }
        switch random.below(depth > 5 ? 3 : 14) {
        case 0, 1: return random.pick(Self.literals)
        case 2: return random.pick(Self.names)
        case 3: return "\(inner(&random)) \(random.pick(Self.operators)) \(inner(&random))"
        case 4: return "\(inner(&random)) ? \(inner(&random)) : \(inner(&random))"
        case 5: return "[\(inner(&random)), \(inner(&random))]"
        case 6: return "{a = \(inner(&random)), (\(inner(&random))) = \(inner(&random))}"
        case 7: return "[for x in \(inner(&random)) : \(inner(&random)) if \(inner(&random))]"
        case 8: return "{for k, x in \(inner(&random)) : k => \(inner(&random))\(random.once(in: 2) ? "..." : "")}"
        case 9: return "\(inner(&random))\(random.pick(["[*]", ".*", ".a", "[0]", "[\"a\"]", "[x]", ".0", "[-1]"]))"
        case 10: return "\"a${\(inner(&random))}%{ if \(inner(&random)) ~}b%{ else }c%{ endif }\""
        case 11:
            return "<<-E\n    a ${\(inner(&random))}\n\n      %{ for x in \(inner(&random)) ~}\n  x\n%{ endfor }\n  E\n"
        default:
            let arguments = (0..<random.below(4)).map { _ in inner(&random) }.joined(separator: ", ")
            return
                "\(random.pick(Self.functions))(\(arguments)\(random.once(in: 9) && !arguments.isEmpty ? "..." : ""))"
        }
    }
}
