/// A container a job may use, as the file describes it; texts may hold `$(macros)`, which the agent expands.
public struct PlannedContainer: Hashable, Sendable, Codable {
    /// The name of the resource, or one made up for a container that stands in the job itself.
    public var alias: String
    public var image: String
    /// Name of the service connection of its registry.
    public var endpoint: String?
    /// As on an engine's command line.
    public var options: String?
    public var environment: [String: String]
    public var ports: [String]
    public var volumes: [String]
    /// Nil when the file says nothing.
    public var mapsDockerSocket: Bool?
    /// The image is on the machine and is not pulled.
    public var isLocalImage: Bool
    /// Of `work`, `externals`, `tools` and `tasks`.
    public var readOnlyMounts: [String]
    /// `file:line:column`.
    public var place: String

    public init(
        alias: String,
        image: String,
        endpoint: String? = nil,
        options: String? = nil,
        environment: [String: String] = [:],
        ports: [String] = [],
        volumes: [String] = [],
        mapsDockerSocket: Bool? = nil,
        isLocalImage: Bool = false,
        readOnlyMounts: [String] = [],
        place: String = ""
    ) {
        self.alias = alias
        self.image = image
        self.endpoint = endpoint
        self.options = options
        self.environment = environment
        self.ports = ports
        self.volumes = volumes
        self.mapsDockerSocket = mapsDockerSocket
        self.isLocalImage = isLocalImage
        self.readOnlyMounts = readOnlyMounts
        self.place = place
    }
}

/// A container that runs beside a job under a name of its own.
public struct PlannedService: Hashable, Sendable, Codable {
    /// The name under which steps reach it.
    public var name: String
    /// An alias or an image; may be one `$[ expression ]`.
    public var container: PlannedText

    public init(name: String, container: PlannedText) {
        self.name = name
        self.container = container
    }
}

/// The containers of a job.
public struct PlannedContainers: Hashable, Sendable, Codable {
    /// Where steps run that say nothing else: an alias or an image, or one `$[ expression ]`; nil is the agent's machine.
    public var job: PlannedText?
    public var services: [PlannedService]
    /// All that the job's texts may name, those of the file's resources among them.
    public var definitions: [PlannedContainer]

    public init(job: PlannedText? = nil, services: [PlannedService] = [], definitions: [PlannedContainer] = []) {
        self.job = job
        self.services = services
        self.definitions = definitions
    }

    /// The variable of a job in which the evaluated ``job`` stands.
    public static let jobVariable = "system.containerReference"

    /// The variable of a job in which the evaluated container of a service stands.
    public static func serviceVariable(_ name: String) -> String { "system.serviceReference.\(name)" }

    /// The definition of a name; a name that is none is an image.
    public func definition(_ name: String) -> PlannedContainer {
        definitions.first { $0.alias.lowercased() == name.lowercased() } ?? PlannedContainer(alias: name, image: name)
    }
}

/// Where a step runs, and what its logging commands may do.
public struct PlannedTarget: Hashable, Sendable, Codable {
    /// The alias of a container, or `host`; nil is where the job's other steps run.
    public var container: String?
    /// Only logging commands that concern the step itself.
    public var isRestricted: Bool
    /// The only variables its commands may set; nil is no limit.
    public var settableVariables: [String]?

    public init(container: String? = nil, isRestricted: Bool = false, settableVariables: [String]? = nil) {
        self.container = container
        self.isRestricted = isRestricted
        self.settableVariables = settableVariables
    }

    /// The word for the agent's machine.
    public static let host = "host"
}
