import FoundationEssentials
import RoostModel
import RoostWire
import Testing

@testable import RoostAgent

@Suite("Checkout of real repositories")
struct CheckoutTests {
    /// Runs git in a folder and gives what it wrote.
    @discardableResult
    static func git(_ folder: String, _ arguments: String...) async throws -> String {
        let path = ProcessEnvironment.own()["PATH"]
        let output = CapturedOutput()
        let launch = ProcessLaunch(
            executable: try ExecutableSearch.require("git", path: path),
            arguments: [
                "-c", "user.name=T", "-c", "user.email=t@example.org", "-c", "init.defaultBranch=main", "-c",
                "protocol.file.allow=always",
            ] + arguments,
            environment: ["PATH": path ?? "", "HOME": folder, "GIT_CONFIG_NOSYSTEM": "1"],
            workingDirectory: folder
        )
        let outcome = try await StepProcess.run(launch, control: StopControl(), output: output)
        #expect(outcome.exitCode == 0, "git \(arguments): \(output.text)")
        return output.text.trimmingWhitespace
    }

    /// A repository with a file in two commits on main, a tag and a branch; gives the commits.
    static func makeRepository(_ path: String) async throws -> [String] {
        #expect(FileTree.make(path) == 0)
        try await git(path, "init", "--quiet", ".")
        var commits: [String] = []
        for number in 1...3 {
            #expect(SmallFile.create("version \(number)\n", at: "\(path)/file.txt", mode: 0o644) == 0)
            try await git(path, "add", ".")
            try await git(path, "commit", "--quiet", "-m", "commit \(number)")
            commits.append(try await git(path, "rev-parse", "HEAD"))
        }
        try await git(path, "tag", "v1", commits[0])
        try await git(path, "branch", "side", commits[1])
        return commits
    }

    static func repository(
        _ path: String,
        alias: String = "self",
        name: String = "org/app",
        ref: String = "refs/heads/main",
        version: String = ""
    ) -> JobRepository {
        JobRepository(alias: alias, id: alias, name: name, url: "file://\(path)", ref: ref, version: version)
    }

    @Test("a commit is checked out, and a second job with the same commit fetches nothing")
    func reuse() async throws {
        try await JobBench.with { bench in
            let commits = try await Self.makeRepository("\(bench.folder)/origin")
            bench.repositories = [Self.repository("\(bench.folder)/origin", version: commits[1])]
            let step = bench.add(.checkout, ["repository": "self"])
            let show = bench.script(
                "cat file.txt; git rev-parse HEAD; git rev-parse --verify v1; git rev-parse --verify origin/side; echo x > untracked"
            )
            let outcome = try await bench.run()
            #expect(outcome.result == .succeeded, "\(bench.lines(step))")
            #expect(Set(["version 2", commits[1], commits[0]]).isSubset(of: Set(bench.lines(show))))
            #expect(bench.lines(step).contains { $0.hasPrefix("##[command]git fetch") })

            var again = JobBench(folder: bench.folder)
            again.repositories = [Self.repository("\(bench.folder)/origin", version: commits[2])]
            #expect(SmallFile.create("", at: "\(bench.folder)/_work/1/s/.git/index.lock") == 0)
            let second = again.add(.checkout, ["repository": "self", "clean": "true"])
            let look = again.script("cat file.txt; ls")
            let againOutcome = try await again.run()
            #expect(againOutcome.result == .succeeded, "\(again.lines(second))")
            #expect(!again.lines(second).contains { $0.hasPrefix("##[command]git fetch") })
            #expect(again.lines(look).contains("version 3") && !again.lines(look).contains("untracked"))
            #expect(again.lines(second).contains { $0.contains("took") && $0.contains("write") })
        }
    }

    @Test("a new commit is fetched into the folder that is there")
    func update() async throws {
        try await JobBench.with { bench in
            let origin = "\(bench.folder)/origin"
            let commits = try await Self.makeRepository(origin)
            bench.repositories = [Self.repository(origin, version: commits[2])]
            bench.add(.checkout, ["repository": "self"])
            try await bench.run()
            #expect(SmallFile.create("version 4\n", at: "\(origin)/file.txt") == 0)
            try await Self.git(origin, "commit", "--quiet", "-am", "four")
            var again = JobBench(folder: bench.folder)
            again.repositories = [Self.repository(origin)]
            let step = again.add(.checkout, ["repository": "self"])
            let look = again.script("cat file.txt; git config --get remote.origin.url")
            let againOutcome = try await again.run()
            #expect(againOutcome.result == .succeeded, "\(again.lines(step))")
            #expect(again.lines(look).contains("version 4") && again.lines(look).contains("file://\(origin)"))
            #expect(!again.lines(step).contains { $0.hasPrefix("##[command]git init") })
        }
    }

    @Test("depth limits what is fetched, and full history comes when it is asked for later")
    func depth() async throws {
        try await JobBench.with { bench in
            let commits = try await Self.makeRepository("\(bench.folder)/origin")
            bench.repositories = [Self.repository("\(bench.folder)/origin", version: commits[2])]
            bench.add(.checkout, ["repository": "self", "fetchDepth": "1", "fetchTags": "false"])
            let count = bench.script("git rev-list --count HEAD; git tag")
            let benchOutcome = try await bench.run()
            #expect(benchOutcome.result == .succeeded)
            #expect(bench.lines(count).contains("1") && !bench.lines(count).contains("v1"))
            var again = JobBench(folder: bench.folder)
            again.repositories = bench.repositories
            again.add(.checkout, ["repository": "self"])
            let full = again.script("git rev-list --count HEAD")
            let againOutcome = try await again.run()
            #expect(againOutcome.result == .succeeded)
            #expect(again.lines(full).contains("3"))
        }
    }

