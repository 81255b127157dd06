public import FoundationEssentials

/// A package of the agent.
public struct PackageMetadataWire: Codable, Sendable, Hashable {
    public var type: String?
    public var platform: String?
    public var createdOn: Date?
    public var version: PackageVersionWire?
    public var downloadUrl: String?
    public var filename: String?
    public var hashValue: String?
    public var infoUrl: String?

    public init(
        type: String? = nil,
        platform: String? = nil,
        createdOn: Date? = nil,
        version: PackageVersionWire? = nil,
        downloadUrl: String? = nil,
        filename: String? = nil,
        hashValue: String? = nil,
        infoUrl: String? = nil
    ) {
        self.type = type
        self.platform = platform
        self.createdOn = createdOn
        self.version = version
        self.downloadUrl = downloadUrl
        self.filename = filename
        self.hashValue = hashValue
        self.infoUrl = infoUrl
    }
}
