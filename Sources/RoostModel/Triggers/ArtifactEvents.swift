/// An image that was pushed to a registry.
public struct ImageEvent: Hashable, Sendable, Codable {
    /// Host of the registry with its port, such as `docker.io` or `registry.example.org:5000`; empty when the message does not say.
    public var registry: String
    /// Such as `team/app`.
    public var repository: String
    /// Nil for an image that was pushed by its digest alone.
    public var tag: String?
    public var digest: String
    /// Who pushed; empty when nobody says.
    public var pusher: String

    public init(registry: String, repository: String, tag: String?, digest: String = "", pusher: String = "") {
        self.registry = registry
        self.repository = repository
        self.tag = tag
        self.digest = digest
        self.pusher = pusher
    }
}

/// A version of a package that was published or changed.
public struct PackageEvent: Hashable, Sendable, Codable {
    /// Such as `npm` or `nuget`, in small letters.
    public var type: String
    public var owner: String
    /// The repository it belongs to, without its owner; empty when it has none.
    public var repository: String
    public var name: String
    public var version: String
    public var publisher: String

    public init(type: String, owner: String, repository: String, name: String, version: String, publisher: String = "")
    {
        self.type = type
        self.owner = owner
        self.repository = repository
        self.name = name
        self.version = version
        self.publisher = publisher
    }
}
