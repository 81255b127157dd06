import Foundation

/// Functions that every text template has.
enum TextTemplateBuiltins {
    static let all: [String: TextTemplateFunction] = [
        "and": choosing { !$0.isTrue }, "or": choosing { $0.isTrue },
        "not": function(1...1) { .truth(!$0[0].isTrue) },
        "len": function(1...1) { arguments throws(TextTemplateFault) in .whole(try length(arguments[0])) },
        "index": function(1...20) { arguments throws(TextTemplateFault) in try element(arguments) },
        "slice": function(1...4) { arguments throws(TextTemplateFault) in try slice(arguments) },
        "print": function(0...100) { .text(printed($0)) },
        "println": function(0...100) { .text($0.map(\.printed).joined(separator: " ") + "\n") },
        "printf": function(1...100) { arguments throws(TextTemplateFault) in
            .text(try TextTemplateFormat.format(try arguments[0].asText(), Array(arguments.dropFirst())))
        },
        "html": function(1...100) { .text(escaped(printed($0), html)) },
        "js": function(1...100) { .text(escaped(printed($0), script)) },
        "urlquery": function(1...100) { .text(urlQuery(printed($0))) },
        "call": .refused("Nothing that a template can name here is a function to be called."),
        "eq": function(2...100) { arguments throws(TextTemplateFault) in
            for other in arguments.dropFirst() where try isEqual(arguments[0], other) { return .truth(true) }
            return .truth(false)
        },
        "ne": compared { left, right throws(TextTemplateFault) in try !isEqual(left, right) },
        "lt": compared { left, right throws(TextTemplateFault) in try isLess(left, right) },
        "le": compared { left, right throws(TextTemplateFault) in try !isLess(right, left) },
        "gt": compared { left, right throws(TextTemplateFault) in try isLess(right, left) },
        "ge": compared { left, right throws(TextTemplateFault) in try !isLess(left, right) },
    ]

    private static func function(
        _ count: ClosedRange<Int>,
        _ body: @escaping @Sendable ([TextTemplateValue]) throws(TextTemplateFault) -> TextTemplateValue
    ) -> TextTemplateFunction {
        TextTemplateFunction(count) { arguments throws(TextTemplateFault) in .init(value: try body(arguments)) }
    }

    /// The first argument of which something holds, or the last.
    private static func choosing(_ holds: @escaping @Sendable (TextTemplateValue) -> Bool) -> TextTemplateFunction {
        function(1...100) { arguments in arguments.first(where: holds) ?? arguments[arguments.count - 1] }
    }

    // MARK: Comparison

    private static func compared(
        _ body: @escaping @Sendable (TextTemplateValue, TextTemplateValue) throws(TextTemplateFault) -> Bool
    ) -> TextTemplateFunction {
        function(2...2) { arguments throws(TextTemplateFault) in .truth(try body(arguments[0], arguments[1])) }
    }

    private static func isEqual(
        _ left: TextTemplateValue,
        _ right: TextTemplateValue
    ) throws(TextTemplateFault) -> Bool {
        switch (left, right) {
        case (.text, .text), (.whole, .whole), (.number, .number), (.truth, .truth), (.nothing, _), (_, .nothing):
            return left == right
        default: throw incomparable(left, right)
        }
    }

    private static func isLess(
        _ left: TextTemplateValue,
        _ right: TextTemplateValue
    ) throws(TextTemplateFault) -> Bool {
        switch (left, right) {
        case (.text(let left), .text(let right)): return left.utf8.lexicographicallyPrecedes(right.utf8)
        case (.whole(let left), .whole(let right)): return left < right
        case (.number(let left), .number(let right)): return left < right
        default: throw incomparable(left, right)
        }
    }

    private static func incomparable(_ left: TextTemplateValue, _ right: TextTemplateValue) -> TextTemplateFault {
        .call("\(left.kindName) and \(right.kindName) cannot be compared.".capitalizedFirst)
    }

    // MARK: Parts

    private static func length(_ value: TextTemplateValue) throws(TextTemplateFault) -> Int {
        switch value {
        case .text(let text): return text.utf8.count
        case .list(let elements): return elements.count
        case .object(let members): return members.count
        default: throw .call("\(value.kindName.capitalizedFirst) has no length.")
        }
    }

    private static func element(_ arguments: [TextTemplateValue]) throws(TextTemplateFault) -> TextTemplateValue {
        var value = arguments[0]
        for key in arguments.dropFirst() {
            switch value {
            case .object(let members): value = members[try key.asText()] ?? .nothing
            case .list(let elements): value = elements[try place(key, elements.count)]
            case .text(let text):
                let bytes = Array(text.utf8)
                value = .whole(Int(bytes[try place(key, bytes.count)]))
            default: throw .call("Nothing can be looked up in \(value.kindName).")
            }
        }
        return value
    }

    private static func place(_ key: TextTemplateValue, _ count: Int) throws(TextTemplateFault) -> Int {
        let place = try key.asWhole()
        guard (0..<count).contains(place) else {
            throw .call("Number \(place) is out of range: there are \(count), and they count from 0.")
        }
        return place
    }

    private static func slice(_ arguments: [TextTemplateValue]) throws(TextTemplateFault) -> TextTemplateValue {
        let count = try length(arguments[0])
        let from = arguments.count > 1 ? try arguments[1].asWhole() : 0
        let to = arguments.count > 2 ? try arguments[2].asWhole() : count
        guard from >= 0, from <= to, to <= count else {
            throw .call("From \(from) to \(to) is out of range: there are \(count).")
        }
        switch arguments[0] {
        case .list(let elements): return .list(Array(elements[from..<to]))
        case .text(let text): return .text(String(decoding: Array(text.utf8)[from..<to], as: UTF8.self))
        default: throw .call("\(arguments[0].kindName.capitalizedFirst) cannot be cut.")
        }
    }

    // MARK: Texts

    /// Blanks stand between values of which none is a text.
    private static func printed(_ values: [TextTemplateValue]) -> String {
        var result = ""
        for (place, value) in values.enumerated() {
            if place > 0, !value.isText, !values[place - 1].isText { result += " " }
            result += value.printed
        }
        return result
    }

    private static let html: [Unicode.Scalar: String] = [
        "\0": "\u{FFFD}", "\"": "&#34;", "'": "&#39;", "&": "&amp;", "<": "&lt;", ">": "&gt;",
    ]

    private static let script: [Unicode.Scalar: String] = [
        "\\": "\\\\", "'": "\\'", "\"": "\\\"", "<": "\\u003C", ">": "\\u003E", "&": "\\u0026", "=": "\\u003D",
        "\n": "\\u000A", "\r": "\\u000D", "\t": "\\u0009",
    ]

    private static func escaped(_ text: String, _ signs: [Unicode.Scalar: String]) -> String {
        text.unicodeScalars.map { signs[$0] ?? String($0) }.joined()
    }

    private static func urlQuery(_ text: String) -> String {
        text.utf8.map { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."),
                UInt8(ascii: "~"):
                String(UnicodeScalar(byte))
            case 0x20: "+"
            default: "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            }
        }.joined()
    }
}

extension TextTemplateValue {
    fileprivate var isText: Bool { if case .text = self { true } else { false } }
}

extension String {
    var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
