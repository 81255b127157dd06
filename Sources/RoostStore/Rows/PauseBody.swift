import FoundationEssentials
import RoostModel

/// A pause as it is stored with its agent or pool.
struct PauseBody: Codable {
    var reason: String
    var by: String
    var since: Double
    var isDrain: Bool

    init(_ pause: Pause) {
        reason = pause.reason
        by = pause.by
        since = pause.since.timeIntervalSinceReferenceDate
        isDrain = pause.isDrain
    }

    var noun: Pause {
        Pause(reason: reason, by: by, since: Date(timeIntervalSinceReferenceDate: since), isDrain: isDrain)
    }
}
