public import FoundationEssentials

/// A token with which machines join a pool: what is asked for, and what the server says of it.
public struct EnrollmentTokenWire: Codable, Sendable, Hashable {
    public var id: UUID?
    public var poolId: Int?
    /// How many registrations it is good for.
    public var uses: Int?
    public var used: Int?
    /// Its life, in requests.
    public var days: Double?
    /// Ranges of addresses from which it may be used.
    public var from: [String]?
    public var createdAt: Date?
    public var createdBy: String?
    public var expiresAt: Date?
    public var revokedAt: Date?
    /// The text, once.
    public var token: String?

    public init(uses: Int? = nil, days: Double? = nil, from: [String]? = nil) {
        self.uses = uses
        self.days = days
        self.from = from
    }
}
