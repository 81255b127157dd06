public import FoundationEssentials

/// A listener's session.
public struct TaskAgentSessionWire: Codable, Sendable, Hashable {
    public var sessionId: UUID?
    public var ownerName: String?
    public var agent: TaskAgentReferenceWire?
    public var systemCapabilities: [String: String]?
    public var encryptionKey: TaskAgentSessionKeyWire?
    /// The key is to be wrapped with OAEP SHA-256.
    public var useFipsEncryption: Bool?

    public init(
        sessionId: UUID? = nil,
        ownerName: String? = nil,
        agent: TaskAgentReferenceWire? = nil,
        systemCapabilities: [String: String]? = nil,
        encryptionKey: TaskAgentSessionKeyWire? = nil,
        useFipsEncryption: Bool? = nil
    ) {
        self.sessionId = sessionId
        self.ownerName = ownerName
        self.agent = agent
        self.systemCapabilities = systemCapabilities
        self.encryptionKey = encryptionKey
        self.useFipsEncryption = useFipsEncryption
    }
}
