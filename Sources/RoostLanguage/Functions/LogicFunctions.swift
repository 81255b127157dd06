/// `and`, `or`, `not`, `xor`, `coalesce` and `iif`.
let logicFunctions: [ExpressionFunction] = [
    ExpressionFunction("and", arity: 2...Int.max, tracesResult: false) { call throws(EvaluationError) in
        for index in 0..<call.count {
            if try !call.bool(index) { return false }
        }
        return true
    },
    ExpressionFunction("or", arity: 2...Int.max, tracesResult: false) { call throws(EvaluationError) in
        for index in 0..<call.count {
            if try call.bool(index) { return true }
        }
        return false
    },
    ExpressionFunction("not", arity: 1...1, tracesResult: false) { call throws(EvaluationError) in
        .bool(try !call.bool(0))
    },
    ExpressionFunction("xor", arity: 2...2, tracesResult: false) { call throws(EvaluationError) in
        let left = try call.bool(0)
        let right = try call.bool(1)
        return .bool(left != right)
    },
    // The first parameter that is neither null nor an empty text, as it is: a boolean stays one, for a condition around it.
    ExpressionFunction("coalesce", arity: 2...Int.max, tracesResult: false) { call throws(EvaluationError) in
        for index in 0..<call.count {
            let value = try call.value(index)
            guard let text = value.text, text.isEmpty else { return value }
        }
        return ""
    },
    // Both branches are evaluated, as in the service.
    ExpressionFunction("iif", arity: 3...3) { call throws(EvaluationError) in
        let condition = try call.bool(0)
        let whenTrue = try call.value(1)
        let whenFalse = try call.value(2)
        return condition ? whenTrue : whenFalse
    },
]
