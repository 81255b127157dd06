/// Names and values of what a machine offers; names are compared ignoring case, and keep the spelling they came with.
public struct Capabilities: Hashable, Sendable, Codable, ExpressibleByDictionaryLiteral, Sequence {
    /// Lower-case name to the name as given and its value.
    private var entries: [String: Entry] = [:]

    private struct Entry: Hashable, Sendable {
        var name: String
        var value: String
    }

    public init() {}

    public init(_ values: [String: String]) {
        entries.reserveCapacity(values.count)
        for (name, value) in values { self[name] = value }
    }

    public init(dictionaryLiteral elements: (String, String)...) {
        for (name, value) in elements { self[name] = value }
    }

    /// The value of a capability, whatever the letter case of its name.
    public subscript(name: String) -> String? {
        get { entries[name.lowercased()]?.value }
        set { entries[name.lowercased()] = newValue.map { Entry(name: name, value: $0) } }
    }

    public var isEmpty: Bool { entries.isEmpty }
    public var count: Int { entries.count }

    /// With the names as they were given.
    public var dictionary: [String: String] {
        Dictionary(entries.values.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
    }

    /// Ordered by name, ignoring case.
    public func makeIterator() -> IndexingIterator<[(name: String, value: String)]> {
        entries.sorted { $0.key < $1.key }.map { (name: $0.value.name, value: $0.value.value) }.makeIterator()
    }

    public init(from decoder: any Decoder) throws {
        self.init(try decoder.singleValueContainer().decode([String: String].self))
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(dictionary)
    }
}
