public import FoundationEssentials

/// Why a version may not be deleted.
public enum ImageKeeper: Hashable, Sendable {
    /// Its safety profile, until its end of life.
    case safety(until: Date)
    /// A channel points at it.
    case channel(String)
}

/// What keeps a version; nil when it may be deleted.
public func keeper(
    of version: ImageVersion,
    channels: [String: ImageVersionNumber],
    at now: Date
) -> ImageKeeper? {
    if version.publishing.isKeptUntilEndOfLife, let end = version.publishing.endOfLife, end > now {
        return .safety(until: end)
    }
    return channels.filter { $0.value == version.number }.keys.min().map { .channel($0) }
}

/// What retention does with a version.
public struct RetentionDecision: Hashable, Sendable {
    public enum Reason: Hashable, Sendable {
        /// Deleted: so many higher ones stay.
        case tooOld
        /// Deleted: revoked, and nothing keeps it.
        case revoked
        /// Stays: one of the highest.
        case recent
        /// Stays although it is old.
        case kept(ImageKeeper)
        /// Stays: its copies are being made.
        case atWork
    }

    public var number: ImageVersionNumber
    public var reason: Reason
    public var isDeleted: Bool { reason == .tooOld || reason == .revoked }

    public init(_ number: ImageVersionNumber, _ reason: Reason) {
        self.number = number
        self.reason = reason
    }
}

/// Which versions of a definition go when the highest are to stay.
///
/// - Parameters:
///   - versions: all of the definition.
///   - keep: so many published ones stay, those excluded from latest and revoked ones not counted; at least one.
///   - channels: of the definition.
///   - revoked: those that a revocation reaches.
///   - now: the present.
/// - Returns: a decision for each, the highest first.
public func planImageRetention(
    _ versions: some Sequence<ImageVersion>,
    keep: Int,
    channels: [String: ImageVersionNumber],
    revoked: Set<ImageVersionKey>,
    at now: Date
) -> [RetentionDecision] {
    var rest = max(1, keep)
    return versions.sorted { $0.number > $1.number }.map { version in
        if version.state.isAtWork { return RetentionDecision(version.number, .atWork) }
        if let keeper = keeper(of: version, channels: channels, at: now) {
            return RetentionDecision(version.number, .kept(keeper))
        }
        if revoked.contains(version.key) { return RetentionDecision(version.number, .revoked) }
        let counts = version.isPublished && !version.publishing.isExcludedFromLatest
        guard rest > 0 else { return RetentionDecision(version.number, .tooOld) }
        if counts { rest -= 1 }
        return RetentionDecision(version.number, .recent)
    }
}
