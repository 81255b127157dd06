/// What a new token is to be.
public struct TokenRequestWire: Codable, Sendable, Hashable {
    public var user: String?
    public var name: String?
    public var scopes: [String]?
    /// Its life.
    public var days: Double?

    public init(
        user: String? = nil,
        name: String? = nil,
        scopes: [String]? = nil,
        days: Double? = nil
    ) {
        self.user = user
        self.name = name
        self.scopes = scopes
        self.days = days
    }
}
