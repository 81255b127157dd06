/// The resources of a run.
public struct RunResourcesWire: Codable, Sendable, Hashable {
    public var repositories: [String: RepositoryParametersWire]?

    public init(
        repositories: [String: RepositoryParametersWire]? = nil
    ) {
        self.repositories = repositories
    }
}
