/// A container.
public struct ContainerResourceWire: Codable, Sendable, Hashable {
    public var alias: String?
    public var endpoint: EndpointReferenceWire?
    public var properties: ContainerPropertiesWire?

    public init(
        alias: String? = nil,
        endpoint: EndpointReferenceWire? = nil,
        properties: ContainerPropertiesWire? = nil
    ) {
        self.alias = alias
        self.endpoint = endpoint
        self.properties = properties
    }
}

/// What a container is made of; members that are not known here are left unread.
public struct ContainerPropertiesWire: Codable, Sendable, Hashable {
    public var image: String?
    public var options: String?
    public var env: [String: String]?
    public var ports: [String]?
    public var volumes: [String]?
    public var mapDockerSocket: Bool?
    public var localImage: Bool?
    public var readOnlyMounts: [String]?

    public init(
        image: String? = nil,
        options: String? = nil,
        env: [String: String]? = nil,
        ports: [String]? = nil,
        volumes: [String]? = nil,
        mapDockerSocket: Bool? = nil,
        localImage: Bool? = nil,
        readOnlyMounts: [String]? = nil
    ) {
        self.image = image
        self.options = options
        self.env = env
        self.ports = ports
        self.volumes = volumes
        self.mapDockerSocket = mapDockerSocket
        self.localImage = localImage
        self.readOnlyMounts = readOnlyMounts
    }

    private enum CodingKeys: String, CodingKey {
        case image, options, env, ports, volumes, mapDockerSocket, readOnlyMounts
        case localImage = "localimage"
    }

    public init(from decoder: any Decoder) throws {
        let bag = try decoder.container(keyedBy: CodingKeys.self)
        image = try bag.decodeIfPresent(String.self, forKey: .image)
        options = try bag.decodeIfPresent(String.self, forKey: .options)
        env = try bag.decodeIfPresent([String: String].self, forKey: .env)
        ports = try bag.decodeIfPresent([String].self, forKey: .ports)
        volumes = try bag.decodeIfPresent([String].self, forKey: .volumes)
        mapDockerSocket = try Self.flag(bag, .mapDockerSocket)
        localImage = try Self.flag(bag, .localImage)
        readOnlyMounts = try bag.decodeIfPresent([String].self, forKey: .readOnlyMounts)
    }

    /// Servers write a flag as a boolean or as a text.
    private static func flag(
        _ bag: KeyedDecodingContainer<CodingKeys>,
        _ key: CodingKeys
    ) throws -> Bool? {
        if let text = try? bag.decodeIfPresent(String.self, forKey: key) { return text.lowercased() == "true" }
        return try bag.decodeIfPresent(Bool.self, forKey: key)
    }
}
