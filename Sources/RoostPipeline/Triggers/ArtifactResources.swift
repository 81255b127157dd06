/// An entry of `resources: containers:` whose new images begin runs.
public struct ContainerResource: Hashable, Sendable, Codable {
    public var alias: String
    /// As an image is named without its tag, with the registry before it: `docker.io/library/ubuntu`.
    public var image: ImageName
    /// Whether it is written with the fields of an Azure registry.
    public var isAzure: Bool
    /// Nil is every tag.
    public var tags: NameFilter?

    public init(alias: String, image: ImageName, isAzure: Bool = false, tags: NameFilter? = nil) {
        self.alias = alias
        self.image = image
        self.isAzure = isAzure
        self.tags = tags
    }
}

/// The registry and the repository of an image, in small letters and written out: `ubuntu` is `docker.io` and `library/ubuntu`.
public struct ImageName: Hashable, Sendable, Codable {
    public var registry: String
    public var repository: String

    /// Reads a reference such as `registry:5000/team/app:1.2@sha256:…`; its tag and digest do not count.
    public init(reference: String) {
        var rest = reference[...]
        if let digest = rest.firstIndex(of: "@") { rest = rest[..<digest] }
        let slash = rest.lastIndex(of: "/") ?? rest.startIndex
        if let colon = rest[slash...].lastIndex(of: ":") { rest = rest[..<colon] }
        let parts = rest.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        // What docker takes for a host: it has a dot or a port, or is this machine.
        if parts.count == 2, parts[0].contains(".") || parts[0].contains(":") || parts[0] == "localhost" {
            self.init(registry: String(parts[0]), repository: String(parts[1]))
        } else {
            self.init(registry: "docker.io", repository: String(rest))
        }
    }

    public init(registry: String, repository: String) {
        let host = registry.lowercased()
        let isHub = ["docker.io", "index.docker.io", "registry-1.docker.io", "hub.docker.com"].contains(host)
        self.registry = isHub ? "docker.io" : host
        let path = repository.lowercased()
        self.repository = isHub && !path.contains("/") ? "library/\(path)" : path
    }
}

extension ImageName: CustomStringConvertible {
    public var description: String { "\(registry)/\(repository)" }
}

/// An entry of `resources: packages:` whose new versions begin runs.
public struct PackageResource: Hashable, Sendable, Codable {
    public var alias: String
    /// `npm` or `nuget`.
    public var type: String
    /// `owner/package` or `repository/package`.
    public var name: String

    public init(alias: String, type: String, name: String) {
        self.alias = alias
        self.type = type
        self.name = name
    }
}

/// An entry of `resources: webhooks:`: messages of another system that begin runs.
public struct WebhookResource: Hashable, Sendable, Codable {
    public var alias: String
    /// The name of a service connection.
    public var connection: String
    /// All must hold.
    public var filters: [WebhookFilter]

    public init(alias: String, connection: String, filters: [WebhookFilter] = []) {
        self.alias = alias
        self.connection = connection
        self.filters = filters
    }
}

/// What must stand at a place of a webhook's message.
public struct WebhookFilter: Hashable, Sendable, Codable {
    public var path: PayloadPath
    public var value: String

    public init(path: PayloadPath, value: String) {
        self.path = path
        self.value = value
    }
}
