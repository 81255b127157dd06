import FoundationEssentials
import RoostWire

/// Changes of records that are not with the server yet: one for each record, in the order in which the records were first heard of.
struct PendingRecords {
    private var order: [UUID] = []
    private var changes: [UUID: TimelineRecordWire] = [:]

    var isEmpty: Bool { order.isEmpty }

    /// Adds changes that are later than those known.
    mutating func add(_ records: [TimelineRecordWire]) {
        for record in records {
            guard let id = record.id else { continue }
            if let known = changes[id] {
                changes[id] = known.merged(with: record)
            } else {
                order.append(id)
                changes[id] = record
            }
        }
    }

    /// Takes some out to be sent.
    mutating func take(atMost limit: Int) -> [TimelineRecordWire] {
        let ids = order.prefix(limit)
        order.removeFirst(ids.count)
        return ids.compactMap { changes.removeValue(forKey: $0) }
    }

    /// Puts back what could not be sent; what came in the meantime is later.
    mutating func putBack(_ records: [TimelineRecordWire]) {
        var earlier = PendingRecords()
        earlier.add(records)
        earlier.add(order.compactMap { changes[$0] })
        self = earlier
    }
}
