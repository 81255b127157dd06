public import FoundationEssentials

/// The OAuth client of an agent.
public struct TaskAgentAuthorizationWire: Codable, Sendable, Hashable {
    public var authorizationUrl: String?
    public var clientId: UUID?
    public var publicKey: AgentPublicKeyWire?

    public init(
        authorizationUrl: String? = nil,
        clientId: UUID? = nil,
        publicKey: AgentPublicKeyWire? = nil
    ) {
        self.authorizationUrl = authorizationUrl
        self.clientId = clientId
        self.publicKey = publicKey
    }
}
