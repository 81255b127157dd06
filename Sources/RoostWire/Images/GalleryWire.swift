public import FoundationEssentials
public import RoostModel

/// A gallery in the shape of Azure's `Microsoft.Compute/galleries`; in requests, what is nil stays as it is.
public struct GalleryWire: Codable, Sendable, Hashable {
    public struct Properties: Codable, Sendable, Hashable {
        public struct Identifier: Codable, Sendable, Hashable { public var uniqueName: String? }

        public var description: String?
        public var identifier: Identifier?
        public var provisioningState: String?

        public init(description: String? = nil) { self.description = description }
    }

    public var id: String?
    public var name: String?
    public var type: String?
    /// The region in which uploads arrive.
    public var location: String?
    public var tags: [String: String]?
    public var properties: Properties?
    public var createdAt: Date?
    public var createdBy: String?

    public init(location: String? = nil, tags: [String: String]? = nil, description: String? = nil) {
        self.location = location
        self.tags = tags
        properties = Properties(description: description)
    }

    public init(_ gallery: Gallery) {
        self.init(location: gallery.location, tags: gallery.tags, description: gallery.description)
        id = "/galleries/\(gallery.name)"
        name = gallery.name
        type = "Microsoft.Compute/galleries"
        properties?.identifier = .init(uniqueName: gallery.uniqueName)
        properties?.provisioningState = "Succeeded"
        createdAt = gallery.createdAt
        createdBy = gallery.createdBy
    }
}
