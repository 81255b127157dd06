import Crypto
public import FoundationEssentials

/// The hashes of the audit: each record holds that of the one before it, so that none can be changed alone.
public enum AuditChain {
    /// Stands before the fields, so that another layout is another hash.
    private static let layout = "roost-audit-1"

    /// SHA-256 of a record's canonical bytes, as 64 hexadecimal digits; the record's own ``AuditRecord/hash`` is no part of them.
    public static func hash(of record: AuditRecord) -> String {
        SHA256.hash(data: canonicalBytes(of: record)).map { byte in
            let digits = String(byte, radix: 16)
            return digits.count == 1 ? "0" + digits : digits
        }.joined()
    }

    /// What is hashed: layout, number, previous hash, moment, actor, action, subject, detail, request.
    ///
    /// Each field is its length in bytes, as 8 bytes with the highest first, and its UTF-8. A request that is absent is the length
    /// of eight bytes 0xFF and nothing else. So no two records have the same bytes.
    static func canonicalBytes(of record: AuditRecord) -> [UInt8] {
        let fields: [String?] = [
            layout, String(record.number), record.previous, record.at, record.actor, record.action, record.subject,
            record.detail, record.requestID,
        ]
        var bytes: [UInt8] = []
        for field in fields { append(field, to: &bytes) }
        return bytes
    }

    private static func append(_ field: String?, to bytes: inout [UInt8]) {
        let length = field.map { UInt64($0.utf8.count) } ?? .max
        withUnsafeBytes(of: length.bigEndian) { bytes.append(contentsOf: $0) }
        if let field { bytes.append(contentsOf: field.utf8) }
    }

    /// A moment with microseconds, such as `2026-02-03T04:05:06.000007Z`.
    ///
    /// A moment outside the years 1 to 9999 is written as the nearest one within.
    public static func moment(_ date: Date) -> String {
        let seconds = date.timeIntervalSince1970
        let within = seconds.isNaN ? 0 : min(max(seconds, -62_135_596_800), 253_402_300_799)
        let micros = Int((within * 1_000_000).rounded())
        let second = micros >= 0 ? micros / 1_000_000 : -((999_999 - micros) / 1_000_000)
        let fraction = String(micros - second * 1_000_000)
        let text = Date(timeIntervalSince1970: Double(second)).formatted(.iso8601)
        return "\(text.dropLast()).\(String(repeating: "0", count: 6 - fraction.count))\(fraction)Z"
    }
}
