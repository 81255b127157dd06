import FoundationEssentials
import RoostModel
import RoostWire
import Testing

@Suite("The chain of the audit")
struct AuditVerifierTests {
    private func chain(_ count: Int) -> [AuditRecord] {
        var head = AuditHead.empty
        return (0..<count).map { index in
            let at = Date(timeIntervalSince1970: 1_700_000_000.25 + Double(index))
            let record = AuditRecord(
                AuditEvent(actor: "user:ada", action: "pool.create", subject: "pool:\(index)", detail: "é", at: at),
                after: head
            )
            head = record.head
            return record
        }
    }

    /// Verifies what would be in a file: each line is written and read again.
    private func verify(_ records: [AuditRecord], end: AuditHead?, head: String? = nil) throws -> [String] {
        var bytes: [UInt8] = []
        for record in records { bytes += try AuditLine.record(record).text() }
        if let end { bytes += try AuditLine.end(end).text() }
        var verifier = AuditVerifier(knownHead: head)
        var lines = AuditLines()
        for start in stride(from: 0, to: bytes.count, by: 7) {
            for line in lines.feed(bytes[start..<min(start + 7, bytes.count)]) { line.give(to: &verifier) }
        }
        lines.finish()?.give(to: &verifier)
        return verifier.report().problems.map { "\($0.kind) \($0.number ?? 0)\($0.last.map { "-\($0)" } ?? "")" }
    }

    struct Tampering: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var found: [String]
        var edit: @Sendable (inout [AuditRecord]) -> Void

        init(_ name: String, _ found: [String], _ edit: @escaping @Sendable (inout [AuditRecord]) -> Void) {
            (testDescription, self.found, self.edit) = (name, found, edit)
        }
    }

    static let kinds: [Tampering] = [
        Tampering("nothing", []) { _ in },
        Tampering("a field", ["changed 4"]) { $0[3].actor = "user:eve" },
        Tampering("a text moved between fields", ["changed 4"]) { ($0[3].detail, $0[3].subject) = ("", "pool:3é") },
        Tampering("the request", ["changed 4"]) { $0[3].requestID = "" },
        Tampering("a moment", ["changed 4"]) { $0[3].at = "2020-01-01T00:00:00.000000Z" },
        Tampering("a number", ["changed 4"]) { $0[3].number = 400 },
        Tampering("a hash", ["changed 4"]) { $0[3].hash = AuditHead.empty.hash },
        Tampering("the previous hash", ["changed 4"]) { $0[3].previous = AuditHead.empty.hash },
        Tampering("a field, with its hash made anew", ["changed 4"]) {
            $0[3].actor = "user:eve"
            $0[3].hash = AuditChain.hash(of: $0[3])
        },
        Tampering("the last, with its hash made anew", ["changed 9"]) {
            $0[8].actor = "user:eve"
            $0[8].hash = AuditChain.hash(of: $0[8])
        },
        Tampering("one removed", ["removed 4"]) { $0.remove(at: 3) },
        Tampering("the first removed", ["removed 1-2"]) { $0.removeFirst(2) },
        Tampering("two swapped", ["reordered 5"]) { $0.swapAt(3, 4) },
        Tampering("one moved back", ["reordered 8"]) { $0.insert($0.remove(at: 7), at: 1) },
        Tampering("one moved on", ["reordered 2"]) { $0.insert($0.remove(at: 1), at: 6) },
        Tampering("one twice", ["inserted 4"]) { $0.insert($0[3], at: 6) },
        Tampering("a strange one", ["inserted 400"]) {
            var strange = $0[3]
            strange.number = 400
            strange.hash = AuditChain.hash(of: strange)
            $0.insert(strange, at: 5)
        },
        Tampering("the end", ["truncated 8-9"]) { $0.removeLast(2) },
        Tampering("all", ["truncated 1-9"]) { $0 = [] },
        Tampering("much", ["changed 2", "removed 5", "truncated 9"]) {
            $0[1].action = "pool.delete"
            $0.removeLast()
            $0.remove(at: 4)
        },
    ]

    @Test("tells each kind of tampering, with its number", arguments: kinds)
    func tampering(_ kind: Tampering) throws {
        let whole = chain(9)
        var records = whole
        kind.edit(&records)
        #expect(try verify(records, end: whole[8].head) == kind.found)
    }

    @Test("a chain that was cut off and closed again is told by a head that was noted")
    func knownHead() throws {
        let whole = chain(9)
        let cut = Array(whole.prefix(7))
        #expect(try verify(cut, end: cut[6].head) == [])
        #expect(try verify(cut, end: cut[6].head, head: whole[8].hash) == ["truncated 8"])
        #expect(try verify(whole, end: whole[8].head, head: whole[4].hash) == [], "it has grown since")
        #expect(try verify(cut, end: nil) == ["truncated 8"])
    }

    @Test("a line that is no record is told and does not end the verification")
    func unreadable() throws {
        var verifier = AuditVerifier()
        var lines = AuditLines()
        let long = [UInt8](repeating: 65, count: AuditLines.limit + 1)
        let text = Array("nonsense\n{\"count\":-5,\"head\":\"\"}\n".utf8) + long + [10]
        for line in lines.feed(text) { line.give(to: &verifier) }
        #expect(verifier.report().problems.filter { $0.kind == .unreadable }.map(\.line) == [1, 2, 3])
    }

    @Test("moments are written with microseconds, whatever they are")
    func moments() {
        #expect(AuditChain.moment(Date(timeIntervalSince1970: 1.000007)) == "1970-01-01T00:00:01.000007Z")
        #expect(AuditChain.moment(Date(timeIntervalSince1970: -0.5)) == "1969-12-31T23:59:59.500000Z")
        #expect(AuditChain.moment(Date(timeIntervalSince1970: .nan)) == "1970-01-01T00:00:00.000000Z")
        #expect(AuditChain.moment(Date(timeIntervalSince1970: .infinity)).hasPrefix("9999-12-31"))
    }
}
