/// How one signs in at an endpoint.
public struct EndpointAuthorizationWire: Codable, Sendable, Hashable {
    public var scheme: String?
    public var parameters: [String: String]?

    public init(
        scheme: String? = nil,
        parameters: [String: String]? = nil
    ) {
        self.scheme = scheme
        self.parameters = parameters
    }
}
