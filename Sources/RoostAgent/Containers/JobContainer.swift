/// A container a job may use.
public struct JobContainer: Sendable, Hashable {
    public var alias: String
    /// May hold macros, as may all texts here.
    public var image: String
    /// Options as on an engine's command line.
    public var options: String
    public var environment: [String: String]
    public var ports: [String]
    public var volumes: [String]
    /// Id of the service connection of the image's registry.
    public var endpoint: String?
    /// Asks for the socket of the engine, which no container gets.
    public var mapsDockerSocket: Bool
    /// The image is on the machine and is not pulled.
    public var isLocalImage: Bool
    /// Of `work`, `externals`, `tools` and `tasks`.
    public var readOnlyMounts: Set<String>

    public init(
        alias: String,
        image: String,
        options: String = "",
        environment: [String: String] = [:],
        ports: [String] = [],
        volumes: [String] = [],
        endpoint: String? = nil,
        mapsDockerSocket: Bool = false,
        isLocalImage: Bool = false,
        readOnlyMounts: Set<String> = []
    ) {
        self.alias = alias
        self.image = image
        self.options = options
        self.environment = environment
        self.ports = ports
        self.volumes = volumes
        self.endpoint = endpoint?.lowercased()
        self.mapsDockerSocket = mapsDockerSocket
        self.isLocalImage = isLocalImage
        self.readOnlyMounts = readOnlyMounts
    }

    /// With macros of all texts replaced.
    func expanded(_ expand: (String) -> String) -> JobContainer {
        var container = self
        container.image = expand(image).trimmingWhitespace
        container.options = expand(options)
        container.environment = environment.mapValues(expand)
        container.ports = ports.map(expand)
        container.volumes = volumes.map(expand)
        return container
    }
}
