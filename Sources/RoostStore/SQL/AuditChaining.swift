import FoundationEssentials
import RoostModel

/// Writes the chain of the audit, and makes that of the events which were stored before there was one.
enum AuditChaining {
    private static let page = 500

    static func head(on connection: some SQLConnection) throws -> AuditHead {
        var head: AuditHead?
        try connection.query(AuditRow.head, [], table: "audit_head") { columns in
            head = AuditHead(count: try columns.integer(), hash: try columns.text())
        }
        guard let head else { throw StoredRowError(table: "audit_head", reason: "the head of the audit is missing") }
        return head
    }

    static func put(_ head: AuditHead, on connection: some SQLConnection) throws {
        try connection.execute(AuditRow.putHead, [.integer(head.count), .text(head.hash)])
    }

    /// Numbers all events without gaps in their order, and gives them their hashes.
    static func chainStored(on connection: some SQLConnection) throws {
        var head = AuditHead.empty
        var last = Int.min
        while true {
            let events = try unchained(after: last, on: connection)
            guard let newest = events.last else { break }
            for (number, event) in events {
                let record = AuditRecord(event, after: head)
                try connection.execute(
                    AuditRow.chain,
                    [.integer(record.number), .text(record.previous), .text(record.hash), .integer(number)]
                )
                head = record.head
            }
            last = newest.number
        }
        try put(head, on: connection)
    }

    private static func unchained(
        after number: Int,
        on connection: some SQLConnection
    ) throws -> [(number: Int, event: AuditEvent)] {
        var events: [(number: Int, event: AuditEvent)] = []
        let values: [SQLValue] = [.integer(number), .integer(page)]
        try connection.query(AuditRow.selectUnchained, values, table: "audit_events") { columns in
            let number = try columns.integer()
            events.append((number, try AuditRow(reading: &columns).noun(number)))
        }
        return events
    }
}
