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

    public init(templateHash: String? = nil, source: String? = nil, builder: String? = nil, run: Int? = nil) {
        self.templateHash = templateHash
        self.source = source
        self.builder = builder
        self.run = run
    }

    /// The version it was built from, when that is one of a gallery.
    public var parent: ImageVersionKey? { source.flatMap { ImageVersionKey(resource: $0) } }
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
