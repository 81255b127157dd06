import FoundationEssentials
import Synchronization

/// Remembers from which address a signed assertion came first, until it has expired: from another it is not taken.
///
/// Clients of Microsoft's library send one assertion several times while it is good, once for each resource, so that a rule of once would
/// refuse them.
final class AssertionBinding: Sendable {
    private struct Seen {
        var address: String
        var until: Date
    }
    private let seen = Mutex<[String: Seen]>([:])
    private static let capacity = 100_000

    /// Whether an assertion may be used from an address.
    ///
    /// - Parameters:
    ///   - id: the assertion's `jti`, made unique by its client.
    ///   - address: the peer's.
    ///   - expires: the moment from which it is refused anyway.
    ///   - now: the present.
    /// - Returns: false when it came from another address before.
    func admits(_ id: String, from address: String, expires: Date, at now: Date) -> Bool {
        seen.withLock { seen in
            if let known = seen[id], known.until > now { return known.address == address }
            if seen.count >= Self.capacity { seen = seen.filter { $0.value.until > now } }
            guard seen.count < Self.capacity else { return false }
            seen[id] = Seen(address: address, until: expires)
            return true
        }
    }
}
