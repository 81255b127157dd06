import FoundationEssentials
import RoostModel

/// A person as the server knows them: by what bears their name.
struct UserFacts: Hashable, Sendable {
    var name: String
    /// Since when they may not come in; nil for those who may.
    var disabled: DisabledUser?
    var roles: [RoleAssignment] = []
    /// Personal access tokens that are neither revoked nor expired, and all.
    var goodTokens = 0
    var tokens = 0
    var openSignIns = 0
    /// The last use of a token or a sign-in, as far as that is noted.
    var lastSeenAt: Date?
    /// The last change in the audit.
    var lastChangeAt: Date?
    /// What they made and goes on without them: kinds with their numbers, only those there are.
    var made: [Made] = []

    /// Things of one kind.
    struct Made: Hashable, Sendable {
        /// Such as `agents` or `pipelines`.
        var kind: String
        var count: Int
    }

    var isAdministrator: Bool { roles.contains { $0.on == .organization && $0.role == .administrator } }

    mutating func noteSeen(_ date: Date?) {
        guard let date else { return }
        lastSeenAt = max(lastSeenAt ?? date, date)
    }
}
