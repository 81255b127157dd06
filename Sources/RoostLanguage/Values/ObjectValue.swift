/// An object of the expression language: pairs in the order they were written, found ignoring letter case.
public struct ObjectValue: Sendable {
    /// As they were written.
    public private(set) var keys: [String] = []
    public private(set) var values: [Value] = []
    /// From folded key to place; kept only for objects too large to be searched from the front.
    private var places: [String: Int] = [:]
    private static let searchLimit = 8

    public init() {}

    /// Pairs in order; a later pair replaces the value of an earlier one with the same key.
    public init(_ pairs: some Sequence<(String, Value)>) {
        for (key, value) in pairs { self[key] = value }
    }

    public var count: Int { keys.count }
    public var isEmpty: Bool { keys.isEmpty }

    /// The value of a key in any letter case; setting nil removes the pair, setting a new key adds it at the end.
    public subscript(key: String) -> Value? {
        get { place(of: key).map { values[$0] } }
        set {
            switch (place(of: key), newValue) {
            case (let place?, let value?): values[place] = value
            case (let place?, nil): remove(at: place)
            case (nil, let value?): append(key, value)
            case (nil, nil): break
            }
        }
    }

    /// The key as it was written, for a key in any letter case.
    public func spelling(of key: String) -> String? { place(of: key).map { keys[$0] } }

    public func contains(_ key: String) -> Bool { place(of: key) != nil }

    private func place(of key: String) -> Int? {
        keys.count > Self.searchLimit
            ? places[foldedName(key)] : keys.firstIndex { equalIgnoringCase($0, key) }
    }

    private mutating func append(_ key: String, _ value: Value) {
        keys.append(key)
        values.append(value)
        if keys.count == Self.searchLimit + 1 {
            index()
        } else if keys.count > Self.searchLimit {
            places[foldedName(key)] = keys.count - 1
        }
    }

    private mutating func remove(at place: Int) {
        keys.remove(at: place)
        values.remove(at: place)
        index()
    }

    private mutating func index() {
        places = [:]
        guard keys.count > Self.searchLimit else { return }
        for (place, key) in keys.enumerated() { places[foldedName(key)] = place }
    }
}

extension ObjectValue: Hashable {
    public static func == (left: ObjectValue, right: ObjectValue) -> Bool {
        left.keys == right.keys && left.values == right.values
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(keys)
        hasher.combine(values)
    }
}

extension ObjectValue: Sequence {
    /// Pairs in the order they were written.
    public func makeIterator() -> Zip2Sequence<[String], [Value]>.Iterator { zip(keys, values).makeIterator() }
}

extension ObjectValue: ExpressibleByDictionaryLiteral {
    public init(dictionaryLiteral elements: (String, Value)...) { self.init(elements) }
}
