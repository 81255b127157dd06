public import FoundationEssentials
public import RoostModel

/// A line of an exported audit: a record, or the last line, which states the end of the chain.
public enum AuditLine: Sendable, Hashable {
    case record(AuditRecord)
    case end(AuditHead)

    private struct RecordBody: Codable {
        var number: Int
        var at: String
        var actor: String
        var action: String
        var subject: String
        var detail: String
        var requestId: String?
        var previous: String
        var hash: String
    }

    private struct EndBody: Codable {
        var count: Int
        var head: String
    }

    /// The line, with its end.
    public func text() throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        switch self {
        case .record(let record):
            let body = RecordBody(
                number: record.number,
                at: record.at,
                actor: record.actor,
                action: record.action,
                subject: record.subject,
                detail: record.detail,
                requestId: record.requestID,
                previous: record.previous,
                hash: record.hash
            )
            return try encoder.encode(body) + Data([10])
        case .end(let head):
            return try encoder.encode(EndBody(count: head.count, head: head.hash)) + Data([10])
        }
    }

    /// Reads a line; nil when it is neither.
    public init?(_ bytes: some Sequence<UInt8>) {
        let data = Data(bytes)
        let decoder = JSONDecoder()
        if let body = try? decoder.decode(RecordBody.self, from: data), Self.numbers.contains(body.number) {
            self = .record(
                AuditRecord(
                    number: body.number,
                    at: body.at,
                    actor: body.actor,
                    action: body.action,
                    subject: body.subject,
                    detail: body.detail,
                    requestID: body.requestId,
                    previous: body.previous,
                    hash: body.hash
                )
            )
        } else if let end = try? decoder.decode(EndBody.self, from: data),
            end.count == 0 || Self.numbers.contains(end.count)
        {
            self = .end(AuditHead(count: end.count, hash: end.head))
        } else {
            return nil
        }
    }

    /// What a number can be; more than any JSON reader holds exactly is none.
    private static let numbers = 1...(1 << 53)
}
