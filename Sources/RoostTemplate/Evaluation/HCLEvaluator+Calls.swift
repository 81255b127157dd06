import RoostLanguage

extension HCLEvaluator {
    mutating func result(of call: HCLCall, _ range: HCLRange, in scope: HCLScope) -> HCLValue {
        guard let function = scope.function(call.name) else { return unknownFunction(call, range, in: scope) }
        switch function.form {
        case .firstThatWorks: return firstThatWorks(call, range, in: scope)
        case .works: return works(call, range, in: scope)
        case .convert: return convert(call, range, in: scope)
        case .ordinary(let body):
            let before = diagnostics.count
            guard let arguments = arguments(of: call, range, in: scope),
                checkCount(arguments.count, call, function, range),
                let values = convert(arguments, of: call, function, range), diagnostics.count == before
            else { return .unknown(function.result) }
            return apply(body, values, call, function, range)
        }
    }

    private mutating func unknownFunction(_ call: HCLCall, _ range: HCLRange, in scope: HCLScope) -> HCLValue {
        guard let names = scope.functionNames else {
            return fail("no-functions", "Function calls not allowed", "Functions may not be called here.", range)
        }
        let detail = "There is no function named \"\(call.name)\"."
        return fail(
            "unknown-function",
            "Call to unknown function",
            detail,
            call.nameRange,
            context: range,
            advice: suggestion(call.name, among: names)
        )
    }

    /// Values and the expressions they come from.
    private mutating func arguments(
        of call: HCLCall,
        _ range: HCLRange,
        in scope: HCLScope
    ) -> [(value: HCLValue, range: HCLRange)]? {
        var values: [(value: HCLValue, range: HCLRange)] = []
        for argument in call.arguments { values.append((value(of: argument, in: scope), argument.startRange)) }
        guard call.expandsLast, let last = values.popLast() else { return values }
        guard let elements = expanded(last, range) else { return nil }
        return values + elements
    }

    private mutating func expanded(
        _ last: (value: HCLValue, range: HCLRange),
        _ range: HCLRange
    ) -> [(value: HCLValue, range: HCLRange)]? {
        let summary = "Invalid expanding argument value"
        if last.value.isNull {
            _ = fail(
                "expansion",
                summary,
                "The expanding argument (indicated by ...) must not be null.",
                last.range,
                context: range
            )
            return nil
        }
        guard last.value.type.isSequence || last.value.type == .dynamic else {
            _ = fail(
                "expansion",
                summary,
                "The expanding argument (indicated by ...) must be of a tuple, list, or set type.",
                last.range,
                context: range
            )
            return nil
        }
        return last.value.elements?.map { ($0.marked(last.value.isSensitive), last.range) }
    }

    private mutating func checkCount(_ count: Int, _ call: HCLCall, _ function: HCLFunction, _ range: HCLRange) -> Bool
    {
        let wanted = function.parameters.count
        if count < wanted {
            let name = function.parameters[count].name
            let atLeast = function.variadic == nil ? "" : "at least "
            _ = fail(
                "arguments",
                "Not enough function arguments",
                "Function \"\(call.name)\" expects \(atLeast)\(wanted) argument(s). Missing value for \"\(name)\".",
                call.closeRange,
                context: range
            )
            return false
        }
        if count > wanted, function.variadic == nil {
            let extra = wanted < call.arguments.count ? call.arguments[wanted].startRange : call.closeRange
            _ = fail(
                "arguments",
                "Too many function arguments",
                "Function \"\(call.name)\" expects only \(wanted) argument(s).",
                extra,
                context: range
            )
            return false
        }
        return true
    }

    private mutating func convert(
        _ arguments: [(value: HCLValue, range: HCLRange)],
        of call: HCLCall,
        _ function: HCLFunction,
        _ range: HCLRange
    ) -> [HCLValue]? {
        var values: [HCLValue] = []
        for (place, argument) in arguments.enumerated() {
            guard let parameter = function.parameter(place) else { return nil }
            do {
                let value = try argument.value.converted(to: parameter.type)
                if value.isNull, !parameter.takesNull {
                    _ = failArgument(parameter.name, "argument must not be null", argument.range, call, range)
                    continue
                }
                values.append(value)
            } catch {
                _ = failArgument(parameter.name, error.description, argument.range, call, range)
            }
        }
        return values.count == arguments.count ? values : nil
    }

    private mutating func failArgument(
        _ name: String,
        _ reason: String,
        _ subject: HCLRange,
        _ call: HCLCall,
        _ range: HCLRange
    ) -> HCLValue {
        fail(
            "argument",
            "Invalid function argument",
            "Invalid value for \"\(name)\" parameter: \(reason).",
            subject,
            context: range
        )
    }

