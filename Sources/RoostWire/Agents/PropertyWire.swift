/// A value of a properties collection.
public struct PropertyWire: Codable, Sendable, Hashable {
    public var type: String?
    public var value: String?

    public init(
        type: String? = nil,
        value: String? = nil
    ) {
        self.type = type
        self.value = value
    }

    private enum CodingKeys: String, CodingKey {
        case type = "$type"
        case value = "$value"
    }
}
