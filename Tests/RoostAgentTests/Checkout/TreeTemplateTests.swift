import Foundation
import RoostModel
import RoostTesting
import Testing

@testable import RoostAgent

@Suite("Copy-on-write trees", .timeLimit(.minutes(6)))
struct TreeTemplateTests {
    @Test(
        "a tree is kept where a copy is faster than git, and made anew when much differs",
        arguments: [
            (TreeFacts(written: 199), false), (TreeFacts(written: 200), true),
            (TreeFacts(written: 900, record: TreeRecord(written: 900, copied: 700)), false),
            (TreeFacts(written: 1900, record: TreeRecord(written: 900, copied: 700)), true),
            (TreeFacts(written: 900, record: TreeRecord(written: 900, copied: 90)), true),
            (TreeFacts(written: 100, record: TreeRecord(written: 900, copied: 90)), false),
            (TreeFacts(written: 300, began: true, record: TreeRecord(written: 900, copied: 90)), false),
            (TreeFacts(written: 301, began: true, record: TreeRecord(written: 900, copied: 90)), true),
            (TreeFacts(written: 1, wish: .always), true),
            (TreeFacts(written: 1, record: TreeRecord(written: 1, copied: 9), wish: .always), true),
            (TreeFacts(written: 0, began: true, record: TreeRecord(written: 1, copied: 9), wish: .always), false),
        ]
    )
    func plan(_ facts: TreeFacts, _ isKept: Bool) { #expect(planTree(facts) == isKept, "\(facts)") }

    private static func run(_ words: String...) throws -> Int32 {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = words
        try process.run()
        process.waitUntilExit()
        return process.terminationStatus
    }

    /// One job in an empty work folder.
    private static func job(
        _ folder: String,
        _ daemon: GitDaemon,
        _ version: String,
        tree: String = "always",
        script: String
    ) async throws -> (result: TaskResult, checkout: [String], seen: [String]) {
        var bench = JobBench(folder: folder)
        bench.cleaning = .all
        bench.variables = [TreeWish.variableName: OutputVariable(value: tree)]
        bench.repositories = [.own(daemon, at: version)]
        let step = bench.add(.checkout, ["repository": "self"])
        let look = bench.script(script)
        let outcome = try await bench.run()
        // What the script itself wrote stands between its command and the end of the section.
        let written = bench.lines(look).drop { !$0.hasPrefix("##[command]") }.dropFirst().dropLast()
        return (outcome.result, bench.lines(step), Array(written))
    }

    private static let canMount = getuid() == 0 && FileManager.default.fileExists(atPath: "/dev/loop-control")
    private static let hint = "begins as a copy-on-write copy"

    @Test(
        "a new folder begins with the files of an earlier one and equals what git alone writes",
        .enabled(if: canMount),
        arguments: ["btrfs", "xfs"]
    )
    func shared(_ type: String) async throws {
        let repository = try ScratchRepository([
            "a": "1", "gone": "x", "run.sh": "#!/bin/sh\n", "deep/er/b": "2", ".hidden": "3",
        ])
        defer { repository.remove() }
        #expect(try Self.run("chmod", "+x", "\(repository.path)/run.sh") == 0)
        try repository.commit([:], "a program")
        let first = try repository.git("rev-parse", "HEAD")
        try repository.git("rm", "--quiet", "gone")
        try repository.commit(["a": "11", "new": "4"], "another")
        let second = try repository.git("rev-parse", "HEAD")
        let script = """
            git status --porcelain; git rev-parse HEAD^{tree}; git add -A; git write-tree; git fsck --full 2>&1 && echo sound
            test -x run.sh && echo runs; cat a; echo; echo changed > a; git status --porcelain
            """
        try await GitDaemon.with(repository) { daemon in
            try await MountedDisk.with(type) { disk in
                for (number, commit) in [first, first, second, second].enumerated() {
                    let job = try await Self.job(disk, daemon, commit, script: script)
                    #expect(job.result == .succeeded, "\(job)")
                    #expect(job.checkout.contains { $0.contains(Self.hint) } == (number > 0), "\(job)")
                    let tree = try repository.git("rev-parse", "\(commit)^{tree}")
                    let content = commit == first ? "1" : "11"
                    #expect(job.seen == [tree, tree, "sound", "runs", content, " M a"], "\(job)")
                }
                let off = try await Self.job(disk, daemon, second, tree: "false", script: "cat a")
                #expect(!off.checkout.contains { $0.contains(Self.hint) } && off.seen == ["11"], "\(off)")
            }
        }
    }

    @Test("a wish that is none is an error; a file system that cannot copy is no news")
    func elsewhere() async throws {
        let repository = try ScratchRepository(["a": "1"])
        defer { repository.remove() }
        let version = try repository.git("rev-parse", "HEAD")
        try await GitDaemon.with(repository) { daemon in
            try await ScratchFolder.with { folder in
                let wrong = try await Self.job(folder, daemon, version, tree: "perhaps", script: "cat a")
                #expect(wrong.result == .failed)
                #expect(wrong.checkout.contains { $0.contains("auto, always or false") }, "\(wrong)")
                let right = try await Self.job(folder, daemon, version, script: "cat a")
                #expect(right.result == .succeeded && right.seen == ["1"], "\(right)")
            }
        }
    }
}
