/// What a job may use.
public struct JobResourcesWire: Codable, Sendable, Hashable {
    public var endpoints: [ServiceEndpointWire]?
    public var repositories: [RepositoryResourceWire]?
    public var containers: [ContainerResourceWire]?
    public var secureFiles: [SecureFileWire]?

    public init(
        endpoints: [ServiceEndpointWire]? = nil,
        repositories: [RepositoryResourceWire]? = nil,
        containers: [ContainerResourceWire]? = nil,
        secureFiles: [SecureFileWire]? = nil
    ) {
        self.endpoints = endpoints
        self.repositories = repositories
        self.containers = containers
        self.secureFiles = secureFiles
    }
}
