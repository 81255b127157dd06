import FoundationEssentials

/// What is remembered of an issuer's keys.
struct IssuerKeyMemory: Sendable {
    var keys: IssuerKeySet?
    /// When the keys came.
    var fetchedAt: Date?
    /// When the issuer was last asked, whatever came of it.
    var askedAt: Date?
    /// When it was last asked for a key that was not among fresh ones.
    var rolledAt: Date?
    /// What came of it, when it failed.
    var failure: IssuerKeyFailure?

    /// Keys are asked for anew after this, in seconds.
    static let maximumAge: TimeInterval = 3600
    /// For a key that is not known, and after a failure, an issuer is asked no more often than this, in seconds.
    static let interval: TimeInterval = 30
}

/// What is done for a token that names a key.
enum IssuerKeyDecision: Sendable {
    case use(IssuerKeySet)
    case fetch
    case refuse(IssuerKeyFailure)
}

/// Decides whether known keys do, or the issuer is asked.
///
/// A new key of the issuer shows by an unknown id: it is asked at once, but once in an interval only, for anybody can send such ids.
func planKeyUse(_ memory: IssuerKeyMemory, keyID: String?, at now: Date) -> IssuerKeyDecision {
    let hasRolled = memory.rolledAt.map { now.timeIntervalSince($0) < IssuerKeyMemory.interval } ?? false
    if let keys = memory.keys, memory.isFresh(at: now), keys.has(keyID) || hasRolled { return .use(keys) }
    let rests = memory.askedAt.map { now.timeIntervalSince($0) < IssuerKeyMemory.interval } ?? false
    if rests, let failure = memory.failure { return .refuse(failure) }
    return .fetch
}

extension IssuerKeyMemory {
    /// Whether the keys are young enough to be used.
    func isFresh(at now: Date) -> Bool {
        fetchedAt.map { now.timeIntervalSince($0) < Self.maximumAge } ?? false
    }

    /// What is remembered when an issuer was asked.
    func applying(_ result: Result<IssuerKeySet, IssuerKeyFailure>, at now: Date) -> IssuerKeyMemory {
        var next = self
        next.askedAt = now
        if isFresh(at: now) { next.rolledAt = now }
        switch result {
        case .success(let keys):
            next.keys = keys
            next.fetchedAt = now
            next.failure = nil
        case .failure(let failure): next.failure = failure
        }
        return next
    }
}
