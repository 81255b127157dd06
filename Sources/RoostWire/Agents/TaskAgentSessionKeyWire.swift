public import FoundationEssentials

/// The key of a session.
public struct TaskAgentSessionKeyWire: Codable, Sendable, Hashable {
    public var encrypted: Bool?
    public var value: Data?

    public init(
        encrypted: Bool? = nil,
        value: Data? = nil
    ) {
        self.encrypted = encrypted
        self.value = value
    }
}