    private mutating func apply(
        _ body: @Sendable ([HCLValue]) throws -> HCLValue,
        _ values: [HCLValue],
        _ call: HCLCall,
        _ function: HCLFunction,
        _ range: HCLRange
    ) -> HCLValue {
        let isSensitive = values.contains(where: \.hasSensitivePart)
        for (place, value) in values.enumerated() where function.parameter(place)?.takesUnknown == false {
            if !value.isWhollyKnown { return HCLValue.unknown(function.result).marked(isSensitive) }
        }
        guard spend(values.reduce(1) { $0 + $1.weight / 4 }, at: range) else { return .unknown(function.result) }
        do {
            let result = try body(values.map(\.withoutMarks))
            guard spend(result.weight / 4, at: range) else { return .unknown(function.result) }
            return result.marked(isSensitive)
        } catch let fault as HCLFunctionFault {
            return report(fault, call, function, range)
        } catch {
            return report(HCLFunctionFault("\(error)"), call, function, range)
        }
    }

    private mutating func report(
        _ fault: HCLFunctionFault,
        _ call: HCLCall,
        _ function: HCLFunction,
        _ range: HCLRange
    ) -> HCLValue {
        guard let place = fault.argument, let parameter = function.parameter(place), !call.arguments.isEmpty else {
            return fail(
                "call",
                "Error in function call",
                "Call to function \"\(call.name)\" failed: \(fault.reason).",
                call.nameRange.union(call.openRange),
                context: range
            )
        }
        let subject = call.arguments[min(place, call.arguments.count - 1)].startRange
        return failArgument(parameter.name, fault.reason, subject, call, range)
    }

    // MARK: Functions of expressions

    private mutating func firstThatWorks(_ call: HCLCall, _ range: HCLRange, in scope: HCLScope) -> HCLValue {
        guard !call.arguments.isEmpty else {
            return fail(
                "call",
                "Error in function call",
                "Call to function \"\(call.name)\" failed: at least one argument is required.",
                call.nameRange.union(call.openRange),
                context: range
            )
        }
        var reasons: [String] = []
        for argument in call.arguments {
            let (value, problems) = attempt { $0.value(of: argument, in: scope) }
            if problems.isEmpty { return value }
            for problem in problems {
                let place = problem.span.map { "\($0)" } ?? "\(argument.range)"
                reasons.append("- \(problem.summary) (at \(place))\n  \(problem.detail ?? "")")
            }
        }
        let list = reasons.joined(separator: "\n")
        return fail(
            "call",
            "Error in function call",
            "Call to function \"\(call.name)\" failed: no expression succeeded:\n\(list)\n\nAt least one expression must produce a successful result.",
            call.nameRange.union(call.openRange),
            context: range
        )
    }

    private mutating func works(_ call: HCLCall, _ range: HCLRange, in scope: HCLScope) -> HCLValue {
        guard call.arguments.count == 1, !call.expandsLast else { return wrongCount(call, 1, range) }
        let (value, problems) = attempt { $0.value(of: call.arguments[0], in: scope) }
        if !problems.isEmpty { return .bool(false) }
        return value.isWhollyKnown ? .bool(true) : .unknown(.bool)
    }

    private mutating func convert(_ call: HCLCall, _ range: HCLRange, in scope: HCLScope) -> HCLValue {
        guard call.arguments.count == 2, !call.expandsLast else { return wrongCount(call, 2, range) }
        let before = diagnostics.count
        let value = value(of: call.arguments[0], in: scope)
        let (constraint, problems) = HCLTypeConstraint.parse(call.arguments[1])
        diagnostics += problems
        guard diagnostics.count == before else { return .unknown() }
        do { return try value.converted(to: constraint.type) } catch {
            return failArgument("value", error.description, call.arguments[0].startRange, call, range)
        }
    }

    private mutating func wrongCount(_ call: HCLCall, _ wanted: Int, _ range: HCLRange) -> HCLValue {
        let isFew = call.arguments.count < wanted
        return fail(
            "arguments",
            isFew ? "Not enough function arguments" : "Too many function arguments",
            "Function \"\(call.name)\" expects \(isFew ? "" : "only ")\(wanted) argument(s).",
            isFew ? call.closeRange : call.arguments[min(wanted, call.arguments.count - 1)].range,
            context: range
        )
    }
}

extension HCLValue {
    /// How much it holds, for bounds of work.
    var weight: Int {
        switch content {
        case .string(let text): 1 + text.utf8.count / 16
        case .elements(let elements): elements.reduce(1) { $0 + $1.weight }
        case .attributes(let attributes): attributes.values.reduce(1) { $0 + 1 + $1.weight }
        default: 1
        }
    }
}
