extension HCLType {
    /// The type that values of all these types can become; nil when there is none.
    ///
    /// Texts take numbers and truths; objects that differ become a map when their values have a type in common, and tuples a list.
    static func unified(_ types: [HCLType]) -> HCLType? {
        guard let first = types.first else { return .dynamic }
        if types.allSatisfy({ $0 == first }) { return first }
        if types.contains(.dynamic) {
            let known = types.filter { $0 != .dynamic }
            // What is not known may yet turn out to be anything.
            return known.allSatisfy { $0 == known[0] } && known[0].isPrimitive ? known[0] : .dynamic
        }
        if types.allSatisfy(\.isPrimitive) {
            return types.contains(.string) ? .string : nil
        }
        return unifiedCollections(types)
    }

    private static func unifiedCollections(_ types: [HCLType]) -> HCLType? {
        var objects: [[String: HCLType]] = []
        var tuples: [[HCLType]] = []
        var (maps, lists, sets): ([HCLType], [HCLType], [HCLType]) = ([], [], [])
        for type in types {
            switch type {
            case .object(let attributes, _): objects.append(attributes)
            case .tuple(let elements): tuples.append(elements)
            case .map(let element): maps.append(element)
            case .list(let element): lists.append(element)
            case .set(let element): sets.append(element)
            default: return nil
            }
        }
        switch types.count {
        case objects.count: return unifiedObjects(objects)
        case tuples.count: return unifiedTuples(tuples)
        case maps.count + objects.count: return unified(maps + objects.flatMap(\.values)).map { .map($0) }
        case lists.count + tuples.count: return unified(lists + tuples.flatMap { $0 }).map { .list($0) }
        case sets.count + lists.count + tuples.count:
            return unified(sets + lists + tuples.flatMap { $0 }).map {
                lists.isEmpty ? .set($0) : .list($0)
            }
        default: return nil
        }
    }

    private static func unifiedObjects(_ objects: [[String: HCLType]]) -> HCLType? {
        let names = Set(objects[0].keys)
        guard objects.allSatisfy({ Set($0.keys) == names }) else {
            return unified(objects.flatMap(\.values)).map { .map($0) }
        }
        var attributes: [String: HCLType] = [:]
        for name in names {
            guard let common = unified(objects.compactMap { $0[name] }) else { return nil }
            attributes[name] = common
        }
        return .object(attributes)
    }

    private static func unifiedTuples(_ tuples: [[HCLType]]) -> HCLType? {
        guard tuples.allSatisfy({ $0.count == tuples[0].count }) else {
            return unified(tuples.flatMap { $0 }).map { .list($0) }
        }
        var elements: [HCLType] = []
        for place in tuples[0].indices {
            guard let common = unified(tuples.map { $0[place] }) else { return nil }
            elements.append(common)
        }
        return .tuple(elements)
    }

    /// Whether some value of this type can become one of the other.
    func fits(_ other: HCLType) -> Bool {
        switch (self, other) {
        case (.dynamic, _), (_, .dynamic): true
        case (.string, .number), (.string, .bool), (.number, .string), (.bool, .string): true
        case (.list(let a), .list(let b)), (.list(let a), .set(let b)), (.set(let a), .set(let b)),
            (.set(let a), .list(let b)), (.map(let a), .map(let b)):
            a.fits(b)
        case (.tuple(let elements), .list(let b)), (.tuple(let elements), .set(let b)):
            elements.allSatisfy { $0.fits(b) }
        case (.object(let attributes, _), .map(let b)): attributes.values.allSatisfy { $0.fits(b) }
        case (.map(let a), .object(let wanted, _)): wanted.values.allSatisfy { a.fits($0) }
        case (.tuple(let elements), .tuple(let wanted)):
            elements.count == wanted.count && zip(elements, wanted).allSatisfy { $0.fits($1) }
        case (.object(let attributes, _), .object(let wanted, let optional)):
            wanted.allSatisfy { name, type in attributes[name]?.fits(type) ?? optional.contains(name) }
        default: self == other
        }
    }

    /// This type with every ``dynamic`` replaced by what stands in its place in the other.
    func filled(from other: HCLType) -> HCLType {
        switch (self, other) {
        case (.dynamic, _): other
        case (.list(let a), .list(let b)), (.list(let a), .set(let b)): .list(a.filled(from: b))
        case (.set(let a), .list(let b)), (.set(let a), .set(let b)): .set(a.filled(from: b))
        case (.map(let a), .map(let b)): .map(a.filled(from: b))
        case (.object(let a, let optional), .object(let b, _)):
            .object(
                Dictionary(uniqueKeysWithValues: a.map { ($0, b[$0].map($1.filled) ?? $1) }),
                optional: optional
            )
        case (.tuple(let a), .tuple(let b)) where a.count == b.count: .tuple(zip(a, b).map { $0.filled(from: $1) })
        default: self
        }
    }
}
