import FoundationEssentials
import RoostModel

/// Lets machines join one pool a number of times, for a while; kept as a hash, never as text.
struct EnrollmentToken: Codable, Hashable, Sendable {
    var id: UUID
    var pool: Int
    /// SHA-256 of the text, lower-case hexadecimal.
    var hash: String
    /// How many registrations it is good for.
    var uses: Int
    var used = 0
    var createdAt: Date
    var createdBy: String
    var expiresAt: Date
    var revokedAt: Date?
    /// Ranges in CIDR form; none is every address.
    var from: [String]
    /// The only machine whose agent it is for.
    var machine: Machine?

    /// A machine of an elastic pool, as it is between two reimages.
    struct Machine: Codable, Hashable, Sendable {
        var number: Int
        var generation: Int
        /// The agent's name.
        var agent: String
    }

    /// Of the settings that hold them.
    static let prefix = "enrollment-token:"
    /// What their text begins with; personal tokens have no such sign.
    static let mark = "rse_"

    var name: String { id.uuidString.lowercased() }
    var settingName: String { "\(Self.prefix)\(name)" }
    var enroller: Enroller { Enroller(source: .token(id), name: name, pools: [PoolID(pool)]) }

    static func makeText() -> Secret { Secret(mark + PersonalToken.make().exposed) }

    /// Why it lets nobody in at a moment; nil when it does.
    func refusal(at now: Date) -> TokenRefusal? {
        if revokedAt != nil { return .enrollmentRevoked }
        if expiresAt <= now { return .enrollmentExpired(at: expiresAt) }
        return used >= uses ? .enrollmentUsedUp(uses: uses) : nil
    }

    /// Whether a machine with this address may use it.
    func admits(address: String) -> Bool {
        from.isEmpty || from.contains { AddressRange($0)?.contains(address) ?? false }
    }

    /// Those of a store, by id.
    static func all(_ settings: [String: Data]) -> [UUID: EnrollmentToken] {
        let decoder = JSONDecoder()
        let tokens = settings.filter { $0.key.hasPrefix(prefix) }.values
            .compactMap { try? decoder.decode(EnrollmentToken.self, from: $0) }
        return Dictionary(tokens.map { ($0.id, $0) }) { first, _ in first }
    }
}
