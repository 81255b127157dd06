/// The repository of a definition or a build.
public struct BuildRepositoryWire: Codable, Sendable, Hashable {
    public var id: String?
    public var type: String?
    public var name: String?
    public var url: String?
    public var defaultBranch: String?
    public var clean: String?
    public var checkoutSubmodules: Bool?

    public init(
        id: String? = nil,
        type: String? = nil,
        name: String? = nil,
        url: String? = nil,
        defaultBranch: String? = nil,
        clean: String? = nil,
        checkoutSubmodules: Bool? = nil
    ) {
        self.id = id
        self.type = type
        self.name = name
        self.url = url
        self.defaultBranch = defaultBranch
        self.clean = clean
        self.checkoutSubmodules = checkoutSubmodules
    }
}