    @Test("several repositories go to folders of their names, and path leads elsewhere but not outside")
    func several() async throws {
        try await JobBench.with { bench in
            _ = try await Self.makeRepository("\(bench.folder)/one")
            _ = try await Self.makeRepository("\(bench.folder)/two")
            bench.repositories = [
                Self.repository("\(bench.folder)/one"),
                Self.repository("\(bench.folder)/two", alias: "tools", name: "org/tools", ref: "refs/tags/v1"),
            ]
            bench.add(.checkout, ["repository": "self"])
            bench.add(.checkout, ["repository": "tools"])
            bench.add(.checkout, ["repository": "tools", "path": "x/y"])
            let look = bench.script("cat app/file.txt tools/file.txt ../x/y/file.txt; pwd")
            let outside = bench.add(.checkout, ["repository": "tools", "path": "../../z"], continueOnError: true)
            let unknown = bench.add(.checkout, ["repository": "nope"], continueOnError: true)
            let benchOutcome = try await bench.run()
            #expect(benchOutcome.result == .succeededWithIssues)
            #expect(bench.lines(look).filter { $0 == "version 1" }.count == 2)
            #expect(bench.lines(look).contains("version 3") && bench.lines(look).contains("\(bench.folder)/_work/1/s"))
            #expect(bench.issues(outside).first?.message?.contains("checkout.path-outside") == true)
            #expect(bench.issues(unknown).first?.message?.contains("self, tools") == true)
        }
    }

    @Test("submodules come when they are asked for")
    func submodules() async throws {
        try await JobBench.with { bench in
            _ = try await Self.makeRepository("\(bench.folder)/inner")
            _ = try await Self.makeRepository("\(bench.folder)/outer")
            try await Self.git(
                "\(bench.folder)/outer",
                "submodule",
                "--quiet",
                "add",
                "file://\(bench.folder)/inner",
                "sub"
            )
            try await Self.git("\(bench.folder)/outer", "commit", "--quiet", "-m", "sub")
            bench.repositories = [Self.repository("\(bench.folder)/outer")]
            let step = bench.add(.checkout, ["repository": "self", "submodules": "true"])
            let look = bench.script("cat sub/file.txt")
            let benchOutcome = try await bench.run()
            #expect(benchOutcome.result == .succeeded, "\(bench.lines(step))")
            #expect(bench.lines(look).contains("version 3"))
        }
    }

    @Test("a repository that is not there fails with its address and git's own words, after tries")
    func missing() async throws {
        try await JobBench.with { bench in
            bench.repositories = [Self.repository("\(bench.folder)/nowhere")]
            let step = bench.add(.checkout, ["repository": "self"])
            let benchOutcome = try await bench.run()
            #expect(benchOutcome.result == .failed)
            #expect(bench.issues(step).first?.message?.contains("file://\(bench.folder)/nowhere") == true)
            #expect(bench.lines(step).filter { $0.hasPrefix("##[command]git fetch") }.count == GitCheckout.tries)
        }
    }

    @Test("credentials are a header of the right kind, never a part of an address")
    func credentials() {
        let system = JobEndpoint(
            id: "0",
            name: "SystemVssConnection",
            url: "http://s/",
            scheme: "OAuth",
            parameters: ["AccessToken": "jt"]
        )
        let basic = JobEndpoint(
            id: "a",
            name: "g",
            url: "",
            scheme: "UsernamePassword",
            parameters: ["username": "u", "password": "p"]
        )
        var repository = JobRepository(alias: "self", type: "TfsGit", name: "x", url: "https://me:old@s/x.git")
        #expect(GitCredentials(repository, endpoints: [system, basic])?.header == "AUTHORIZATION: bearer jt")
        #expect(GitCredentials(repository, endpoints: [system, basic])?.scope == "https://s/x.git")
        repository.endpoint = "a"
        #expect(GitCredentials(repository, endpoints: [system, basic])?.header == "AUTHORIZATION: basic dTpw")
        repository.type = "Git"
        repository.endpoint = nil
        #expect(GitCredentials(repository, endpoints: [system, basic]) == nil)
    }

    @Test("what is fetched fits ref, commit and depth")
    func targets() {
        let pull = JobRepository(alias: "self", name: "x", url: "u", ref: "refs/pull/7/merge")
        #expect(FetchTarget(pull).checkedOut == "refs/remotes/pull/7/merge")
        #expect(
            FetchTarget(pull).refspecs(depth: 0, byRef: false) == [
                "+refs/heads/*:refs/remotes/origin/*", "+refs/pull/7/merge:refs/remotes/pull/7/merge",
            ]
        )
        let commit = JobRepository(alias: "self", name: "x", url: "u", ref: "refs/heads/main", version: "abc")
        #expect(FetchTarget(commit).refspecs(depth: 1, byRef: false) == ["+abc"])
        #expect(FetchTarget(commit).refspecs(depth: 1, byRef: true) == ["+refs/heads/main:refs/remotes/origin/main"])
        let anything = JobRepository(alias: "self", name: "x", url: "u")
        #expect(FetchTarget(anything).checkedOut == "FETCH_HEAD")
        #expect(FetchTarget(anything).refspecs(depth: 0, byRef: false) == ["HEAD"])
    }
}
