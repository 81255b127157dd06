import Foundation
import NIOCore
import RoostClient
import RoostTesting
import RoostWire

/// Checkouts of a large repository with submodules whose host is far away, beside `git clone` of the same over the same line.
enum CheckoutBench {
    private static let megabits = 20.0

    static func run(commits: Int) async throws -> [Measurement] {
        try await Site.with(agents: 0) { site in
            let made = "\(site.folder.path)/made"
            try FileManager.default.createDirectory(atPath: made, withIntermediateDirectories: true)
            let repository = try await makeRepositories(made, commits: commits)
            return try await GitDaemon.with(folder: made) { port in
                try await SlowLink.with(megabits: megabits, roundTrip: .milliseconds(50), to: port) { link in
                    try await measure(site, repository, link)
                }
            }
        }
    }

    /// A repository with two submodules at relative addresses.
    private static func makeRepositories(_ folder: String, commits: Int) async throws -> LargeRepository {
        let main = try await LargeRepository.make("\(folder)/app.git", commits: commits, files: 4000, seed: 7)
        var files = ["azure-pipelines.yml": pipeline]
        var modules = ""
        for (index, name) in ["lib", "tools"].enumerated() {
            let part = try await LargeRepository.make(
                "\(folder)/\(name).git",
                commits: max(1, commits / 40),
                files: 400,
                seed: UInt64(21 + index * 2)
            )
            let tip = try await LargeRepository.output(["-C", part.path, "rev-parse", "main"])
            files[name] = "submodule \(tip)"
            modules += "[submodule \"\(name)\"]\n\tpath = \(name)\n\turl = ../\(name).git\n"
        }
        files[".gitmodules"] = modules
        _ = try await main.commit(files, "pipeline and submodules")
        return main
    }

    private static let pipeline = """
        pool: { name: Default, demands: "machine -equals $(machine)" }
        workspace: { clean: all }
        steps:
        - checkout: self
          submodules: true
        - bash: |
            echo "tree=$(git rev-parse HEAD^{tree}) lib=$(git -C lib rev-parse HEAD^{tree}) tools=$(git -C tools rev-parse HEAD^{tree})"
            test "$(git status --porcelain | wc -l)" = 0 && echo clean=yes
            if [ "$(fsck)" = yes ]; then git fsck --full --no-dangling && echo sound=yes; fi
        """

    private static func measure(
        _ site: Site,
        _ repository: LargeRepository,
        _ link: SlowLink
    ) async throws -> [Measurement] {
        let url = "git://127.0.0.1:\(link.port)/app.git"
        let (clone, cloned) = try await clone(url, site, link)
        let definition = BuildDefinitionWire(
            name: "app",
            repository: BuildRepositoryWire(type: "Git", url: url, defaultBranch: "main"),
            process: BuildProcessWire(type: 2, yamlFilename: "azure-pipelines.yml")
        )
        let pipeline = try await site.client.createDefinition(project: site.project, definition).id ?? 0
        // The pool has the repository because another machine has had a job of it.
        _ = try await job(site, pipeline, machine: "old", expects: cloned, link)
        let first = try await job(site, pipeline, machine: "new", expects: cloned, link, fsck: true)
        let second = try await job(site, pipeline, machine: "new", expects: cloned, link)
        _ = try await repository.commit(["news.txt": "new"], "news")
        let tree = try await LargeRepository.output(["-C", repository.path, "rev-parse", "main^{tree}"])
        var expected = cloned
        expected.tree = "tree=\(tree) \(cloned.tree.split(separator: " ").dropFirst().joined(separator: " "))"
        let news = try await job(site, pipeline, machine: "new", expects: expected, link)
        return [
            seconds("git clone over 20 Mbit/s and 50 ms", clone, nil),
            Measurement(name: "… bytes over the line", value: cloned.bytes, unit: "MB"),
            seconds("first job of a new machine, its checkout", first.seconds, clone, least: 5),
            Measurement(name: "… bytes over the line", value: first.bytes, unit: "MB"),
            seconds("second job, its checkout in an empty folder", second.seconds, clone, least: 10),
            Measurement(name: "… bytes over the line", value: second.bytes, unit: "MB"),
            seconds("third job, after a push", news.seconds, clone, least: 10),
            Measurement(name: "… bytes over the line", value: news.bytes, unit: "MB"),
        ]
    }

