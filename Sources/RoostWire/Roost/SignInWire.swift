public import FoundationEssentials

/// An open sign-in of a person.
public struct SignInWire: Codable, Sendable, Hashable {
    public var id: UUID?
    public var user: String?
    /// `session` of a browser on the dashboard, `deviceCode` or `authorizationCode` of a program.
    public var kind: String?
    /// Such as `Firefox on Linux`, `roost` or `Azure CLI`.
    public var program: String?
    /// Where it was when it signed in.
    public var address: String?
    public var resource: String?
    public var scopes: [String]?
    /// The personal access token it began with.
    public var tokenId: UUID?
    public var createdAt: Date?
    /// To a few minutes.
    public var lastUsedAt: Date?
    /// When it ends if it is not used; a browser's ends then in any case.
    public var expiresAt: Date?
    /// Whether the request that asked came with it.
    public var isCurrent: Bool?

    public init(id: UUID? = nil, user: String? = nil, kind: String? = nil, program: String? = nil) {
        self.id = id
        self.user = user
        self.kind = kind
        self.program = program
    }
}

/// How many sign-ins a request ended.
public struct EndedSignInsWire: Codable, Sendable, Hashable {
    public var count: Int

    public init(count: Int) { self.count = count }
}
