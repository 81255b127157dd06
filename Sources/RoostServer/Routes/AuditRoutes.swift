import FoundationEssentials
import RoostModel
import RoostWire

/// Who changed what.
func addAuditRoutes(to table: RouteTable) {
    table.get("roost/audit", access: .scope(.tokensManage)) { call in
        var before: Date?
        if let text = call.query["before"] {
            before = WireDate.date(text.replacing(" ", with: "+"))
            guard before != nil else {
                throw ControlError.invalid(what: "'before'", problem: "'\(text)' is no date", advice: nil)
            }
        }
        let events = try await call.plane.auditEvents(limit: try call.query.number("$top") ?? 100, before: before)
        return try call.list(
            events.map { event in
                AuditEventWire(
                    actor: event.actor,
                    action: event.action,
                    subject: event.subject,
                    detail: event.detail,
                    at: event.at,
                    requestId: event.requestID
                )
            }
        )
    }
}