    /// A time beside git's own; the budget is the design's multiple of it.
    private static func seconds(_ name: String, _ value: Double, _ peer: Double?, least: Double? = nil) -> Measurement {
        Measurement(
            name: name,
            value: value,
            unit: "s",
            budget: least.flatMap { least in peer.map { $0 / least } },
            peer: peer
        )
    }

    // MARK: Git itself

    /// What a checkout must come to, and what went over the line for it.
    struct Outcome {
        var tree: String
        /// MB.
        var bytes: Double
        var seconds = 0.0
    }

    private static func clone(_ url: String, _ site: Site, _ link: SlowLink) async throws -> (Double, Outcome) {
        let before = link.bytes
        let start = ContinuousClock.now
        let folder = "\(site.folder.path)/clone"
        let words = ["clone", "--quiet", "--recurse-submodules", url, folder]
        _ = try await LargeRepository.output(words)
        let took = ContinuousClock.now - start
        var trees: [String] = []
        for (name, path) in [("tree", ""), ("lib", "/lib"), ("tools", "/tools")] {
            let tree = try await LargeRepository.output(["-C", folder + path, "rev-parse", "HEAD^{tree}"])
            trees.append("\(name)=\(tree)")
        }
        let outcome = Outcome(tree: trees.joined(separator: " "), bytes: Double(link.bytes - before) / 1e6)
        return (Double(took.components.seconds) + Double(took.components.attoseconds) / 1e18, outcome)
    }

    // MARK: Jobs

    /// One run on a machine, which is made when it is not there; the time is that of the checkout step.
    private static func job(
        _ site: Site,
        _ pipeline: Int,
        machine: String,
        expects: Outcome,
        _ link: SlowLink,
        fsck: Bool = false
    ) async throws -> Outcome {
        let agent = try await Machine.start(machine, site)
        let before = link.bytes
        var parameters = RunPipelineParametersWire()
        parameters.variables = [
            "machine": VariableValueWire(value: machine), "fsck": VariableValueWire(value: fsck ? "yes" : "no"),
        ]
        let run = try await site.client.runPipeline(project: site.project, pipeline: pipeline, parameters).id ?? 0
        try await site.finished(run)
        await agent.stop()
        let text = try await site.output(run)
        guard text.contains(expects.tree), text.contains("clean=yes"), !fsck || text.contains("sound=yes") else {
            throw TestFailure(
                "the checkout is not what git made of it; expected \(expects.tree):\n\(text.suffix(6000))"
            )
        }
        guard let checkout = try await site.client.checkouts(run: run).first else {
            throw TestFailure("run \(run) told of no checkout")
        }
        return Outcome(
            tree: expects.tree,
            bytes: Double(link.bytes - before) / 1e6,
            seconds: Double(checkout.total) / 1000
        )
    }
}

/// An agent in a folder of its own, which stands for a machine.
private struct Machine {
    let program: ChildProgram

    /// Registers it when its folder is new, and starts it.
    static func start(_ name: String, _ site: Site) async throws -> Machine {
        let root = "\(site.folder.path)/machines/\(name)"
        if !FileManager.default.fileExists(atPath: root) {
            try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
            let token = try String(contentsOfFile: "\(site.folder.path)/data/admin-token", encoding: .utf8)
            let words = [
                "configure", "--root", root, "--unattended", "--url", site.address, "--auth", "pat", "--pool",
                "Default",
                "--agent", name,
            ]
            let setup = try ChildProgram(
                "roost-agent",
                words,
                environment: [
                    "VSTS_AGENT_INPUT_TOKEN": token.trimmingCharacters(in: .whitespacesAndNewlines),
                    "AGENT_ALLOW_RUNASROOT": "1", "machine": name,
                ],
                folder: root
            )
            let (code, output) = await setup.finished()
            guard code == 0 else { throw TestFailure("the agent could not be registered:\n\(output)") }
        }
        let program = try ChildProgram(
            "roost-agent",
            ["run", "--root", root],
            environment: ["AGENT_ALLOW_RUNASROOT": "1", "machine": name],
            folder: root
        )
        try await program.line(with: "Listening for Jobs")
        return Machine(program: program)
    }

    func stop() async {
        program.send(SIGTERM)
        await program.end()
    }
}
