/// An audit event as a link of the chain: with its number, the hash of the record before it, and its own.
public struct AuditRecord: Hashable, Sendable {
    /// From 1, without gaps.
    public var number: Int
    /// As ``AuditChain/moment(_:)`` writes it; the hash is over this text.
    public var at: String
    public var actor: String
    public var action: String
    public var subject: String
    public var detail: String
    public var requestID: String?
    /// The hash of the record before it.
    public var previous: String
    /// Its own hash, as it was written: 64 hexadecimal digits.
    public var hash: String

    public init(
        number: Int,
        at: String,
        actor: String,
        action: String,
        subject: String,
        detail: String,
        requestID: String?,
        previous: String,
        hash: String
    ) {
        self.number = number
        self.at = at
        self.actor = actor
        self.action = action
        self.subject = subject
        self.detail = detail
        self.requestID = requestID
        self.previous = previous
        self.hash = hash
    }

    /// A record with the hash that was stored for it.
    public init(number: Int, _ event: AuditEvent, previous: String, hash: String) {
        self.init(
            number: number,
            at: AuditChain.moment(event.at),
            actor: event.actor,
            action: event.action,
            subject: event.subject,
            detail: event.detail,
            requestID: event.requestID,
            previous: previous,
            hash: hash
        )
    }

    /// The next record of a chain.
    public init(_ event: AuditEvent, after head: AuditHead) {
        self.init(number: head.count + 1, event, previous: head.hash, hash: "")
        hash = AuditChain.hash(of: self)
    }

    /// The head of a chain that ends with this record.
    public var head: AuditHead { AuditHead(count: number, hash: hash) }
}
