extension HCLEvaluator {
    /// The result of `value.name`.
    mutating func attribute(_ name: String, of value: HCLValue, _ range: HCLRange) -> HCLValue {
        let sensitive = value.isSensitive
        if value.isNull {
            return fail(
                "null-access",
                "Attempt to get attribute from null value",
                "This value is null, so it does not have any attributes.",
                range
            )
        }
        switch value.type {
        case .object(let attributes, _):
            guard let type = attributes[name] else {
                let near = suggestion(name, among: attributes.keys.sorted())
                return fail(
                    "no-attribute",
                    "Unsupported attribute",
                    "This object does not have an attribute named \"\(name)\".",
                    range,
                    advice: near
                )
            }
            guard let known = value.attributes else { return HCLValue.unknown(type).marked(sensitive) }
            return (known[name] ?? .unknown(type)).marked(sensitive)
        case .map(let type):
            guard let known = value.attributes else { return HCLValue.unknown(type).marked(sensitive) }
            guard let element = known[name] else {
                return fail(
                    "no-element",
                    "Missing map element",
                    "This map does not have an element with the key \"\(name)\".",
                    range,
                    advice: suggestion(name, among: known.keys.sorted())
                )
            }
            return element.marked(sensitive)
        case .dynamic: return HCLValue.unknown().marked(sensitive)
        case .list, .set, .tuple: return sequenceAttribute(name, value, range)
        default:
            return fail(
                "no-attribute",
                "Unsupported attribute",
                "Can't access attributes on a primitive-typed value (\(value.type.name)).",
                range
            )
        }
    }

    private mutating func sequenceAttribute(_ name: String, _ value: HCLValue, _ range: HCLRange) -> HCLValue {
        let elements: HCLType? =
            if case .tuple(let types) = value.type { types.first } else { value.type.elementType }
        var advice: String?
        if case .object(let attributes, _) = elements, attributes[name] != nil {
            advice = "Its elements have it: [*].\(name) takes it of all, [0].\(name) of the first."
        }
        return fail(
            "no-attribute",
            "Unsupported attribute",
            "This value does not have any attributes.",
            range,
            advice: advice
        )
    }

    /// The result of `value[key]`.
    mutating func index(_ value: HCLValue, by key: HCLValue, _ range: HCLRange) -> HCLValue {
        let sensitive = value.isSensitive || key.isSensitive
        if value.isNull {
            return fail(
                "null-access",
                "Attempt to index null value",
                "This value is null, so it does not have any indices.",
                range
            )
        }
        if key.isNull {
            return fail("index", "Invalid index", "Can't use a null value as an indexing key.", range)
        }
        if value.type == .dynamic { return HCLValue.unknown().marked(sensitive) }
        switch value.type {
        case .list(let type): return element(value, key, range) { _ in type }.marked(sensitive)
        case .tuple(let types):
            return element(value, key, range) { $0 < types.count ? types[$0] : nil }.marked(sensitive)
        case .map, .object: return mapping(value, key, range).marked(sensitive)
        case .set:
            return fail(
                "index",
                "Invalid index",
                "Elements of a set are identified only by their value and don't have any separate index or key to select with, so it's only possible to perform operations across all elements of the set.",
                range
            )
        default:
            return fail("index", "Invalid index", "This value does not have any indices.", range)
        }
    }

    private mutating func element(
        _ value: HCLValue,
        _ key: HCLValue,
        _ range: HCLRange,
        type: (Int) -> HCLType?
    ) -> HCLValue {
        guard let number = try? key.converted(to: .number) else {
            return fail(
                "index",
                "Invalid index",
                "The given key does not identify an element in this collection value: a number is required.",
                range
            )
        }
        guard let numeral = number.numeral else {
            if case .tuple = value.type { return .unknown() }
            return .unknown(value.type.elementType ?? .dynamic)
        }
        guard let place = numeral.int else {
            let isNear = numeral.isWhole
            return fail(
                "index",
                "Invalid index",
                isNear
                    ? "The given index is beyond all bounds."
                    : "The given key does not identify an element in this collection value: indexing a sequence requires a whole number, but the given index (\(numeral)) has a fractional part.",
                range
            )
        }
        if place < 0 {
            return fail(
                "index",
                "Invalid index",
                "The given key does not identify an element in this collection value: a negative number is not a valid index for a sequence.",
                range
            )
        }
        guard let elements = value.elements else { return .unknown(type(place) ?? .dynamic) }
        guard place < elements.count else {
            let why =
                elements.isEmpty
                ? "the collection has no elements"
                : "the given index is greater than or equal to the length of the collection"
            return fail(
                "index",
                "Invalid index",
                "The given key does not identify an element in this collection value: \(why).",
                range
            )
        }
        return elements[place]
    }

    private mutating func mapping(_ value: HCLValue, _ key: HCLValue, _ range: HCLRange) -> HCLValue {
        guard let text = try? key.converted(to: .string) else {
            return fail(
                "index",
                "Invalid index",
                "The given key does not identify an element in this collection value: a string is required.",
                range
            )
        }
        guard let name = text.text else { return .unknown(value.type.elementType ?? .dynamic) }
        if case .object(let types, _) = value.type {
            if types[name] == nil {
                return fail(
                    "index",
                    "Invalid index",
                    "The given key does not identify an element in this collection value.",
                    range,
                    advice: suggestion(name, among: types.keys.sorted())
                )
            }
            return value.attributes?[name] ?? .unknown(types[name] ?? .dynamic)
        }
        guard let known = value.attributes else { return .unknown(value.type.elementType ?? .dynamic) }
        return known[name]
            ?? fail(
                "index",
                "Invalid index",
                "The given key does not identify an element in this collection value.",
                range,
                advice: suggestion(name, among: known.keys.sorted())
            )
    }
}
