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
        INSERT INTO audit_events (seq, happened_at, body) \
        VALUES ((SELECT COALESCE(MAX(seq), 0) + 1 FROM audit_events), ?, ?)
        """
    static let selectBefore = """
        SELECT happened_at, body FROM audit_events WHERE happened_at < ? \
        ORDER BY happened_at DESC, seq DESC LIMIT ?
        """
    static let selectNewest = "SELECT happened_at, body FROM audit_events ORDER BY happened_at DESC, seq DESC LIMIT ?"

    var happenedAt: Date
    var body: String

    var values: [SQLValue] { [.date(happenedAt), .text(body)] }

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
        let body: Body = try coding.decode(body, table: "audit_events", row: "an event")
        return AuditEvent(
            actor: body.actor,
            action: body.action,
            subject: body.subject,
            detail: body.detail ?? "",
            at: happenedAt,
            requestID: body.requestID
        )
    }
}
