import FoundationEssentials
import RoostModel
import RoostStore

/// Who changed something, and when last: read from the audit, and from then on only what is new in it.
actor AuditPeople {
    /// Somebody's last change.
    struct Last: Hashable, Sendable {
        var name: String
        /// As the audit writes moments, so that later ones are greater.
        var moment: String

        var at: Date? { try? Date(moment, strategy: Date.ISO8601FormatStyle(includingFractionalSeconds: true)) }
    }

    private var last: [String: Last] = [:]
    private var readUpTo: Int?

    /// Of an audit that is longer, only the newest records are looked at.
    private static let depth = 200_000
    private static let page = 1000
    private static let mark = "user:"

    /// The last change of each person, by name in small letters.
    func lastChanges(_ store: any Store) async throws(StoreError) -> [String: Last] {
        let head = try await store.auditHead()
        var after = readUpTo ?? max(0, head.count - Self.depth)
        while after < head.count {
            let records = try await store.auditRecords(after: after, limit: Self.page)
            guard let end = records.last?.number else { break }
            for record in records { note(record) }
            after = end
            // Somebody else may have read further meanwhile.
            readUpTo = max(readUpTo ?? 0, after)
        }
        return last
    }

    private func note(_ record: AuditRecord) {
        guard record.actor.hasPrefix(Self.mark) else { return }
        let name = String(record.actor.dropFirst(Self.mark.count))
        if let known = last[name.lowercased()], known.moment >= record.at { return }
        last[name.lowercased()] = Last(name: name, moment: record.at)
    }
}
