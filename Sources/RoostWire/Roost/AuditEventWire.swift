public import FoundationEssentials

/// A change that somebody made.
public struct AuditEventWire: Codable, Sendable, Hashable {
    public var actor: String?
    public var action: String?
    public var subject: String?
    public var detail: String?
    public var at: Date?
    public var requestId: String?

    public init(
        actor: String? = nil,
        action: String? = nil,
        subject: String? = nil,
        detail: String? = nil,
        at: Date? = nil,
        requestId: String? = nil
    ) {
        self.actor = actor
        self.action = action
        self.subject = subject
        self.detail = detail
        self.at = at
        self.requestId = requestId
    }
}
