extension HCLFunctions {
    static let formatting: [String: HCLFunction] = [
        "format": HCLFunction(.init("format", .string), variadic: .nullable("args", .dynamic), result: .string) {
            arguments in
            .string(try FormatText(arguments[0].textOrEmpty).filled(Array(arguments.dropFirst())))
        },
        "formatlist": HCLFunction(
            .init("format", .string),
            variadic: .nullable("args", .dynamic),
            result: .list(.string),
            body: formatList
        ),
    ]

    /// Lists are gone through in step; everything else is the same in every round.
    private static func formatList(_ arguments: [HCLValue]) throws -> HCLValue {
        let format = try FormatText(arguments[0].textOrEmpty)
        let values = Array(arguments.dropFirst())
        var length: (count: Int, argument: Int)?
        for (place, value) in values.enumerated() where value.type.isSequence {
            let count = value.elements?.count ?? 0
            if let length, length.count != count {
                throw HCLFunctionFault(
                    "argument \(place + 1) has length \(count), which is inconsistent with argument \(length.argument + 1) of length \(length.count)",
                    argument: place + 1
                )
            }
            length = length ?? (count, place)
        }
        let rounds = try (0..<(length?.count ?? 1)).map { round in
            HCLValue.string(try format.filled(values.map { $0.type.isSequence ? $0.elements?[round] ?? .null() : $0 }))
        }
        return .list(rounds, of: .string)
    }
}
