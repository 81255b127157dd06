/// Verifies a chain of audit records that come one after the other, and finds all that is wrong at once.
///
/// It keeps what is missing or out of place, not the records. Whoever may write all of the chain can make one anew that is whole in
/// itself: only a head that was noted elsewhere tells.
public struct AuditVerifier: Sendable {
    /// A record and the line it is on.
    private struct Placed: Sendable {
        var record: AuditRecord
        var line: Int
    }

    private let knownHead: String?
    private var sawKnownHead: Bool
    private var records = 0
    private var problems: [AuditProblem] = []
    /// The chain up to here.
    private var head = AuditHead.empty
    /// Whether the last record's hash is already known to be doubtful.
    private var headIsBlamed = false
    /// Numbers that were passed over.
    private var missing: [ClosedRange<Int>] = []
    /// A record that came too early by its number; the next one tells whether it, or those before it, are out of place.
    private var held: Placed?
    /// Records that stand before their place, by number.
    private var early: [Int: Placed] = [:]
    private var end: AuditHead?
    private var endLine: Int?

    /// - Parameter knownHead: a hash that was noted when the chain was known to be whole; one of the records must have it.
    public init(knownHead: String? = nil) {
        self.knownHead = knownHead?.lowercased()
        sawKnownHead = knownHead == AuditHead.empty.hash
    }

    /// Takes the next record.
    public mutating func take(_ record: AuditRecord, line: Int) {
        records += 1
        let placed = Placed(record: record, line: line)
        if endLine != nil {
            note(.inserted, placed, "it stands after the last line")
        } else if let waiting = held {
            held = nil
            if follows(record) { early[waiting.record.number] = waiting } else { skip(to: waiting) }
            judge(placed)
        } else {
            judge(placed)
        }
    }

    /// Takes the last line, which says where the chain ends.
    public mutating func take(end stated: AuditHead, line: Int) {
        guard endLine == nil else {
            problems.append(AuditProblem(.inserted, number: nil, line: line, "a second last line"))
            return
        }
        (end, endLine) = (stated, line)
    }

    /// Takes a line that is no record.
    public mutating func take(unreadable reason: String, line: Int) {
        problems.append(AuditProblem(.unreadable, number: nil, line: line, reason))
    }

    /// Ends the verification.
    public mutating func report() -> AuditReport {
        if let waiting = held {
            held = nil
            skip(to: waiting)
        }
        settleEarly()
        for placed in early.values { note(.inserted, placed, "nothing leads to it") }
        early = [:]
        for range in missing {
            problems.append(AuditProblem(.removed, number: range.lowerBound, last: range.upperBound, "missing"))
        }
        missing = []
        judgeEnd()
        let order: (AuditProblem) -> (Int, Int) = { ($0.number ?? .max, $0.line ?? .max) }
        return AuditReport(records: records, head: head, problems: problems.sorted { order($0) < order($1) })
    }
}

extension AuditVerifier {
    private func follows(_ record: AuditRecord) -> Bool {
        record.number == head.count + 1 && record.previous == head.hash
    }

    private mutating func note(_ kind: AuditProblem.Kind, _ placed: Placed, _ reason: String) {
        problems.append(AuditProblem(kind, number: placed.record.number, line: placed.line, reason))
    }

    private mutating func judge(_ placed: Placed) {
        let record = placed.record
        let isOwn = AuditChain.hash(of: record) == record.hash
        if isOwn, record.hash == knownHead { sawKnownHead = true }
        settleEarly(before: record)
        if isOwn { judgeSound(placed) } else { judgeChanged(placed) }
    }

    /// A record whose hash is not that of its fields: its number may be what was changed.
    private mutating func judgeChanged(_ placed: Placed) {
        let record = placed.record
        guard record.previous == head.hash || record.number == head.count + 1 else {
            let isKnown = take(number: record.number)
            note(isKnown ? .changed : .inserted, placed, "its hash is not that of its fields, and it is at no place")
            return
        }
        let number = head.count + 1
        let also = record.number == number ? "" : "; it calls itself \(record.number)"
        problems.append(
            AuditProblem(.changed, number: number, line: placed.line, "its hash is not that of its fields\(also)")
        )
        advance(to: AuditHead(count: number, hash: record.hash), blamed: true)
    }

    private mutating func judgeSound(_ placed: Placed) {
        let record = placed.record
        if record.number == head.count + 1 {
            judgeLink(placed)
            advance(to: record.head, blamed: false)
        } else if record.number > head.count {
            held = placed
        } else if take(number: record.number) {
            note(.reordered, placed, "it stands after record \(head.count)")
        } else {
            note(.inserted, placed, "there is a record of this number before it, or it is of no chain")
        }
    }

    /// The record names another hash than that of the one before it, which must then have been replaced.
    private mutating func judgeLink(_ placed: Placed) {
        guard placed.record.previous != head.hash, !headIsBlamed else { return }
        guard head.count > 0 else { return note(.changed, placed, "it does not begin a chain") }
        problems.append(
            AuditProblem(
                .changed,
                number: head.count,
                line: nil,
                "record \(placed.record.number) (line \(placed.line)) names another hash of it: one of the two was replaced"
            )
        )
    }

    private mutating func advance(to next: AuditHead, blamed: Bool) {
        head = next
        headIsBlamed = blamed
    }

    /// Accepts that the numbers before a record are missing.
    private mutating func skip(to placed: Placed) {
        let number = placed.record.number
        guard number > head.count else {
            note(.inserted, placed, "there is a record of this number already")
            return
        }
        if number > head.count + 1 { missing.append(head.count + 1...number - 1) }
        advance(to: placed.record.head, blamed: false)
    }

    /// Records that stand early take their place once the chain has come to them, unless the true ones come.
    private mutating func settleEarly(before next: AuditRecord? = nil) {
        while let placed = early[head.count + 1], placed.record.previous == head.hash || headIsBlamed {
            if let next, next.number == placed.record.number { return }
            early[head.count + 1] = nil
            note(.reordered, placed, "it stands before record \(head.count)")
            advance(to: placed.record.head, blamed: false)
        }
    }

    /// Takes a number out of the missing ones.
    private mutating func take(number: Int) -> Bool {
        guard let index = missing.firstIndex(where: { $0.contains(number) }) else { return false }
        let range = missing.remove(at: index)
        if number < range.upperBound { missing.insert(number + 1...range.upperBound, at: index) }
        if number > range.lowerBound { missing.insert(range.lowerBound...number - 1, at: index) }
        return true
    }

    private mutating func judgeEnd() {
        if let end {
            if end.count > head.count {
                let reason = "the last line states \(end.count) records"
                problems.append(
                    AuditProblem(.truncated, number: head.count + 1, last: end.count, line: endLine, reason)
                )
            } else if end.count < head.count {
                let reason = "the last line states only \(end.count) records"
                problems.append(
                    AuditProblem(.inserted, number: end.count + 1, last: head.count, line: endLine, reason)
                )
            } else if end.hash != head.hash, !headIsBlamed {
                let reason = "the last line states another hash of it"
                problems.append(AuditProblem(.changed, number: head.count, line: endLine, reason))
            }
        } else if knownHead == nil {
            let reason = "there is no last line, so records may be missing after \(head.count)"
            problems.append(AuditProblem(.truncated, number: head.count + 1, reason))
        }
        guard knownHead != nil, !sawKnownHead else { return }
        let reason = "no record has the hash that was noted: the end was cut off, or the chain was written anew"
        problems.append(AuditProblem(.truncated, number: head.count + 1, reason))
    }
}
