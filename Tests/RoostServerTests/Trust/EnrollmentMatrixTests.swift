import Foundation
import RoostModel
import Synchronization
import Testing

@testable import RoostServer

/// Each way to register agents, with each thing that can be wrong with its credential.
///
/// What is expected stands in docs/enrollment-matrix.txt, which people read; `make snapshots` writes it.
@Suite("Enrolment by every kind of credential")
struct EnrollmentMatrixTests {
    private static let file = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "docs/enrollment-matrix.txt")

    private static let head = """
        Each way to register an agent, with each thing that can be wrong with its credential, and what the server answers.
        A dash says why a credential cannot be wrong in this way. Written by a test that asks the server.
        """

    @Test("everything that can be wrong is refused with a message of its own, as the table says, and registers nobody")
    func matrix() async throws {
        let parts = try await withThrowingTaskGroup(of: (Int, String).self) { group in
            for (place, way) in EnrollmentWay.all.enumerated() {
                group.addTask { (place, try await Self.part(way)) }
            }
            return try await group.reduce(into: [Int: String]()) { $0[$1.0] = $1.1 }
        }
        let text = ([Self.head] + parts.sorted { $0.key < $1.key }.map(\.value)).joined(separator: "\n\n") + "\n"
        if ProcessInfo.processInfo.environment["ROOST_UPDATE_SNAPSHOTS"] == "1" {
            try text.write(to: Self.file, atomically: true, encoding: .utf8)
        }
        let expected = try String(contentsOf: Self.file, encoding: .utf8)
        let known = Set(expected.split(separator: "\n"))
        for line in text.split(separator: "\n") where !known.contains(line) {
            Issue.record("review, then run with ROOST_UPDATE_SNAPSHOTS=1: \(line)")
        }
        #expect(text == expected, "review the difference, then run with ROOST_UPDATE_SNAPSHOTS=1")
    }

    /// The lines of one way, as people read them.
    private static func part(_ way: EnrollmentWay) async throws -> String {
        let text = Mutex("")
        try await EnrollmentGround.with { ground in
            let lines = try await way.lines(ground)
            check(lines, of: way)
            let agents = try ground.server.app.plane.agents(in: PoolID(1)).map(\.agent.name)
            #expect(!agents.contains("x"), "\(way.title) registered one")
            let rows = sorted(lines).map { line in
                "  \(line.what.padding(toLength: max(26, line.what.count), withPad: " ", startingAt: 0))\(line.text(ground))"
            }
            text.withLock { $0 = "\(way.title)\n\n\(rows.joined(separator: "\n"))" }
        }
        return text.withLock { $0 }
    }

    /// The good one first, then what all have, then what only this has.
    private static func sorted(_ lines: [EnrollmentLine]) -> [EnrollmentLine] {
        let order = [EnrollmentLine.good] + EnrollmentLine.common
        return lines.enumerated().sorted { left, right in
            let places = [left, right].map { order.firstIndex(of: $0.element.what) ?? order.count }
            return (places[0], left.offset) < (places[1], right.offset)
        }.map(\.element)
    }

    private static func check(_ lines: [EnrollmentLine], of way: EnrollmentWay) {
        var messages: [String: String] = [:]
        for line in lines {
            guard case .answered(let refusal) = line.outcome else { continue }
            guard line.what != EnrollmentLine.good else {
                #expect(refusal == nil, "\(way.title): \(refusal?.message ?? "")")
                continue
            }
            guard let refusal else {
                Issue.record("\(way.title): '\(line.what)' is not refused")
                continue
            }
            #expect(!refusal.message.isEmpty && (400..<500).contains(refusal.status), "\(way.title): \(line.what)")
            let former = messages.updateValue(line.what, forKey: refusal.words)
            #expect(former == nil, "\(way.title): '\(line.what)' is told as '\(former ?? "")' is")
        }
        let what = lines.map(\.what)
        #expect(Set(what).count == what.count && what.first == EnrollmentLine.good)
        #expect(Set(what).isSuperset(of: EnrollmentLine.common), "\(way.title): \(what)")
    }
}
