public import FoundationEssentials

/// A secure file and the ticket to fetch it.
public struct SecureFileWire: Codable, Sendable, Hashable {
    public var id: UUID?
    public var name: String?
    public var ticket: String?
    public var createdOn: Date?
    public var createdBy: String?
    /// Bytes.
    public var size: Int?

    public init(
        id: UUID? = nil,
        name: String? = nil,
        ticket: String? = nil,
        createdOn: Date? = nil,
        createdBy: String? = nil,
        size: Int? = nil
    ) {
        self.id = id
        self.name = name
        self.ticket = ticket
        self.createdOn = createdOn
        self.createdBy = createdBy
        self.size = size
    }
}
