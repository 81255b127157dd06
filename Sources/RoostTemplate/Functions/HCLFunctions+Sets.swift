extension HCLFunctions {
    static let sets: [String: HCLFunction] = [
        "setintersection": combination { $0.intersection($1) },
        "setunion": combination { $0.union($1) },
        "setsubtract": HCLFunction(.init("a", .set(.dynamic)), .init("b", .set(.dynamic))) { arguments in
            try combine(arguments) { $0.subtracting($1) }
        },
        "setproduct": HCLFunction(variadic: .partial("sets"), body: product),
    ]

    private static func combination(
        _ body: @escaping @Sendable (Set<HCLValue>, Set<HCLValue>) -> Set<HCLValue>
    ) -> HCLFunction {
        HCLFunction(.init("first_set", .set(.dynamic)), variadic: .init("other_sets", .set(.dynamic))) { arguments in
            try combine(arguments, body)
        }
    }

    private static func combine(
        _ arguments: [HCLValue],
        _ body: (Set<HCLValue>, Set<HCLValue>) -> Set<HCLValue>
    ) throws -> HCLValue {
        // An empty set takes the type of the others.
        let types = arguments.compactMap(\.type.elementType).filter { $0 != .dynamic }
        guard let type = HCLType.unified(types) else {
            throw HCLFunctionFault("given sets must all have compatible element types")
        }
        var sets: [Set<HCLValue>] = []
        for argument in arguments { sets.append(Set(try argument.converted(to: .set(type)).elements ?? [])) }
        let result = sets.dropFirst().reduce(sets.first ?? [], body)
        return .set(Array(result), of: type)
    }

    private static let productLimit = 100_000

    /// Lists give a list of tuples; one set among them makes it a set.
    private static func product(_ arguments: [HCLValue]) throws -> HCLValue {
        guard arguments.count >= 2 else { throw HCLFunctionFault("at least two arguments are required") }
        var lists: [[HCLValue]] = []
        var types: [HCLType] = []
        for (place, argument) in arguments.enumerated() {
            guard argument.type.isSequence else {
                throw HCLFunctionFault("a set or a list is required, but given \(argument.type.name)", argument: place)
            }
            guard let elements = argument.elements, let type = HCLType.unified(elements.map(\.type)) else {
                return .unknown()
            }
            lists.append(try elements.map { try $0.converted(to: type) })
            types.append(argument.type.elementType ?? type)
        }
        guard lists.reduce(1, { min(productLimit + 1, $0 * $1.count) }) <= productLimit else {
            throw HCLFunctionFault("the product has more than \(productLimit) elements")
        }
        var rows: [[HCLValue]] = [[]]
        for list in lists { rows = rows.flatMap { row in list.map { row + [$0] } } }
        let tuples = rows.map { HCLValue.tuple($0) }
        let isSet = arguments.contains(where: \.type.isSet)
        return isSet ? .set(tuples, of: .tuple(types)) : .list(tuples, of: .tuple(types))
    }
}
