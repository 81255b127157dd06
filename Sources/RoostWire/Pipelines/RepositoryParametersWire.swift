/// Which commit of a repository.
public struct RepositoryParametersWire: Codable, Sendable, Hashable {
    public var refName: String?
    public var version: String?
    /// Answers say which repository it is.
    public var repository: PipelineRepositoryReferenceWire?

    public init(
        refName: String? = nil,
        version: String? = nil,
        repository: PipelineRepositoryReferenceWire? = nil
    ) {
        self.refName = refName
        self.version = version
        self.repository = repository
    }
}
