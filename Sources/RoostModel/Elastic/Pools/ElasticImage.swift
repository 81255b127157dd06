/// One of the images that machines of an elastic pool are made of.
public struct ElasticImage: Hashable, Sendable, Codable {
    /// Unique in the pool, ignoring case; jobs ask for it with the demand `ImageOverride -equals NAME`.
    public var name: String
    public var gallery: String
    public var definition: String
    /// `latest`, `1`, `1.4`, `1.4.2` or the name of a channel.
    public var selector: String
    /// What its machines offer besides what the version itself says.
    public var capabilities: Capabilities
    /// Agents of it that wait for a job; nil gives the first image the pool's number and the others none.
    public var standby: Int?
    /// Numbers of versions that are never taken.
    public var excluded: Set<String>

    public init(
        name: String,
        gallery: String,
        definition: String,
        selector: String = "latest",
        capabilities: Capabilities = [:],
        standby: Int? = nil,
        excluded: Set<String> = []
    ) {
        self.name = name
        self.gallery = gallery
        self.definition = definition
        self.selector = selector
        self.capabilities = capabilities
        self.standby = standby
        self.excluded = excluded
    }
}
