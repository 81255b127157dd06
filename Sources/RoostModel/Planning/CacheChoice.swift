public import FoundationEssentials

/// The entry that serves a step, and how well it fits.
public struct CacheChoice: Hashable, Sendable {
    public var entry: CacheEntry
    /// The whole key is the same; else only the parts of a fall-back key are.
    public var isExact: Bool

    public init(entry: CacheEntry, isExact: Bool) {
        self.entry = entry
        self.isExact = isExact
    }
}

/// Which entry serves a step.
///
/// The first key counts as a whole, the others as beginnings. Keys are tried in their order; for each, scopes in theirs; of several entries the one that was
/// written last is taken. With the keys `a | 1` and `a` an entry `a | 1` of the default branch is taken before an entry `a | 0` of the own one.
///
/// - Parameters:
///   - keys: the key, then keys to fall back to.
///   - scopes: whose entries may be read.
///   - entries: of the run's pipeline.
/// - Returns: nil when none fits.
public func chooseCache(_ keys: [CacheKey], scopes: CacheScopes, among entries: [CacheEntry]) -> CacheChoice? {
    for (place, key) in keys.enumerated() {
        for scope in scopes.readable {
            let fitting = entries.filter { entry in
                entry.scope == scope && (place == 0 ? entry.key == key : entry.key.begins(with: key))
            }
            guard let newest = fitting.max(by: { ($0.createdAt, $0.id) < ($1.createdAt, $1.id) }) else { continue }
            return CacheChoice(entry: newest, isExact: newest.key == keys.first)
        }
    }
    return nil
}

/// An entry that goes, and why.
public struct CacheEviction: Hashable, Sendable {
    public enum Reason: Hashable, Sendable {
        case unused(days: Int)
        /// All entries together had more bytes than they may have, and it was used longest ago.
        case overLimit(bytes: Int)
    }

    public var entry: CacheID
    public var reason: Reason

    public init(entry: CacheID, reason: Reason) {
        self.entry = entry
        self.reason = reason
    }
}

/// Which entries go: those not used for a time, then those used longest ago until the rest fits.
///
/// - Parameters:
///   - entries: all of them.
///   - keep: how long an entry stays after its last use.
///   - limit: most bytes of all entries together; 0 is no limit.
///   - now: the present.
/// - Returns: what goes, each with its reason; planning again after they are gone gives none.
public func planCacheEviction(
    _ entries: [CacheEntry],
    keep: Duration,
    limit: Int,
    at now: Date
) -> [CacheEviction] {
    let oldest = now - Double(keep.components.seconds)
    let days = Int(keep.components.seconds / 86_400)
    let unused = entries.filter { $0.lastUsedAt < oldest }
    var rest = entries.filter { $0.lastUsedAt >= oldest }.sorted { ($0.lastUsedAt, $0.id) > ($1.lastUsedAt, $1.id) }
    var total = rest.reduce(0) { $0 + $1.content.size }
    var evictions = unused.map { CacheEviction(entry: $0.id, reason: .unused(days: days)) }
    while limit > 0, total > limit, let last = rest.popLast() {
        evictions.append(CacheEviction(entry: last.id, reason: .overLimit(bytes: total)))
        total -= last.content.size
    }
    return evictions
}
