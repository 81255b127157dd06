import FoundationEssentials

/// What a client says of a rule; what is nil stays as it is.
struct TrustRuleDraft: Sendable {
    var name: String?
    var issuer: String?
    var audience: String?
    var subject: String?
    var claims: [String: String]?
    /// The inner nil is all pools.
    var pools: [Int]??
    var tokenLifetime: Int?
    /// The inner nil lets the issuer be asked.
    var pinnedKeys: String??
    var pinnedUntil: Date??
    var authority: String??
    var isEnabled: Bool?
}
