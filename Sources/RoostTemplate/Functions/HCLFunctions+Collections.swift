extension HCLFunctions {
    static let collections: [String: HCLFunction] = [
        "alltrue": truths { !$0.contains(false) },
        "anytrue": truths { $0.contains(true) },
        "chunklist": HCLFunction(.partialList("list"), .init("size", .number), body: chunks),
        "coalesce": HCLFunction(variadic: .any("vals"), body: coalesce),
        "coalescelist": HCLFunction(variadic: .any("vals"), body: coalesceList),
        "compact": HCLFunction(.init("list", .list(.string)), result: .list(.string)) { arguments in
            let kept = (arguments[0].elements ?? []).filter { !($0.text ?? "").isEmpty }
            return .list(kept, of: .string)
        },
        "concat": HCLFunction(variadic: .partial("seqs"), body: concat),
        "contains": HCLFunction(.partial("list"), .partial("value"), result: .bool, body: contains),
        "distinct": HCLFunction(.partialList("list"), body: distinct),
        "element": HCLFunction(.partial("list"), .init("index", .number), body: element),
        "flatten": HCLFunction(.partial("list"), body: flatten),
        "index": HCLFunction(.init("list", .dynamic), .init("value", .dynamic), result: .number, body: index),
        "keys": HCLFunction(.partial("inputMap"), body: keys),
        "values": HCLFunction(.partial("mapping"), body: values),
        "length": HCLFunction(.partial("collection"), result: .number, body: length),
        "lookup": HCLFunction(.partial("inputMap"), .init("key", .string), variadic: .any("default"), body: lookup),
        "merge": HCLFunction(variadic: .any("maps"), body: merge),
        "range": HCLFunction(variadic: .init("params", .number), result: .list(.number), body: range),
        "reverse": HCLFunction(.partial("list"), body: reverse),
        "slice": HCLFunction(.partial("list"), .init("start_index", .number), .init("end_index", .number), body: slice),
        "sort": HCLFunction(.init("list", .list(.string)), result: .list(.string)) { arguments in
            let texts = (arguments[0].elements ?? [])
            guard texts.allSatisfy({ !$0.isNull }) else {
                throw HCLFunctionFault("given list element is null; a null string cannot be sorted", argument: 0)
            }
            return .list(
                texts.sorted { $0.textOrEmpty.unicodeScalars.lexicographicallyPrecedes($1.textOrEmpty.unicodeScalars) },
                of: .string
            )
        },
        "zipmap": HCLFunction(.init("keys", .list(.string)), .partial("values"), body: zipmap),
    ]

    private static func truths(_ holds: @escaping @Sendable ([Bool]) -> Bool) -> HCLFunction {
        HCLFunction(.init("list", .list(.bool)), result: .bool) { arguments in
            let elements = arguments[0].elements ?? []
            return .bool(holds(elements.map { $0.truth ?? false }))
        }
    }

    // MARK: Choosing

    private static func coalesce(_ arguments: [HCLValue]) throws -> HCLValue {
        guard let type = HCLType.unified(arguments.map(\.type)) else {
            throw HCLFunctionFault("all arguments must have the same type")
        }
        for argument in arguments {
            guard argument.isKnown else { return .unknown(type) }
            if argument.isNull { continue }
            let value = try argument.converted(to: type)
            if value.text == "" { continue }
            return value
        }
        throw HCLFunctionFault("no non-null, non-empty-string arguments")
    }

    private static func coalesceList(_ arguments: [HCLValue]) throws -> HCLValue {
        for (place, argument) in arguments.enumerated() where argument.type.isSet {
            throw HCLFunctionFault("coalescelist arguments must be lists or tuples", argument: place)
        }
        for (place, argument) in arguments.enumerated() {
            if argument.isNull { throw HCLFunctionFault("argument must not be null", argument: place) }
            if !argument.isKnown, argument.type == .dynamic { return .unknown() }
            guard argument.type.isSequence else {
                throw HCLFunctionFault("coalescelist arguments must be lists or tuples", argument: place)
            }
            guard let elements = argument.elements else { return .unknown() }
            if !elements.isEmpty { return argument }
        }
        throw HCLFunctionFault("no non-null arguments")
    }

    private static func lookup(_ arguments: [HCLValue]) throws -> HCLValue {
        let (map, key) = (arguments[0], arguments[1].textOrEmpty)
        guard arguments.count <= 3 else {
            throw HCLFunctionFault("lookup() takes two or three arguments, got \(arguments.count)")
        }
        guard map.isKnown else { return .unknown(map.type.elementType ?? .dynamic) }
        guard let attributes = map.attributes else {
            throw HCLFunctionFault("lookup() requires a map as the first argument", argument: 0)
        }
        if let found = attributes[key] { return found }
        guard arguments.count == 3 else {
            throw HCLFunctionFault("the given object has no attribute \(quoted(key))", argument: 1)
        }
        guard let type = map.type.elementType else { return arguments[2] }
        do { return try arguments[2].converted(to: type) } catch {
            throw HCLFunctionFault("the default value must have the same type as the map elements", argument: 2)
        }
    }

    private static func contains(_ arguments: [HCLValue]) throws -> HCLValue {
        guard arguments[0].isKnown else { return .unknown(.bool) }
        guard arguments[0].type.isSequence, let elements = arguments[0].elements else {
            throw HCLFunctionFault("argument must be list, tuple, or set", argument: 0)
        }
        var isKnown = true
        for element in elements {
            switch element.equals(arguments[1]) {
            case true?: return .bool(true)
            case nil: isKnown = false
            case false?: break
            }
        }
        return isKnown ? .bool(false) : .unknown(.bool)
    }

    private static func index(_ arguments: [HCLValue]) throws -> HCLValue {
        guard arguments[0].type.isSequence, !arguments[0].type.isSet, let elements = arguments[0].elements else {
            throw HCLFunctionFault("argument must be a list or tuple", argument: 0)
        }
        guard let place = elements.firstIndex(where: { $0.equals(arguments[1]) == true }) else {
            throw HCLFunctionFault("item not found", argument: 1)
        }
        return .number(place)
    }

    private static func element(_ arguments: [HCLValue]) throws -> HCLValue {
        let list = arguments[0]
        guard list.type.isSequence else {
            throw HCLFunctionFault("cannot read elements from \(list.type.name)", argument: 0)
        }
        if case .set = list.type { throw HCLFunctionFault("cannot read elements from set", argument: 0) }
        guard let elements = list.elements else { return .unknown(list.type.elementType ?? .dynamic) }
        guard !elements.isEmpty else {
            throw HCLFunctionFault("cannot use element function with an empty list", argument: 0)
        }
        let place = try arguments[1].whole(1) % elements.count
        return elements[place < 0 ? place + elements.count : place]
    }

    private static func length(_ arguments: [HCLValue]) throws -> HCLValue {
        let value = arguments[0]
        if case .tuple(let types) = value.type { return .number(types.count) }
        if case .object(let types, _) = value.type { return .number(types.count) }
        switch value.content {
        case .unknown: return .unknown(.number)
        case .string(let text): return .number(text.count)
        case .elements(let elements): return .number(elements.count)
        case .attributes(let attributes): return .number(attributes.count)
        default:
            throw HCLFunctionFault("argument must be a string, a collection type, or a structural type", argument: 0)
        }
    }

    // MARK: Lists

    /// The elements of a list, a tuple or, if it may be, a set; nil when they are not known.
    private static func sequence(
        _ value: HCLValue,
        _ argument: Int,
        _ what: String,
        takesSets: Bool = false
    ) throws -> [HCLValue]? {
        if value.type == .dynamic, !value.isKnown { return nil }
        guard value.type.isSequence, takesSets || !value.type.isSet else {
            throw HCLFunctionFault(what, argument: argument)
        }
        return value.elements
    }

    private static func chunks(_ arguments: [HCLValue]) throws -> HCLValue {
        guard let elements = arguments[0].elements, let type = arguments[0].type.elementType else { return .unknown() }
        let size = try arguments[1].whole(1)
        guard size >= 0 else { throw HCLFunctionFault("the size argument must be positive", argument: 1) }
        guard !elements.isEmpty else { return .list([], of: .list(type)) }
        guard size > 0 else { return .list([arguments[0]], of: .list(type)) }
        let chunks = stride(from: 0, to: elements.count, by: size).map {
            HCLValue.list(Array(elements[$0..<min($0 + size, elements.count)]), of: type)
        }
        return .list(chunks, of: .list(type))
    }

    static func concat(_ arguments: [HCLValue]) throws -> HCLValue {
        guard !arguments.isEmpty else { throw HCLFunctionFault("at least one argument is required") }
        var elements: [HCLValue] = []
        for (place, argument) in arguments.enumerated() {
            guard
                let part = try sequence(
                    argument,
                    place,
                    "all arguments must be lists or tuples; got \(argument.type.name)"
                )
            else { return .unknown() }
            elements += part
        }
        // Lists stay a list when their elements have a type in common; with a tuple among them it is a tuple.
        let types = arguments.compactMap(\.type.elementType)
        if types.count == arguments.count, let common = HCLType.unified(types) {
            return .list(try elements.map { try $0.converted(to: common) }, of: common)
        }
        return .tuple(elements)
    }

    private static func distinct(_ arguments: [HCLValue]) throws -> HCLValue {
        guard let elements = arguments[0].elements, let type = arguments[0].type.elementType else { return .unknown() }
        var seen: Set<HCLValue> = []
        return .list(elements.filter { seen.insert($0).inserted }, of: type)
    }

    private static func flatten(_ arguments: [HCLValue]) throws -> HCLValue {
        guard let elements = try sequence(arguments[0], 0, "can only flatten lists, sets and tuples", takesSets: true)
        else {
            return .unknown()
        }
        var flat: [HCLValue] = []
        guard collect(elements, into: &flat) else { return .unknown() }
        return .tuple(flat)
    }

    /// Whether everything is known that could be a list.
    private static func collect(_ elements: [HCLValue], into flat: inout [HCLValue]) -> Bool {
        for element in elements {
            if element.type.isSequence, !element.isNull {
                guard let inner = element.elements, collect(inner, into: &flat) else { return false }
            } else if !element.isKnown, element.type == .dynamic {
                return false
            } else {
                flat.append(element)
            }
        }
        return true
    }

    private static func reverse(_ arguments: [HCLValue]) throws -> HCLValue {
        guard
            let elements = try sequence(
                arguments[0],
                0,
                "can only reverse list or tuple values, not \(arguments[0].type.name)",
                takesSets: true
            )
        else { return .unknown() }
        if let type = arguments[0].type.elementType { return .list(elements.reversed(), of: type) }
        return .tuple(elements.reversed())
    }

    private static func slice(_ arguments: [HCLValue]) throws -> HCLValue {
        if case .set = arguments[0].type {
            throw HCLFunctionFault(
                "cannot slice a set, because its elements do not have indices; explicitly convert to a list if the ordering of the result is not important",
                argument: 0
            )
        }
        guard let elements = try sequence(arguments[0], 0, "cannot slice a \(arguments[0].type.name)") else {
            return .unknown()
        }
        let (start, end) = (try arguments[1].whole(1), try arguments[2].whole(2))
        guard start >= 0 else { throw HCLFunctionFault("start index must not be less than zero", argument: 1) }
        guard start <= elements.count else {
            throw HCLFunctionFault("start index must not be greater than the length of the list", argument: 1)
        }
        guard end >= 0, end <= elements.count else {
            throw HCLFunctionFault("end index must not be greater than the length of the list", argument: 2)
        }
        guard start <= end else {
            throw HCLFunctionFault("start index must not be greater than end index", argument: 1)
        }
        let part = Array(elements[start..<end])
        if let type = arguments[0].type.elementType { return .list(part, of: type) }
        return .tuple(part)
    }

    private static let rangeLimit = 1024

    private static func range(_ arguments: [HCLValue]) throws -> HCLValue {
        let numbers = arguments.map(\.numeralOrZero)
        guard (1...3).contains(numbers.count) else { throw HCLFunctionFault("must have one, two, or three arguments") }
        let (start, end) = numbers.count == 1 ? (.zero, numbers[0]) : (numbers[0], numbers[1])
        let isDown = end < start
        let step = numbers.count == 3 ? numbers[2] : HCLNumber(isDown ? -1 : 1)
        guard !step.isZero else { throw HCLFunctionFault("step must not be zero", argument: 2) }
        guard start == end || step.isNegative == isDown else {
            throw HCLFunctionFault(
                isDown
                    ? "end must be greater than start when step is positive"
                    : "end must be less than start when step is negative",
                argument: 1
            )
        }
        var (result, number): ([HCLValue], HCLNumber) = ([], start)
        while isDown ? number > end : number < end {
            guard result.count < rangeLimit else {
                throw HCLFunctionFault(
                    "more than \(rangeLimit) values were generated; either decrease the difference between start and end or use a smaller step"
                )
            }
            result.append(.number(number))
            number = number + step
        }
        return .list(result, of: .number)
    }

    // MARK: Maps

    private static func keys(_ arguments: [HCLValue]) throws -> HCLValue {
        switch arguments[0].type {
        case .object(let attributes, _): return .tuple(attributes.keys.sorted().map { .string($0) })
        case .map:
            guard let attributes = arguments[0].attributes else { return .unknown(.list(.string)) }
            return .list(attributes.keys.sorted().map { .string($0) }, of: .string)
        case .dynamic where !arguments[0].isKnown: return .unknown()
        default: throw HCLFunctionFault("must be map or object, not \(arguments[0].type.name)", argument: 0)
        }
    }

    private static func values(_ arguments: [HCLValue]) throws -> HCLValue {
        guard arguments[0].type.isMapping || arguments[0].type == .dynamic else {
            throw HCLFunctionFault("values() requires a map as the first argument", argument: 0)
        }
        guard let attributes = arguments[0].attributes else { return .unknown() }
        let ordered = attributes.sorted { $0.key < $1.key }.map(\.value)
        if let type = arguments[0].type.elementType { return .list(ordered, of: type) }
        return .tuple(ordered)
    }

    private static func merge(_ arguments: [HCLValue]) throws -> HCLValue {
        var merged: [String: HCLValue] = [:]
        var types: [HCLType] = []
        for (place, argument) in arguments.enumerated() where !(argument.isNull && argument.type == .dynamic) {
            guard argument.type.isMapping || argument.type == .dynamic else {
                throw HCLFunctionFault("arguments must be maps or objects, got \(argument.type.name)", argument: place)
            }
            if argument.isNull { continue }
            guard let attributes = argument.attributes else { return .unknown() }
            types.append(argument.type)
            merged.merge(attributes) { _, new in new }
        }
        if let first = types.first?.elementType, types.allSatisfy({ $0.elementType == first }) {
            return .map(merged, of: first)
        }
        return .object(merged)
    }

    private static func zipmap(_ arguments: [HCLValue]) throws -> HCLValue {
        guard let keys = arguments[0].elements else { return .unknown() }
        guard let values = try sequence(arguments[1], 1, "values argument must be a list or tuple value") else {
            return .unknown()
        }
        guard keys.count == values.count else {
            throw HCLFunctionFault("number of keys (\(keys.count)) does not match number of values (\(values.count))")
        }
        var result: [String: HCLValue] = [:]
        for (key, value) in zip(keys, values) { result[key.textOrEmpty] = value }
        if let type = arguments[1].type.elementType { return .map(result, of: type) }
        return .object(result)
    }
}

extension HCLFunction.Parameter {
    /// A list of any one type, which may be known in part only.
    static func partialList(_ name: String) -> HCLFunction.Parameter { .partial(name, .list(.dynamic)) }
}
