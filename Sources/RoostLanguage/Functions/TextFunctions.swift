/// `contains`, `startsWith`, `endsWith`, `format`, `replace`, `lower`, `upper`, `trim`, `substring` and `split`.
let textFunctions: [ExpressionFunction] = [
    searchFunction("contains") { text, part in
        part.isEmpty || text.firstRange(of: part) != nil
    },
    searchFunction("startsWith") { text, part in text.starts(with: part) },
    searchFunction("endsWith") { text, part in text.reversed().starts(with: part.reversed()) },
    ExpressionFunction("format", arity: 1...Int.max) { call throws(EvaluationError) in
        try FormatString(call.string(0)).filled(by: call)
    },
    ExpressionFunction("replace", arity: 3...3) { call throws(EvaluationError) in
        let text = try call.string(0)
        let find = try call.string(1)
        let new = try call.string(2)
        guard !find.isEmpty else {
            let summary = "replace cannot search for an empty text."
            throw call.failure(.function(code: "expression.replace", summary: summary, advice: nil), at: 1)
        }
        return try replaced(text, find, new, call)
    },
    ExpressionFunction("lower", arity: 1...1) { call throws(EvaluationError) in .string(try call.string(0).lowercased())
    },
    ExpressionFunction("upper", arity: 1...1) { call throws(EvaluationError) in .string(try call.string(0).uppercased())
    },
    ExpressionFunction("trim", arity: 1...1) { call throws(EvaluationError) in
        let text = try call.string(0)
        guard let start = text.firstIndex(where: { !$0.isWhitespace }) else { return "" }
        let end = text.lastIndex { !$0.isWhitespace } ?? start
        return .string(String(text[start...end]))
    },
    ExpressionFunction("substring", arity: 3...3) { call throws(EvaluationError) in
        let units = Array(try call.string(0).utf16)
        let start = try call.integer(1)
        let length = try call.integer(2)
        guard start >= 0, length >= 0, start <= units.count, length <= units.count - start else {
            let summary = "substring cannot take \(length) characters at \(start) of a text of \(units.count)."
            throw call.failure(.function(code: "expression.substring", summary: summary, advice: nil))
        }
        return .string(String(decoding: units[start..<(start + length)], as: UTF16.self))
    },
    ExpressionFunction("split", arity: 2...2) { call throws(EvaluationError) in
        let text = try call.string(0)
        let separator = try call.string(1)
        guard !separator.isEmpty else { return .array([.string(text)]) }
        return .array(text.splitBytes(by: separator).map(Value.string))
    },
]

/// A test on two texts with letter case taken away.
private func searchFunction(
    _ name: String,
    holds: @escaping @Sendable ([UInt8], [UInt8]) -> Bool
) -> ExpressionFunction {
    ExpressionFunction(name, arity: 2...2, tracesResult: false) { call throws(EvaluationError) in
        let text = try call.string(0)
        let part = try call.string(1)
        return .bool(holds(Array(text.uppercased().utf8), Array(part.uppercased().utf8)))
    }
}

/// All occurrences replaced, letter case respected; the size is checked before the text is made.
private func replaced(
    _ text: String,
    _ find: String,
    _ new: String,
    _ call: FunctionCall
) throws(EvaluationError) -> Value {
    let growth = new.utf8.count - find.utf8.count
    try call.checkSize(text.utf8.count + max(0, growth) * text.byteOffsets(of: find).count)
    return .string(text.replacingBytes(of: find, with: new))
}
