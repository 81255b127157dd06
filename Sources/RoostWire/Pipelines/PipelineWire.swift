/// A pipeline.
public struct PipelineWire: Codable, Sendable, Hashable {
    public var id: Int?
    public var name: String?
    public var folder: String?
    public var revision: Int?
    public var url: String?
    public var configuration: PipelineConfigurationWire?
    public var links: [String: LinkWire]?
    /// Only Roost.
    public var defaultPool: Int?
    /// Only Roost.
    public var concurrencyLimit: Int?

    public init(
        id: Int? = nil,
        name: String? = nil,
        folder: String? = nil,
        revision: Int? = nil,
        url: String? = nil,
        configuration: PipelineConfigurationWire? = nil,
        links: [String: LinkWire]? = nil,
        defaultPool: Int? = nil,
        concurrencyLimit: Int? = nil
    ) {
        self.id = id
        self.name = name
        self.folder = folder
        self.revision = revision
        self.url = url
        self.configuration = configuration
        self.links = links
        self.defaultPool = defaultPool
        self.concurrencyLimit = concurrencyLimit
    }

    private enum CodingKeys: String, CodingKey {
        case id
        case name
        case folder
        case revision
        case url
        case configuration
        case links = "_links"
        case defaultPool
        case concurrencyLimit
    }
}
