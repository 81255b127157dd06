/// The first parameter of `format`: `{0}` stands for the next parameter, `{{` and `}}` for brackets.
struct FormatString {
    private let text: String

    init(_ text: String) {
        self.text = text
    }

    /// The text with its fields filled.
    ///
    /// - Throws: ``EvaluationError`` when a field is malformed, or names a parameter that is missing or has no text.
    func filled(by call: FunctionCall) throws(EvaluationError) -> Value {
        let bytes = Array(text.utf8)
        var result: [UInt8] = []
        var place = 0
        while place < bytes.count {
            let plain = bytes[place...].prefix { $0 != Self.open && $0 != Self.close }
            result += plain
            place = plain.endIndex
            guard place < bytes.count else { break }
            let bracket = bytes[place]
            place += 1
            if place < bytes.count, bytes[place] == bracket {
                result.append(bracket)
                place += 1
            } else if bracket == Self.open, let end = bytes[place...].firstIndex(of: Self.close) {
                let field = try field(String(decoding: bytes[place..<end], as: UTF8.self), call)
                try call.checkSize(result.count + field.utf8.count)
                result += field.utf8
                place = end + 1
            } else {
                throw malformed(call)
            }
        }
        return try call.limited(String(decoding: result, as: UTF8.self))
    }

    private static let open = UInt8(ascii: "{")
    private static let close = UInt8(ascii: "}")

    /// `index` or `index:spec`, where only moments take a spec.
    private func field(_ field: String, _ call: FunctionCall) throws(EvaluationError) -> String {
        let parts = field.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard let digits = parts.first, !digits.isEmpty, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            throw malformed(call)
        }
        guard let index = Int(digits), index < call.count - 1 else {
            throw fail(
                call,
                "expression.format-index",
                "The following format string references more arguments than were supplied: \(text)",
                advice: "Give a value for {\(digits)}; the first is {0}."
            )
        }
        guard parts.count == 2, !parts[1].isEmpty else { return try call.string(index + 1) }
        let value = try call.value(index + 1)
        guard case .dateTime(let moment) = value, let formatted = moment.formatted(String(parts[1])) else {
            throw fail(
                call,
                "expression.format-specifier",
                "The format specifiers '\(parts[1])' are not valid for objects of type '\(value.kind.rawValue)'",
                advice: "Only moments such as pipeline.startTime take a format; write {\(digits)}."
            )
        }
        return formatted
    }

    private func malformed(_ call: FunctionCall) -> EvaluationError {
        fail(
            call,
            "expression.format-string",
            "The following format string is invalid: \(text)",
            advice: "Double the brackets that are text: {{ and }}."
        )
    }

    private func fail(_ call: FunctionCall, _ code: String, _ summary: String, advice: String? = nil) -> EvaluationError
    {
        call.failure(.function(code: code, summary: summary, advice: advice), at: 0)
    }
}
