import Foundation
import RoostModel
import RoostServer
import RoostTesting
import Testing

/// `roost audit verify` over a file that was exported and over a server's store, each tampered with by hand.
@Suite("A forged audit", .timeLimit(.minutes(4)))
struct AuditProofTests {
    /// One way to tamper with the record of a number, on lines of an export and on the rows of a store.
    private struct Tampering: Sendable {
        var lines: @Sendable (inout [String], Int) -> Void
        var sql: @Sendable (Int) -> String
        /// What is found in either.
        var inFile: @Sendable (Int) -> String
        var inStore: @Sendable (Int) -> String
    }

    private static let ways: [Tampering] = [
        Tampering(
            lines: { $0[$1 - 1] = $0[$1 - 1].replacing("pool.create", with: "pool.delete") },
            sql: { "UPDATE audit_events SET body = replace(body, 'pool.create', 'pool.delete') WHERE seq = \($0)" },
            inFile: { "changed \($0) (line \($0))" },
            inStore: { "changed \($0) (line \($0))" }
        ),
        Tampering(
            lines: { $0.remove(at: $1 - 1) },
            sql: { "DELETE FROM audit_events WHERE seq = \($0)" },
            inFile: { "removed \($0): missing" },
            inStore: { "removed \($0): missing" }
        ),
        Tampering(
            lines: { $0.swapAt($1 - 1, $1) },
            sql: { number in
                """
                UPDATE audit_events SET seq = -1 WHERE seq = \(number);
                UPDATE audit_events SET seq = \(number) WHERE seq = \(number + 1);
                UPDATE audit_events SET seq = \(number + 1) WHERE seq = -1
                """
            },
            inFile: { "reordered \($0 + 1) (line \($0)): it stands before record \($0)" },
            // The number is the place there, and the hash is over the number.
            inStore: { "changed \($0) (line \($0)): its hash is not that of its fields\nchanged \($0 + 1)" }
        ),
    ]

    private static func roost(_ cluster: TestCluster, _ words: [String]) async throws -> (code: Int32, output: String) {
        let environment = ["ROOST_URL": cluster.address, "ROOST_TOKEN": cluster.token.exposed, "NO_COLOR": "1"]
        return try await ChildProgram("roost", words, environment: environment, folder: cluster.folder.path).finished()
    }

    /// Changes the store's file behind the server's back.
    private static func change(_ cluster: TestCluster, _ sql: String) throws {
        let script = "import sqlite3, sys; sqlite3.connect(sys.argv[1], timeout=60).executescript(sys.argv[2])"
        let done = try ShortCommand.run(
            ["/usr/bin/python3", "-c", script, "\(cluster.folder.path)/roost.db", "BEGIN IMMEDIATE;\(sql);COMMIT;"]
        )
        guard done.code == 0 else { throw TestFailure("the store could not be changed: \(sql)") }
    }

    @Test("a changed, a removed and a reordered record are found, in an export and in the store's own file")
    func found() async throws {
        try await TestCluster.with { cluster in
            for number in 1...6 { _ = try await cluster.plane.createPool(name: "pool-\(number)", by: .system) }
            let export = "\(cluster.folder.path)/audit.jsonl"
            let written = try await Self.roost(cluster, ["audit", "export", "--to", export])
            #expect(written.code == 0, "\(written.output)")
            let lines = try String(contentsOfFile: export, encoding: .utf8).split(separator: "\n").map(String.init)
            let number = try #require(lines.firstIndex { $0.contains("pool.create") && $0.contains("pool-2") }) + 1
            for words in [["audit", "verify", export], ["audit", "verify"]] {
                let whole = try await Self.roost(cluster, words)
                #expect(whole.code == 0 && whole.output.contains("all whole"), "\(whole.output)")
            }
            try Self.change(cluster, "CREATE TABLE kept AS SELECT * FROM audit_events")
            for way in Self.ways {
                var forged = lines
                way.lines(&forged, number)
                try (forged.joined(separator: "\n") + "\n").write(toFile: export, atomically: true, encoding: .utf8)
                let inFile = try await Self.roost(cluster, ["audit", "verify", export])
                #expect(inFile.code == 6 && inFile.output.contains(way.inFile(number)), "\(inFile.output)")
                try Self.change(cluster, way.sql(number))
                let inStore = try await Self.roost(cluster, ["audit", "verify"])
                #expect(inStore.code == 6 && inStore.output.contains(way.inStore(number)), "\(inStore.output)")
                try Self.change(
                    cluster,
                    "DELETE FROM audit_events; INSERT INTO audit_events SELECT * FROM kept"
                )
            }
            let restored = try await Self.roost(cluster, ["audit", "verify"])
            #expect(restored.code == 0, "\(restored.output)")
        }
    }
}
