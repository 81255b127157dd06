import FoundationEssentials
import RoostModel

/// A listener's session: lives in memory only, for a listener opens a new one when the server does not know its own.
struct Session: Sendable {
    var id: SessionID
    var agent: AgentID
    var pool: PoolID
    var owner: String
    /// AES-256 key of its messages.
    var key: Data
    /// Polls that wait for a message, with the last message each has seen.
    var polls: [Int: WaitingPoll] = [:]
    /// When the last poll ended while no other was open; the session expires some time after.
    var silentSince: Date?
    /// Messages already encrypted for it, so that concurrent polls get equal bytes.
    var sealed: [Int: SealedMessage] = [:]
    /// Cancel messages that the agent has not yet deleted, by the job's message id.
    var cancels: [Int: PendingCancel] = [:]

    /// The message that says that there is maintenance for it, until it has that.
    var maintenanceNotice: Int?

    struct WaitingPoll: Sendable {
        var after: Int?
        var wake: @Sendable (PollOutcome) -> Void
    }

    struct PendingCancel: Sendable {
        var id: Int
        var job: JobID
        var timeout: Duration
    }

    enum PollOutcome: Sendable {
        case look, empty, expired, agentRemoved, stopping
    }
}
