public import FoundationEssentials

/// Somebody took an agent or a pool out of service: it gets no job until it is resumed.
public struct Pause: Hashable, Sendable, Codable {
    /// Why, in the words of who did it; may be empty.
    public var reason: String
    /// Who did it, as in audit events.
    public var by: String
    public var since: Date
    /// Jobs that run are awaited, and who did it wants to hear when they have ended.
    public var isDrain: Bool

    /// Longer reasons are cut.
    public static let longestReason = 500

    public init(reason: String, by: String, since: Date, isDrain: Bool = false) {
        self.reason = String(reason.prefix(Self.longestReason))
        self.by = by
        self.since = since
        self.isDrain = isDrain
    }

    /// Who did it, by the name that people know.
    public var person: String { by.hasPrefix("user:") ? String(by.dropFirst(5)) : by }

    /// Such as `by ada: new disk`, to follow on `is paused`.
    public var words: String { reason.isEmpty ? "by \(person)" : "by \(person): \(reason)" }
}
