import Foundation

extension HCLFunctions {
    static let text: [String: HCLFunction] = [
        "chomp": plain { text in
            var scalars = Array(text.unicodeScalars)
            while let last = scalars.last, last == "\n" || last == "\r" { scalars.removeLast() }
            return String(String.UnicodeScalarView(scalars))
        },
        "lower": plain { $0.lowercasedSimply },
        "upper": plain { $0.uppercasedSimply },
        "title": plain(titled),
        "strrev": plain { String($0.reversed()) },
        "trimspace": plain { trimmed($0) { $0.properties.isWhitespace } },
        "trim": HCLFunction(.init("str", .string), .init("cutset", .string), result: .string) { arguments in
            let cut = Set(arguments[1].textOrEmpty.unicodeScalars)
            return .string(trimmed(arguments[0].textOrEmpty) { cut.contains($0) })
        },
        "trimprefix": pair("prefix") { text, prefix in
            text.utf8.starts(with: prefix.utf8)
                ? String(decoding: text.utf8.dropFirst(prefix.utf8.count), as: UTF8.self) : text
        },
        "trimsuffix": pair("suffix") { text, suffix in
            text.utf8.reversed().starts(with: suffix.utf8.reversed())
                ? String(decoding: text.utf8.dropLast(suffix.utf8.count), as: UTF8.self) : text
        },
        "indent": HCLFunction(.init("spaces", .number), .init("str", .string), result: .string) { arguments in
            let count = try arguments[0].whole(0)
            guard (0...10_000).contains(count) else {
                throw HCLFunctionFault("between 0 and 10000 spaces are possible", argument: 0)
            }
            let blanks = String(repeating: " ", count: count)
            return .string(replacing("\n", with: "\n" + blanks, in: arguments[1].textOrEmpty))
        },
        "join": HCLFunction(
            .init("separator", .string),
            variadic: .init("lists", .list(.string)),
            result: .string,
            body: join
        ),
        "split": HCLFunction(.init("separator", .string), .init("str", .string), result: .list(.string)) { arguments in
            .list(split(arguments[1].textOrEmpty, by: arguments[0].textOrEmpty).map { .string($0) }, of: .string)
        },
        "replace": HCLFunction(
            .init("str", .string),
            .init("substr", .string),
            .init("replace", .string),
            result: .string
        ) {
            .string(replacing($0[1].textOrEmpty, with: $0[2].textOrEmpty, in: $0[0].textOrEmpty))
        },
        "substr": HCLFunction(
            .init("str", .string),
            .init("offset", .number),
            .init("length", .number),
            result: .string,
            body: substring
        ),
        "startswith": test("prefix") { $0.utf8.starts(with: $1.utf8) },
        "endswith": test("suffix") { $0.utf8.reversed().starts(with: $1.utf8.reversed()) },
        "strcontains": test("substr") { $1.isEmpty || ByteText($0).firstRange(of: ByteText($1).bytes, from: 0) != nil },
    ]

    private static func plain(_ change: @escaping @Sendable (String) -> String) -> HCLFunction {
        HCLFunction(.init("str", .string), result: .string) { .string(change($0[0].textOrEmpty)) }
    }

    private static func pair(_ name: String, _ change: @escaping @Sendable (String, String) -> String) -> HCLFunction {
        HCLFunction(.init("str", .string), .init(name, .string), result: .string) {
            .string(change($0[0].textOrEmpty, $0[1].textOrEmpty))
        }
    }

    private static func test(_ name: String, _ holds: @escaping @Sendable (String, String) -> Bool) -> HCLFunction {
        HCLFunction(.init("str", .string), .init(name, .string), result: .bool) {
            .bool(holds($0[0].textOrEmpty, $0[1].textOrEmpty))
        }
    }

    private static func trimmed(_ text: String, _ isCut: (Unicode.Scalar) -> Bool) -> String {
        var scalars = text.unicodeScalars[...]
        while let first = scalars.first, isCut(first) { scalars.removeFirst() }
        while let last = scalars.last, isCut(last) { scalars.removeLast() }
        return String(scalars)
    }

