/// Which commit of a repository.
public struct RepositoryParametersWire: Codable, Sendable, Hashable {
    public var refName: String?
    public var version: String?

    public init(
        refName: String? = nil,
        version: String? = nil
    ) {
        self.refName = refName
        self.version = version
    }
}
