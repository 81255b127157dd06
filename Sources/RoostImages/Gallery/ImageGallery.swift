public import RoostContent
public import RoostModel
public import RoostTemplate

/// Galleries of images, as builds use them: for bases, and to publish what was made.
public protocol ImageGallery: Sendable {
    /// The version that a template names: by its number, as `latest`, pinned (`1`, `1.4`), or by a channel.
    ///
    /// - Throws: when the server, the gallery, the definition or the version is not there, or nobody may use it.
    func find(_ version: GalleryImageVersion) async throws -> GalleryImage

    /// Brings the files of a version into a folder that is there.
    func fetch(_ image: GalleryImage, into folder: String) async throws

    /// The number that a version would be published with, before anything is made for it.
    ///
    /// - Throws: when it could not be published: no such gallery or definition, a region that nobody has, a number that is taken.
    func number(for publication: GalleryPublication, source: GalleryImage?) async throws -> String

    /// Publishes files under the number that ``number(for:source:)`` gave, and returns when all replicas were read back.
    ///
    /// `say` gets how far it is.
    func publish(
        _ files: FolderScan,
        as publication: GalleryPublication,
        number: String,
        _ facts: GalleryFacts,
        say: @escaping @Sendable (BuildMessage) -> Void
    ) async throws -> GalleryImage
}

/// A version of a gallery.
public struct GalleryImage: Sendable, Hashable, Codable {
    /// `/galleries/G/images/D/versions/V`.
    public var id: String
    public var gallery: String
    public var definition: String
    /// `MAJOR.MINOR.PATCH`.
    public var version: String
    /// SHA-256 of its content.
    public var contentHash: String

    public init(gallery: String, definition: String, version: String, contentHash: String) {
        id = "/galleries/\(gallery)/images/\(definition)/versions/\(version)"
        self.gallery = gallery
        self.definition = definition
        self.version = version
        self.contentHash = contentHash
    }
}

/// What a gallery is told about a version besides its files.
public struct GalleryFacts: Sendable, Hashable {
    public var origin: TemplateOrigin
    /// What it was built from: the version of a gallery by its identifier, or a base by its name.
    public var source: String?
    /// The layers that it consists of, the lowest first.
    public var layers: [LayerRecord]
    /// What agents of the image will be able to do.
    public var capabilities: [String: String]
    public var tags: [String: String]
    /// What another builder made, when that is recorded.
    public var artifact: ImageArtifactOrigin?

    public init(
        origin: TemplateOrigin = TemplateOrigin(),
        source: String? = nil,
        layers: [LayerRecord] = [],
        capabilities: [String: String] = [:],
        tags: [String: String] = [:],
        artifact: ImageArtifactOrigin? = nil
    ) {
        self.origin = origin
        self.source = source
        self.layers = layers
        self.capabilities = capabilities
        self.tags = tags
        self.artifact = artifact
    }
}

/// Where a template comes from.
public struct TemplateOrigin: Sendable, Hashable {
    /// Who builds, with the version: `roost 0.1.0`.
    public var builder: String
    /// SHA-256 of its files with their names, as hexadecimal digits.
    public var hash: String?
    /// The commit that the template's files are of, when they are as in that commit.
    public var commit: String?
    /// The number of the run that builds.
    public var run: Int?

    public init(builder: String = "roost", hash: String? = nil, commit: String? = nil, run: Int? = nil) {
        self.builder = builder
        self.hash = hash
        self.commit = commit
        self.run = run
    }
}
