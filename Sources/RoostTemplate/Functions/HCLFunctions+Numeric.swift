import Foundation

extension HCLFunctions {
    static let numeric: [String: HCLFunction] = [
        "abs": number { $0.magnitude },
        "ceil": number { $0.ceiling },
        "floor": number { $0.floor },
        "signum": HCLFunction(.init("num", .number), result: .number) { arguments in
            let number = HCLNumber.number(arguments[0])
            return .number(number.isZero ? 0 : number.isNegative ? -1 : 1)
        },
        "max": extreme(">") { $0 > $1 },
        "min": extreme("<") { $0 < $1 },
        "log": HCLFunction(.init("num", .number), .init("base", .number), result: .number) { arguments in
            try real(log(arguments[0].numeralOrZero.double) / log(arguments[1].numeralOrZero.double))
        },
        "pow": HCLFunction(.init("num", .number), .init("power", .number), result: .number) { arguments in
            try real(pow(arguments[0].numeralOrZero.double, arguments[1].numeralOrZero.double))
        },
        "parseint": HCLFunction(.partial("number"), .init("base", .number), result: .number, body: parseInteger),
        "sum": HCLFunction(.init("list", .dynamic), result: .number, body: sum),
    ]

    private static func number(_ change: @escaping @Sendable (HCLNumber) -> HCLNumber) -> HCLFunction {
        HCLFunction(.init("num", .number), result: .number) { .number(change($0[0].numeralOrZero)) }
    }

    private static func extreme(
        _ name: String,
        _ isBetter: @escaping @Sendable (HCLNumber, HCLNumber) -> Bool
    ) -> HCLFunction {
        HCLFunction(variadic: .init("numbers", .number), result: .number) { arguments in
            guard var best = arguments.first?.numeral else { throw HCLFunctionFault("must pass at least one number") }
            for argument in arguments { if let number = argument.numeral, isBetter(number, best) { best = number } }
            return .number(best)
        }
    }

    private static func real(_ value: Double) throws -> HCLValue {
        guard let number = HCLNumber(value) else { throw HCLFunctionFault("the result is not a finite number") }
        return .number(number)
    }

    /// Digits beyond 36 are upper-case letters, as 62 is the highest base.
    private static func parseInteger(_ arguments: [HCLValue]) throws -> HCLValue {
        guard arguments[0].type == .string, let text = arguments[0].text else {
            guard arguments[0].isKnown else { return .unknown(.number) }
            throw HCLFunctionFault("first argument must be a string, not \(arguments[0].type.name)", argument: 0)
        }
        guard let base = arguments[1].numeral?.int, (2...62).contains(base) else {
            throw HCLFunctionFault("base must be a whole number between 2 and 62 inclusive", argument: 1)
        }
        let problem = HCLFunctionFault("cannot parse \"\(text)\" as a base \(base) integer", argument: 0)
        let isNegative = text.hasPrefix("-")
        let digits = isNegative || text.hasPrefix("+") ? text.dropFirst() : text[...]
        guard !digits.isEmpty, digits.utf8.count <= 4_000 else { throw problem }
        var value = Natural.zero
        for byte in digits.utf8 {
            guard let digit = digit(byte, base), digit < base else { throw problem }
            value = value * Natural(UInt64(base)) + Natural(UInt64(digit))
        }
        return .number(HCLNumber(whole: value, negative: isNegative))
    }

    private static func digit(_ byte: UInt8, _ base: Int) -> Int? {
        switch byte {
        case 0x30...0x39: Int(byte) - 0x30
        case 0x61...0x7A: Int(byte) - 0x61 + 10
        case 0x41...0x5A: Int(byte) - 0x41 + (base <= 36 ? 10 : 36)
        default: nil
        }
    }

    private static func sum(_ arguments: [HCLValue]) throws -> HCLValue {
        guard arguments[0].type.isSequence, let elements = arguments[0].elements else {
            throw HCLFunctionFault(
                "argument must be list, set, or tuple. Received \(arguments[0].type.name)",
                argument: 0
            )
        }
        guard !elements.isEmpty else { throw HCLFunctionFault("cannot sum an empty list", argument: 0) }
        var total = HCLNumber.zero
        for element in elements {
            guard let number = try? element.converted(to: .number).numeral else {
                throw HCLFunctionFault("argument must be list, set, or tuple of number values", argument: 0)
            }
            total = total + number
        }
        return .number(total)
    }
}

extension HCLNumber {
    fileprivate static func number(_ value: HCLValue) -> HCLNumber { value.numeralOrZero }
}
