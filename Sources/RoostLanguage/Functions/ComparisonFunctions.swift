/// `eq`, `ne`, `gt`, `ge`, `lt`, `le`, `in` and `notIn`.
let comparisonFunctions: [ExpressionFunction] = [
    ExpressionFunction("eq", arity: 2...2, tracesResult: false) { call throws(EvaluationError) in
        let left = try call.value(0)
        return .bool(left.equals(try call.value(1)))
    },
    ExpressionFunction("ne", arity: 2...2, tracesResult: false) { call throws(EvaluationError) in
        let left = try call.value(0)
        return .bool(!left.equals(try call.value(1)))
    },
    orderFunction("gt") { $0 > 0 },
    orderFunction("ge") { $0 >= 0 },
    orderFunction("lt") { $0 < 0 },
    orderFunction("le") { $0 <= 0 },
    ExpressionFunction("in", arity: 1...Int.max, tracesResult: false) { call throws(EvaluationError) in
        .bool(try firstEqualsAnyOther(call))
    },
    ExpressionFunction("notIn", arity: 1...Int.max, tracesResult: false) { call throws(EvaluationError) in
        .bool(try !firstEqualsAnyOther(call))
    },
]

private func orderFunction(_ name: String, holds: @escaping @Sendable (Int) -> Bool) -> ExpressionFunction {
    ExpressionFunction(name, arity: 2...2, tracesResult: false) { call throws(EvaluationError) in
        let left = try call.value(0)
        let right = try call.value(1)
        do throws(ConversionFailure) {
            return .bool(holds(try left.order(against: right)))
        } catch {
            throw call.failure(.conversion(error))
        }
    }
}

private func firstEqualsAnyOther(_ call: FunctionCall) throws(EvaluationError) -> Bool {
    let value = try call.value(0)
    for index in 1..<max(1, call.count) {
        if try value.equals(call.value(index)) { return true }
    }
    return false
}
