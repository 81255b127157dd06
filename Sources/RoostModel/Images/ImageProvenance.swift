/// Where a version comes from, as whoever built it says.
public struct ImageProvenance: Hashable, Sendable, Codable {
    /// SHA-256 of the template.
    public var templateHash: String?
    /// What the source was exactly: a version of a gallery by its path, or a marketplace's version.
    public var source: String?
    /// Such as `roost 0.1.0`.
    public var builder: String?
    /// The run that built it.
    public var run: Int?
    /// The commit of the template.
    public var templateCommit: String?
    /// The layers of its root file system, the lowest first.
    public var layers: [ImageLayer]?
    /// What another builder made, when this version records it.
    public var artifact: ImageArtifactOrigin?

    public init(
        templateHash: String? = nil,
        source: String? = nil,
        builder: String? = nil,
        run: Int? = nil,
        templateCommit: String? = nil,
        layers: [ImageLayer]? = nil,
        artifact: ImageArtifactOrigin? = nil
    ) {
        self.templateHash = templateHash
        self.source = source
        self.builder = builder
        self.run = run
        self.templateCommit = templateCommit
        self.layers = layers
        self.artifact = artifact
    }

    /// The version it was built from, when that is one of a gallery.
    public var parent: ImageVersionKey? { source.flatMap { ImageVersionKey(resource: $0) } }
}

/// What a builder made, as it names it itself: an image in a cloud, an archive.
public struct ImageArtifactOrigin: Hashable, Sendable, Codable {
    /// Of the template, such as `azure-arm`.
    public var builderType: String
    /// Who made it, as scripts know it, such as `Azure.ResourceManagement.VMImage`.
    public var builderId: String
    /// Such as the identifier of a resource in a cloud.
    public var id: String
    /// What the builder tells besides: `ManagedImageId`, `OSDiskUri` and others.
    public var values: [String: String]

    public init(builderType: String, builderId: String, id: String, values: [String: String] = [:]) {
        self.builderType = builderType
        self.builderId = builderId
        self.id = id
        self.values = values
    }
}

/// A layer of an image, as whoever built it says.
public struct ImageLayer: Hashable, Sendable, Codable {
    /// What was done, such as `shell`.
    public var title: String
    /// The digest of what decides its content; equal ones have the same content.
    public var key: String

    public init(title: String, key: String) {
        self.title = title
        self.key = key
    }
}

/// A version that must not be used any more, and why.
public struct ImageRevocation: Hashable, Sendable, Codable {
    public var reason: String
    public var by: String

    public init(reason: String, by: String) {
        self.reason = reason
        self.by = by
    }
}
