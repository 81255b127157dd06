import FoundationEssentials

/// What came of trying a connection.
struct ConnectionVerification: Codable, Hashable, Sendable {
    var at: Date
    var by: String
    /// Nil when it let this server in.
    var problem: String?
}
