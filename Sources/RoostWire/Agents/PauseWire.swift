public import FoundationEssentials

/// Only Roost: why and by whom an agent or a pool was paused; in a change, why it shall be.
public struct PauseWire: Codable, Sendable, Hashable {
    public var reason: String?
    public var by: String?
    public var since: Date?
    /// Jobs that run are awaited.
    public var drains: Bool?

    public init(reason: String? = nil, by: String? = nil, since: Date? = nil, drains: Bool? = nil) {
        self.reason = reason
        self.by = by
        self.since = since
        self.drains = drains
    }
}
