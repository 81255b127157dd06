/// What is known of a repository.
public struct RepositoryPropertiesWire: Codable, Sendable, Hashable {
    public var id: String?
    public var type: String?
    public var name: String?
    public var ref: String?
    public var version: String?
    public var url: String?
    public var defaultBranch: String?
    public var versionInfo: VersionInfoWire?

    public init(
        id: String? = nil,
        type: String? = nil,
        name: String? = nil,
        ref: String? = nil,
        version: String? = nil,
        url: String? = nil,
        defaultBranch: String? = nil,
        versionInfo: VersionInfoWire? = nil
    ) {
        self.id = id
        self.type = type
        self.name = name
        self.ref = ref
        self.version = version
        self.url = url
        self.defaultBranch = defaultBranch
        self.versionInfo = versionInfo
    }
}
