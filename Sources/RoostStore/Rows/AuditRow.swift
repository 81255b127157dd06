import FoundationEssentials
import RoostModel

/// A stored audit event; rows are only added.
struct AuditRow {
    struct Body: Codable {
        var actor: String
        var action: String
        var subject: String
        var detail: String?
        var requestID: String?
    }

    static let insert = """
        INSERT INTO audit_events (seq, happened_at, body, previous_hash, hash) VALUES (?, ?, ?, ?, ?)
        """
    static let selectBefore = """
        SELECT happened_at, body FROM audit_events WHERE happened_at < ? \
        ORDER BY happened_at DESC, seq DESC LIMIT ?
        """
    static let selectNewest = "SELECT happened_at, body FROM audit_events ORDER BY happened_at DESC, seq DESC LIMIT ?"

    /// Events with a number after one, oldest first, as links of the chain.
    static let selectChain = """
        SELECT happened_at, body, seq, previous_hash, hash FROM audit_events WHERE seq > ? ORDER BY seq LIMIT ?
        """
    static let selectUnchained = "SELECT seq, happened_at, body FROM audit_events WHERE seq > ? ORDER BY seq LIMIT ?"
    static let chain = "UPDATE audit_events SET seq = ?, previous_hash = ?, hash = ? WHERE seq = ?"
    static let head = "SELECT seq, hash FROM audit_head WHERE id = 1"
    static let putHead = "UPDATE audit_head SET seq = ?, hash = ? WHERE id = 1"

    var happenedAt: Date
    var body: String

    /// The values of ``insert``.
    func values(_ record: AuditRecord) -> [SQLValue] {
        [.integer(record.number), .date(happenedAt), .text(body), .text(record.previous), .text(record.hash)]
    }

    init(_ event: AuditEvent, _ coding: BodyCoding) throws {
        happenedAt = event.at
        body = try coding.encode(
            Body(
                actor: event.actor,
                action: event.action,
                subject: event.subject,
                detail: event.detail.isEmpty ? nil : event.detail,
                requestID: event.requestID
            )
        )
    }

    init(reading columns: inout ColumnReader) throws {
        happenedAt = try columns.date()
        body = try columns.text()
    }

    func noun(_ coding: BodyCoding) throws -> AuditEvent {
        event(try coding.decode(body, table: "audit_events", row: "an event"))
    }

    /// The event of a number; no audit event has anything sealed.
    func noun(_ number: Int) throws -> AuditEvent {
        do {
            return event(try JSONDecoder().decode(Body.self, from: Data(body.utf8)))
        } catch {
            throw StoredRowError(table: "audit_events", reason: "the body of event \(number) cannot be read: \(error)")
        }
    }

    private func event(_ body: Body) -> AuditEvent {
        AuditEvent(
            actor: body.actor,
            action: body.action,
            subject: body.subject,
            detail: body.detail ?? "",
            at: happenedAt,
            requestID: body.requestID
        )
    }
}
