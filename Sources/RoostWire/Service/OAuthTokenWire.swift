/// A token of the token endpoint.
public struct OAuthTokenWire: Codable, Sendable, Hashable {
    public var access_token: String?
    public var expires_in: Int?
    public var token_type: String?
    public var scope: String?

    public init(
        access_token: String? = nil,
        expires_in: Int? = nil,
        token_type: String? = nil,
        scope: String? = nil
    ) {
        self.access_token = access_token
        self.expires_in = expires_in
        self.token_type = token_type
        self.scope = scope
    }
}
