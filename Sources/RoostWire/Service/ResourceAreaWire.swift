public import FoundationEssentials

/// An area and the address that serves it.
public struct ResourceAreaWire: Codable, Sendable, Hashable {
    public var id: UUID?
    public var name: String?
    public var locationUrl: String?

    public init(
        id: UUID? = nil,
        name: String? = nil,
        locationUrl: String? = nil
    ) {
        self.id = id
        self.name = name
        self.locationUrl = locationUrl
    }
}
