import FoundationEssentials
import Synchronization

/// Remembers the ids of signed assertions until they have expired, so that none is taken twice.
final class AssertionReplay: Sendable {
    private struct State {
        var seen: [String: Date] = [:]
        var nextSweep = Date.distantPast
    }
    private let state = Mutex(State())
    /// Expired ids are forgotten this often.
    private static let sweepInterval: TimeInterval = 60

    /// Whether an assertion is seen for the first time; it then counts as seen.
    ///
    /// - Parameters:
    ///   - id: the assertion's `jti`, made unique by its client.
    ///   - expires: the moment from which the assertion is refused anyway.
    ///   - now: the present.
    /// - Returns: false when it was seen before.
    func isFirst(_ id: String, expires: Date, at now: Date) -> Bool {
        state.withLock { state in
            if state.nextSweep <= now {
                state.seen = state.seen.filter { $0.value > now }
                state.nextSweep = now + Self.sweepInterval
            }
            return state.seen.updateValue(expires, forKey: id) == nil
        }
    }
}
