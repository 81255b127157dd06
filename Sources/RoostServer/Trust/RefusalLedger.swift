import FoundationEssentials
import Synchronization

/// Refused exchanges as the audit has them: the first of an address and a reason at once, those that follow within a minute as one.
///
/// Anybody may send tokens that are refused; what they can add to the audit is bounded all the same.
final class RefusalLedger: Sendable {
    struct Key: Hashable, Sendable {
        var address: String
        /// Code of the refusal.
        var code: String
    }
    /// Refusals that were counted and not written one by one.
    struct Summary: Hashable, Sendable {
        var key: Key
        var count: Int
        var since: Date
    }
    private struct Entry {
        var since: Date
        var more = 0
    }
    private let entries = Mutex<[Key: Entry]>([:])

    static let window: TimeInterval = 60
    /// Addresses that are told apart; what comes from others is counted together.
    static let capacity = 1000
    private static let others = "many addresses"

    /// Counts a refusal.
    ///
    /// - Returns: true when it is to be written on its own.
    func isFirst(_ key: Key, at now: Date) -> Bool {
        entries.withLock { entries in
            let isKnown = entries[key] != nil || entries.count < Self.capacity
            let key = isKnown ? key : Key(address: Self.others, code: key.code)
            guard entries[key] == nil else {
                entries[key]?.more += 1
                return false
            }
            entries[key] = Entry(since: now)
            return true
        }
    }

    /// What was counted in minutes that are over, once.
    func take(at now: Date) -> [Summary] {
        entries.withLock { entries in
            let over = entries.filter { now.timeIntervalSince($0.value.since) >= Self.window }
            for key in over.keys { entries[key] = nil }
            return over.filter { $0.value.more > 0 }.map {
                Summary(key: $0.key, count: $0.value.more, since: $0.value.since)
            }
            .sorted { ($0.since, $0.key.address, $0.key.code) < ($1.since, $1.key.address, $1.key.code) }
        }
    }
}
