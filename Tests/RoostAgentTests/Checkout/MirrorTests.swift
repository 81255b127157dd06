import Foundation
import RoostModel
import RoostTesting
import Testing

@testable import RoostAgent

@Suite("Mirrors of repositories", .timeLimit(.minutes(6)))
struct MirrorTests {
    /// A served repository with a submodule, which has a submodule itself.
    private static func with(_ body: (GitDaemon, ScratchRepository) async throws -> Void) async throws {
        let repository = try ScratchRepository(["a": "1"])
        let inner = try ScratchRepository(["b": "inner"])
        let innermost = try ScratchRepository(["c": "innermost"])
        defer { for scratch in [repository, inner, innermost] { scratch.remove() } }
        try await GitDaemon.with(repository) { daemon in
            func url(_ scratch: ScratchRepository) -> String {
                "\(daemon.url.split(separator: "/").dropLast().joined(separator: "/").replacing(":/", with: "://"))/\(URL(filePath: scratch.path).lastPathComponent)"
            }
            try inner.git("submodule", "--quiet", "add", url(innermost), "deep/er")
            try inner.commit([:], "a submodule")
            try repository.git("submodule", "--quiet", "add", url(inner), "lib/inner")
            try repository.commit([:], "a submodule")
            try await body(daemon, repository)
        }
    }

    /// One job in an empty workspace; its checkout's log and what it then saw.
    private static func job(
        _ folder: String,
        _ daemon: GitDaemon,
        _ version: String,
        inputs: [String: String] = [:],
        script: String = "git rev-parse HEAD; cat a",
        variables: [String: OutputVariable] = [:]
    ) async throws -> (result: TaskResult, checkout: [String], seen: [String]) {
        var bench = JobBench(folder: folder)
        bench.cleaning = .all
        bench.variables = variables
        bench.repositories = [.own(daemon, at: version)]
        let step = bench.add(.checkout, inputs.merging(["repository": "self"]) { _, own in own })
        let look = bench.script(script)
        let outcome = try await bench.run()
        return (outcome.result, bench.lines(step), bench.lines(look))
    }

    @Test("what one job fetched another takes without the network, though its folder is empty; submodules, too")
    func offline() async throws {
        try await ScratchFolder.with { folder in
            try await Self.with { daemon, repository in
                let version = try repository.git("rev-parse", "HEAD")
                let tree = try repository.git("rev-parse", "HEAD^{tree}")
                let script = """
                    git rev-parse HEAD^{tree}
                    cat lib/inner/b; echo; cat lib/inner/deep/er/c; echo
                    git fsck --full 2>&1 && echo sound
                    git -C lib/inner fsck --full 2>&1 && echo sound too
                    """
                let inputs = ["submodules": "recursive"]
                let first = try await Self.job(folder, daemon, version, inputs: inputs, script: script)
                #expect(first.result == .succeeded, "\(first)")
                await daemon.stop()
                let second = try await Self.job(folder, daemon, version, inputs: inputs, script: script)
                #expect(second.result == .succeeded, "\(second)")
                for job in [first, second] {
                    #expect(
                        Set([tree, "inner", "innermost", "sound", "sound too"]).isSubset(of: Set(job.seen)),
                        "\(job)"
                    )
                }
                #expect(second.checkout.contains { $0.contains("Commits came from the mirror: ") })
            }
        }
    }

    @Test("only what is new is fetched into the mirror; a forced push leaves the old commit where it is")
    func news() async throws {
        try await ScratchFolder.with { folder in
            try await Self.with { daemon, repository in
                let old = try repository.commit(["a": "2"], "second")
                #expect(try await Self.job(folder, daemon, old).seen.contains("2"))
                try repository.git("reset", "--quiet", "--hard", "HEAD~1")
                let new = try repository.commit(["a": "3"], "instead")
                #expect(try await Self.job(folder, daemon, new).seen.contains("3"))
                await daemon.stop()
                let again = try await Self.job(folder, daemon, old)
                #expect(again.seen.contains("2") && again.seen.contains(old), "\(again)")
            }
        }
    }

    @Test("a shallow checkout makes no mirror, and takes from one that is there as much as it asks for")
    func shallow() async throws {
        try await ScratchFolder.with { folder in
            try await Self.with { daemon, repository in
                try repository.commit(["a": "2"], "second")
                let version = try repository.commit(["a": "3"], "third")
                let inputs = ["fetchDepth": "1"]
                let script = "git rev-list --count HEAD; cat a"
                let first = try await Self.job(folder, daemon, version, inputs: inputs, script: script)
                #expect(first.seen.contains("1") && !FileTree.exists("\(folder)/_work/_mirrors"), "\(first)")
                let whole = try await Self.job(folder, daemon, version, script: script)
                #expect(whole.seen.contains("4"), "\(whole)")
                await daemon.stop()
                let second = try await Self.job(folder, daemon, version, inputs: inputs, script: script)
                #expect(second.seen.contains("1") && second.seen.contains("3"), "\(second)")
            }
        }
    }

    @Test("a mirror that was deleted or damaged costs a fetch and no job")
    func lost() async throws {
        try await ScratchFolder.with { folder in
            try await Self.with { daemon, repository in
                let version = try repository.git("rev-parse", "HEAD")
                #expect(try await Self.job(folder, daemon, version).result == .succeeded)
                FileTree.delete("\(folder)/_work/_mirrors")
                var bench = JobBench(folder: folder)
                bench.repositories = [.own(daemon, at: version)]
                let step = bench.add(.checkout, ["repository": "self"])
                let outcome = try await bench.run()
                #expect(outcome.result == .succeeded, "\(bench.lines(step))")
                #expect(bench.lines(step).contains { $0.contains("is gone; the folder is made anew") })

                let mirrors = FileTree.names(in: "\(folder)/_work/_mirrors").filter { !$0.hasPrefix(".") }
                let objects = "\(folder)/_work/_mirrors/\(try #require(mirrors.first))/mirror/objects"
                for name in FileTree.names(in: "\(objects)/pack") { FileTree.delete("\(objects)/pack/\(name)") }
                for name in FileTree.names(in: objects) where name.count == 2 { FileTree.delete("\(objects)/\(name)") }
                let damaged = try await Self.job(folder, daemon, version)
                #expect(damaged.result == .succeeded && damaged.seen.contains(version), "\(damaged)")
            }
        }
    }

    @Test("a variable turns mirrors off")
    func off() async throws {
        try await ScratchFolder.with { folder in
            try await Self.with { daemon, repository in
                let version = try repository.git("rev-parse", "HEAD")
                let variables = [MirrorKeeper.switchName: OutputVariable(value: "false")]
                let job = try await Self.job(folder, daemon, version, variables: variables)
                #expect(job.result == .succeeded && !FileTree.exists("\(folder)/_work/_mirrors"), "\(job)")
            }
        }
    }

    @Test("names and commits of submodules are read as git prints them")
    func parsing() {
        let urls = SubmoduleUpdate.values("submodule.a.b/c.url\ngit://h/x\0submodule.d.url\n../y\n\0odd")
        #expect(urls == ["a.b/c": "git://h/x", "d": "../y\n"])
        let commits = SubmoduleUpdate.commits("160000 1234 0\tlib/a b\0100644 99 0\tfile\0")
        #expect(commits == ["lib/a b": "1234"])
    }
}
