/// A refusal of the token endpoint.
public struct OAuthErrorWire: Codable, Sendable, Hashable {
    public var error: String?
    public var error_description: String?

    public init(
        error: String? = nil,
        error_description: String? = nil
    ) {
        self.error = error
        self.error_description = error_description
    }
}
