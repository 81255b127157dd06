extension HCLFunctions {
    static let patterns: [String: HCLFunction] = [
        "regex": HCLFunction(.init("pattern", .string), .init("string", .string)) { arguments in
            let pattern = try pattern(arguments[0], 0)
            let text = Array(arguments[1].textOrEmpty.unicodeScalars)
            guard let match = pattern.firstMatch(in: text, from: 0) else {
                throw HCLFunctionFault("pattern did not match any part of the given string")
            }
            return groups(of: match, pattern, text)
        },
        "regexall": HCLFunction(.init("pattern", .string), .init("string", .string)) { arguments in
            let pattern = try pattern(arguments[0], 0)
            let text = Array(arguments[1].textOrEmpty.unicodeScalars)
            let matches = pattern.matches(in: text, limit: matchLimit).map { groups(of: $0, pattern, text) }
            return .list(matches, of: matches.first?.type ?? emptyType(pattern))
        },
        "regex_replace": HCLFunction(
            .init("str", .string),
            .init("pattern", .string),
            .init("replace", .string),
            result: .string
        ) { arguments in
            let pattern = try pattern(arguments[1], 1)
            let text = Array(arguments[0].textOrEmpty.unicodeScalars)
            return .string(replaced(pattern, in: text, by: Array(arguments[2].textOrEmpty.unicodeScalars)))
        },
    ]

    private static let matchLimit = 100_000

    private static func pattern(_ value: HCLValue, _ argument: Int) throws -> Pattern {
        let pattern: Pattern
        do { pattern = try Pattern(value.textOrEmpty) } catch {
            throw HCLFunctionFault("invalid regexp pattern: \(error)", argument: argument)
        }
        let names = pattern.groupNames.dropFirst().count { $0 != nil }
        guard names == 0 || names == pattern.groupCount else {
            throw HCLFunctionFault(
                "invalid regexp pattern: cannot mix both named and unnamed capture groups",
                argument: argument
            )
        }
        return pattern
    }

    private static func text(_ range: Range<Int>?, _ scalars: [Unicode.Scalar]) -> HCLValue {
        range.map { .string(String(String.UnicodeScalarView(scalars[$0]))) } ?? .null(.string)
    }

    /// Named groups give an object, others a tuple, and without groups it is the text that matches.
    private static func groups(of match: [Range<Int>?], _ pattern: Pattern, _ scalars: [Unicode.Scalar]) -> HCLValue {
        guard pattern.groupCount > 0 else { return text(match[0], scalars) }
        let values = match.dropFirst().map { text($0, scalars) }
        let names = pattern.groupNames.dropFirst().compactMap(\.self)
        guard names.count == values.count else { return .tuple(values) }
        return .object(Dictionary(zip(names, values)) { first, _ in first })
    }

    private static func emptyType(_ pattern: Pattern) -> HCLType {
        guard pattern.groupCount > 0 else { return .string }
        let names = pattern.groupNames.dropFirst().compactMap(\.self)
        guard names.count == pattern.groupCount else {
            return .tuple(names.isEmpty ? Array(repeating: .string, count: pattern.groupCount) : [])
        }
        return .object(Dictionary(names.map { ($0, .string) }) { first, _ in first })
    }

    private static func replaced(_ pattern: Pattern, in text: [Unicode.Scalar], by template: [Unicode.Scalar]) -> String
    {
        var result = String.UnicodeScalarView()
        var end = 0
        for match in pattern.matches(in: text) {
            guard let whole = match[0] else { continue }
            result.append(contentsOf: text[end..<whole.lowerBound])
            expand(template, match, pattern, text, into: &result)
            end = whole.upperBound
        }
        result.append(contentsOf: text[end...])
        return String(result)
    }

    /// `$1`, `$name`, `${name}` stand for groups, `$$` for a dollar sign.
    private static func expand(
        _ template: [Unicode.Scalar],
        _ match: [Range<Int>?],
        _ pattern: Pattern,
        _ text: [Unicode.Scalar],
        into result: inout String.UnicodeScalarView
    ) {
        var place = 0
        while place < template.count {
            guard template[place] == "$", place + 1 < template.count else {
                result.append(template[place])
                place += 1
                continue
            }
            if template[place + 1] == "$" {
                result.append("$")
                place += 2
                continue
            }
            let isBraced = template[place + 1] == "{"
            let start = place + (isBraced ? 2 : 1)
            let end = template[start...].firstIndex { !isNamePart($0) } ?? template.count
            guard end > start, !isBraced || end < template.count && template[end] == "}" else {
                result.append("$")
                place += 1
                continue
            }
            let name = String(String.UnicodeScalarView(template[start..<end]))
            let number = Int(name) ?? pattern.groupNames.firstIndex(of: name)
            if let number, number < match.count, let range = match[number] { result.append(contentsOf: text[range]) }
            place = isBraced ? end + 1 : end
        }
    }

    private static func isNamePart(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "_" || scalar.isASCII && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar))
    }
}
