import Foundation
import Glibc
import RoostClient
import RoostModel
import RoostServer
import RoostTesting
import RoostWire
import Testing

/// A second job, beside a first one and after it, tries to get at what is the first one's.
@Suite(
    "A second job and the secrets of the first",
    .serialized,
    .enabled(if: WallGround.obstacle == nil, Comment(rawValue: WallGround.obstacle ?? "")),
    .timeLimit(.minutes(8))
)
struct JobWallTests {
    private static let document = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "docs/isolation.md")

    @Test("what it reaches with walls and without them is what docs/isolation.md says")
    func attempts() async throws {
        let off = try await Self.twoJobs("off")
        let on = try await Self.twoJobs("always")
        for outcomes in [off.beside, off.after, on.beside, on.after] {
            #expect(Set(outcomes.values.keys) == Set(WallAttempt.all.map(\.name)))
        }
        for attempt in WallAttempt.all where !attempt.isShared {
            #expect(on.beside.values[attempt.name] == "no", "beside: \(attempt.title)")
            #expect(on.after.values[attempt.name] == "no", "after: \(attempt.title)")
        }
        let table = WallOutcomes.table([
            ("off, beside", off.beside), ("off, after", off.after), ("on, beside", on.beside), ("on, after", on.after),
        ])
        print(table)
        try Self.compare(table)
    }

    /// The part of the page between the two lines that say so.
    private static func compare(_ table: String) throws {
        let text = try String(contentsOf: document, encoding: .utf8)
        let (begin, end) = ("<!-- attempts: written by a test -->\n", "\n<!-- end of attempts -->")
        guard let first = text.range(of: begin), let last = text.range(of: end), first.upperBound <= last.lowerBound
        else {
            throw TestFailure("\(document.path) has no place for the table")
        }
        if ProcessInfo.processInfo.environment["ROOST_UPDATE_SNAPSHOTS"] == "1" {
            let new = text[..<first.upperBound] + table + text[last.lowerBound...]
            try String(new).write(to: document, atomically: true, encoding: .utf8)
        } else {
            #expect(
                text[first.upperBound..<last.lowerBound] == table,
                "review the difference, then run with ROOST_UPDATE_SNAPSHOTS=1"
            )
        }
    }

    // MARK: Two jobs

    /// No variable of this beginning reaches a job.
    private static let agentsOwn = ["ROOST_AGENT_NOTE": "\(WallScripts.mark)header"]

    private static func twoJobs(_ isolation: String) async throws -> (beside: WallOutcomes, after: WallOutcomes) {
        let watched = OutcomeBox()
        WallGround.removeLeftovers()
        defer { WallGround.removeLeftovers() }
        try await WallGround.with { ground in
            let first = try ScratchRepository([
                "azure-pipelines.yml": WallScripts.first, "plant.py": WallScripts.plant, "stay.py": WallScripts.stay,
                "known.txt": "\(WallScripts.mark)repository\n",
            ])
            defer { first.remove() }
            let second = try ScratchRepository(["spy.py": WallScripts.spy])
            defer { second.remove() }
            try await GitDaemon.with(first) { daemon in
                // One daemon serves the folders beside its repository, too.
                let base = daemon.url.split(separator: "/").dropLast().joined(separator: "/")
                    .replacing("git:/", with: "git://")
                let other = "\(base)/\(URL(filePath: second.path).lastPathComponent)"
                let stage = WallStage(ground: ground, first: daemon.url, second: other, repository: second)
                try await stage.prepare()
                try await ground.withAgent("a", pool: "first", ["--isolation", isolation], environment: Self.agentsOwn)
                {
                    try await ground.withAgent("b", pool: "second", ["--isolation", isolation]) {
                        try await stage.play(into: watched)
                    }
                }
            }
        }
        return (watched.beside, watched.after)
    }
}
