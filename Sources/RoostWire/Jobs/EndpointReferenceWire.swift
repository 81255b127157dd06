public import FoundationEssentials

/// A service connection by id.
public struct EndpointReferenceWire: Codable, Sendable, Hashable {
    public var id: UUID?
    public var name: String?

    public init(
        id: UUID? = nil,
        name: String? = nil
    ) {
        self.id = id
        self.name = name
    }
}
