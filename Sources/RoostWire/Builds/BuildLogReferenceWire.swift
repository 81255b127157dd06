/// The logs of a build.
public struct BuildLogReferenceWire: Codable, Sendable, Hashable {
    public var id: Int?
    public var type: String?
    public var url: String?

    public init(
        id: Int? = nil,
        type: String? = nil,
        url: String? = nil
    ) {
        self.id = id
        self.type = type
        self.url = url
    }
}
