import FoundationEssentials
import Hummingbird
import NIOCore
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
    table.get("roost/audit/export", access: .scope(.tokensManage)) { try await $0.auditExport() }
}

extension Call {
    /// The whole audit as lines of JSON, oldest first, up to where it ends now; the last line states that end.
    fileprivate func auditExport() async throws -> Response {
        let plane = plane
        let head = try await plane.auditHead()
        let body = ResponseBody { writer in
            var last = 0
            while last < head.count {
                let records = try await plane.auditRecords(after: last, limit: auditPage)
                    .filter { $0.number <= head.count }
                guard let newest = records.last else { break }
                var bytes = ByteBuffer()
                for record in records { bytes.writeBytes(try AuditLine.record(record).text()) }
                try await writer.write(bytes)
                last = newest.number
            }
            // What is missing before this end is not hidden: whoever verifies the lines finds it.
            try await writer.write(ByteBuffer(bytes: try AuditLine.end(head).text()))
            try await writer.finish(nil)
        }
        return Response(status: .ok, headers: [.contentType: "application/x-ndjson"], body: body)
    }
}

/// Records of one part of an export.
private let auditPage = 500