    /// The first letter of every word in upper case; words are separated by what is neither letter, digit nor underscore.
    private static func titled(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        var previous: Unicode.Scalar = " "
        for scalar in text.unicodeScalars {
            if isSeparator(previous) {
                result.append(contentsOf: String(scalar).uppercasedSimply.unicodeScalars)
            } else {
                result.append(scalar)
            }
            previous = scalar
        }
        return String(result)
    }

    private static func isSeparator(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII {
            return !(scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) || scalar == "_")
        }
        return scalar.properties.isWhitespace
    }

    private static func join(_ arguments: [HCLValue]) throws -> HCLValue {
        guard arguments.count > 1 else { throw HCLFunctionFault("at least one list is required") }
        var texts: [String] = []
        for (place, list) in arguments.dropFirst().enumerated() {
            for element in list.elements ?? [] {
                guard let text = element.text else {
                    throw HCLFunctionFault(
                        "element \(texts.count) is null; cannot concatenate null values",
                        argument: place + 1
                    )
                }
                texts.append(text)
            }
        }
        return .string(texts.joined(separator: arguments[0].textOrEmpty))
    }

    /// An empty separator splits between characters of the encoding's code points.
    static func split(_ text: String, by separator: String) -> [String] {
        guard !separator.isEmpty else { return text.unicodeScalars.map { String($0) } }
        let (bytes, wanted) = (ByteText(text), ByteText(separator).bytes)
        var (parts, start): ([String], Int) = ([], 0)
        while let range = bytes.firstRange(of: wanted, from: start) {
            parts.append(bytes.text(start..<range.lowerBound))
            start = range.upperBound
        }
        return parts + [bytes.text(start..<bytes.bytes.count)]
    }

    static func replacing(_ old: String, with new: String, in text: String) -> String {
        guard !old.isEmpty else { return new + text.unicodeScalars.map { "\($0)\(new)" }.joined() }
        return split(text, by: old).joined(separator: new)
    }

    /// Counts characters as people see them.
    private static func substring(_ arguments: [HCLValue]) throws -> HCLValue {
        let characters = Array(arguments[0].textOrEmpty)
        var (offset, length) = (try arguments[1].whole(1), try arguments[2].whole(2))
        if offset < 0 { offset += characters.count }
        guard offset >= 0, offset < characters.count, length != 0 else {
            return .string(
                offset < 0 && length != 0 ? String(characters.prefix(length < 0 ? characters.count : length)) : ""
            )
        }
        if length < 0 { length = characters.count }
        return .string(String(characters[offset...].prefix(length)))
    }
}

/// A text as bytes, as most functions look at it.
struct ByteText {
    let bytes: [UInt8]

    init(_ text: String) { bytes = Array(text.utf8) }

    func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

    func firstRange(of wanted: [UInt8], from start: Int) -> Range<Int>? {
        guard let first = wanted.first, bytes.count >= wanted.count else { return nil }
        var place = start
        while place + wanted.count <= bytes.count {
            if bytes[place] == first, bytes[place..<(place + wanted.count)].elementsEqual(wanted) {
                return place..<(place + wanted.count)
            }
            place += 1
        }
        return nil
    }
}

extension String {
    /// Letter by letter: `ß` stays, as it has no upper-case form of one letter.
    var uppercasedSimply: String { mapped(\.uppercaseMapping) }
    var lowercasedSimply: String { mapped(\.lowercaseMapping) }

    private func mapped(_ mapping: (Unicode.Scalar.Properties) -> String) -> String {
        var result = String.UnicodeScalarView()
        for scalar in unicodeScalars {
            let other = mapping(scalar.properties).unicodeScalars
            if other.count == 1 { result.append(contentsOf: other) } else { result.append(scalar) }
        }
        return String(result)
    }
}
