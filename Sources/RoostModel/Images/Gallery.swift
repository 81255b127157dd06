public import FoundationEssentials

/// A gallery: what holds definitions of images.
public struct Gallery: Hashable, Sendable, Codable {
    /// Never given twice; names what the gallery's content is kept apart by.
    public let id: UUID
    /// Unique in the organization, ignoring case.
    public let name: String
    /// The region in which uploads arrive, unless a version says another.
    public let location: String
    public var description: String?
    public var tags: [String: String]
    public let createdAt: Date
    public let createdBy: String

    public init(
        id: UUID,
        name: String,
        location: String,
        description: String? = nil,
        tags: [String: String] = [:],
        createdAt: Date,
        createdBy: String
    ) {
        self.id = id
        self.name = name
        self.location = location
        self.description = description
        self.tags = tags
        self.createdAt = createdAt
        self.createdBy = createdBy
    }

    public var key: String { name.lowercased() }
    /// Where chunks of its versions are kept.
    public var space: String { "gallery-\(id.uuidString.lowercased())" }
    /// As Azure has it: unique over all galleries, whatever their names.
    public var uniqueName: String { "\(id.uuidString.lowercased())-\(name.uppercased())" }

    /// Azure's limits.
    public static let limit = 100
    public static let definitionLimit = 1000
    public static let versionLimit = 10_000
}
