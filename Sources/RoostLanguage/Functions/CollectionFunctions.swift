/// `containsValue`, `join` and `length`.
let collectionFunctions: [ExpressionFunction] = [
    ExpressionFunction("containsValue", arity: 2...2, tracesResult: false) { call throws(EvaluationError) in
        let collection = try call.value(0)
        let wanted = try call.value(1)
        switch collection {
        case .array(let elements): return .bool(elements.contains { wanted.equals($0) })
        case .object(let object): return .bool(object.values.contains { wanted.equals($0) })
        case .null, .bool, .number, .string, .version, .dateTime: return false
        }
    },
    // Elements without a text form count as empty.
    ExpressionFunction("join", arity: 2...2) { call throws(EvaluationError) in
        let separator = try call.string(0)
        let value = try call.value(1)
        guard case .array(let elements) = value else { return .string(value.text ?? "") }
        let texts = elements.map { $0.text ?? "" }
        let size = texts.reduce(separator.utf8.count * max(0, texts.count - 1)) { $0 + $1.utf8.count }
        try call.checkSize(size)
        return .string(texts.joined(separator: separator))
    },
    // Texts are measured in UTF-16 units, as in the service.
    ExpressionFunction("length", arity: 1...1) { call throws(EvaluationError) in
        switch try call.value(0) {
        case .array(let elements): .number(Double(elements.count))
        case .object(let object): .number(Double(object.count))
        case let scalar: .number(Double((scalar.text ?? "").utf16.count))
        }
    },
]
