public import FoundationEssentials

/// A secure file and the ticket to fetch it.
public struct SecureFileWire: Codable, Sendable, Hashable {
    public var id: UUID?
    public var name: String?
    public var ticket: String?

    public init(
        id: UUID? = nil,
        name: String? = nil,
        ticket: String? = nil
    ) {
        self.id = id
        self.name = name
        self.ticket = ticket
    }
}
