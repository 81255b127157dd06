public import FoundationEssentials

/// A message to an agent, encrypted with its session's key.
public struct TaskAgentMessageWire: Codable, Sendable, Hashable {
    public var messageId: Int?
    public var messageType: String?
    public var iv: Data?
    /// Base64 of the ciphertext when there is an `iv`.
    public var body: String?

    public init(
        messageId: Int? = nil,
        messageType: String? = nil,
        iv: Data? = nil,
        body: String? = nil
    ) {
        self.messageId = messageId
        self.messageType = messageType
        self.iv = iv
        self.body = body
    }
}
