/// Something with a number and a name.
public struct ReferenceWire: Codable, Sendable, Hashable {
    public var id: Int?
    public var name: String?
    public var links: [String: LinkWire]?

    public init(
        id: Int? = nil,
        name: String? = nil,
        links: [String: LinkWire]? = nil
    ) {
        self.id = id
        self.name = name
        self.links = links
    }

    private enum CodingKeys: String, CodingKey {
        case id
        case name
        case links = "_links"
    }
}
