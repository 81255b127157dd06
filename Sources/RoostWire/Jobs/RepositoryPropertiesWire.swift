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
    /// Below which a Roost server serves its copy of the repository to the job, ending in a slash; unknown to Azure DevOps.
    public var roostMirrorUrl: String?

    public init(
        id: String? = nil,
        type: String? = nil,
        name: String? = nil,
        ref: String? = nil,
        version: String? = nil,
        url: String? = nil,
        defaultBranch: String? = nil,
        versionInfo: VersionInfoWire? = nil,
        roostMirrorUrl: String? = nil
    ) {
        self.id = id
        self.type = type
        self.name = name
        self.ref = ref
        self.version = version
        self.url = url
        self.defaultBranch = defaultBranch
        self.versionInfo = versionInfo
        self.roostMirrorUrl = roostMirrorUrl
    }
}
