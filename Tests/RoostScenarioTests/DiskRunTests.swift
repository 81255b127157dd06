import Foundation
import Glibc
import RoostAgent
import RoostModel
import RoostServer
import RoostTesting
import Testing

/// Many jobs of many repositories on an agent whose disk is far too small for all of them.
struct DiskRun {
    /// The disk, as `truncate` reads it.
    var size: String
    var bytes: Int
    var repositories: Int
    var jobs: Int
    /// Sizes of repositories go from here to twice as much, in megabytes.
    var megabytes: Int
    /// What a job leaves in its workspace, in megabytes.
    var output: Int

    /// What is proved: a disk of 2 GB, 500 jobs, 100 repositories.
    static let whole = DiskRun(
        size: "2G",
        bytes: 2 << 30,
        repositories: 100,
        jobs: 500,
        megabytes: 12,
        output: 10
    )
    /// The same rules within a minute.
    static let short = DiskRun(
        size: "300M",
        bytes: 300 << 20,
        repositories: 12,
        jobs: 40,
        megabytes: 8,
        output: 6
    )

    static let isWhole = ProcessInfo.processInfo.environment["ROOST_TEST_DISK"] == "whole"

    // MARK: Repositories

    private var pipeline: String {
        """
        steps:
        - checkout: self
        \(Self.hasNode ? "- task: Ballast@1" : "")
        - task: Cache@2
          inputs: { key: 'deps | "$(Build.DefinitionName)"', path: $(Pipeline.Workspace)/deps }
        - bash: |
            set -e
            free() { echo "$1 $(($(stat -f -c '%a * %S' .)))"; }
            free free-begin
            mkdir -p "$(Pipeline.Workspace)/deps"
            test -e "$(Pipeline.Workspace)/deps/a" || head -c 1000000 /dev/urandom > "$(Pipeline.Workspace)/deps/a"
            head -c \(output)000000 /dev/urandom > out
            cp out "$(Build.BinariesDirectory)/out"
            if test $(($(Build.BuildId) % 5)) = 0; then
              tool="$(Agent.ToolsDirectory)/made/1.$(Build.BuildId).0/x64"
              mkdir -p "$tool/bin" && head -c 6000000 /dev/urandom > "$tool/bin/made" && touch "$tool.complete"
              echo "##vso[task.prependpath]$tool/bin"
            fi
            for i in $(seq "$(grow)"); do head -c 5000000 /dev/urandom > "grown.$i"; sleep 0.1; done
            git fsck --connectivity-only && test "$(cat name)" = "$(Build.DefinitionName)"
            free free-end
        - publish: $(Build.BinariesDirectory)/out
          artifact: out
        """
    }

    static let hasNode = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").contains {
        FileManager.default.isExecutableFile(atPath: "\($0)/node")
    }

    /// Repositories with contents that no compression makes smaller, each with as many bytes as its number says.
    private func makeRepositories(in folder: String) async throws {
        let script = """
            set -e
            for i in $(seq 0 \(repositories - 1)); do
              folder="$1/r$i"; size=$(( (\(megabytes) + i * \(megabytes) / \(repositories)) * 1000000 ))
              git init --quiet --bare --initial-branch=main "$folder"
              {
                printf 'blob\\nmark :1\\ndata %d\\n' $size; head -c $size /dev/urandom; echo
                printf 'blob\\nmark :2\\ndata %d\\n' $(stat -c %s "$2"); cat "$2"; echo
                printf 'blob\\nmark :3\\ndata %d\\nr%d\\n' $(printf 'r%d' $i | wc -c) $i
                printf 'commit refs/heads/main\\ncommitter T <t@example.com> 1700000000 +0000\\ndata 1\\nx\\n'
                printf 'M 100644 :1 data\\nM 100644 :2 azure-pipelines.yml\\nM 100644 :3 name\\n\\n'
              } | git -C "$folder" -c core.compression=0 -c fastimport.unpackLimit=1 fast-import --quiet
            done
            """
        try Data(pipeline.utf8).write(to: URL(fileURLWithPath: "\(folder)/pipeline.yml"))
        let made = try await ShortCommand.runAside(["bash", "-c", script, "bash", folder, "\(folder)/pipeline.yml"])
        guard made.code == 0 else { throw TestFailure("the repositories could not be made") }
    }

    /// A version of a task that is not built in, of two megabytes.
    private func installTask(_ version: Int, _ cluster: TestCluster) async throws {
        let name = "ballast-\(version)"
        try cluster.folder.write(
            """
            {
              "id": "1c2f3a4b-5d6e-4f70-8a91-b2c3d4e5f607", "name": "Ballast", "friendlyName": "Ballast",
              "version": { "Major": 1, "Minor": \(version), "Patch": 0 },
              "instanceNameFormat": "Ballast", "inputs": [], "execution": { "Node10": { "target": "main.js" } }
            }
            """,
            to: "\(name)/task.json"
        )
        try cluster.folder.write("console.log('ballast 1.\(version).0')", to: "\(name)/main.js")
        var random = SeededNumbers(seed: UInt64(version))
        let ballast = Data((0..<250_000).flatMap { _ in withUnsafeBytes(of: random.next()) { Array($0) } })
        try ballast.write(to: URL(fileURLWithPath: "\(cluster.folder.path)/\(name)/ballast"))
        let installed = try await ChildProgram(
            "roost",
            ["task", "install", "\(cluster.folder.path)/\(name)"],
            environment: ["ROOST_URL": cluster.address, "ROOST_TOKEN": cluster.token.exposed],
            folder: cluster.folder.path
        ).finished()
        guard installed.code == 0 else { throw TestFailure("the task cannot be installed: \(installed.output)") }
    }

    // MARK: The run

    /// What was seen.
    struct Seen {
        /// Bytes that were free when jobs looked.
        var free: [Int] = []
        var history: [Line] = []
        var left = 0
    }

    /// A line of the agent's history.
    struct Line: Decodable {
        var occasion: String
        var what: String
        var kind: String?
        var name: String?
        var bytes: Int?
        var code: String?
        var reason: String
        var free: Int
    }

    func run() async throws -> Seen {
        let scratch = try ScratchFolder()
        defer { scratch.remove() }
        try await makeRepositories(in: scratch.path)
        return try await GitDaemon.with(folder: scratch.path) { port in
            try await TestCluster.with { cluster in
                try await MountedDisk.with("ext4", size: size) { disk in
                    try await run(on: disk, port, scratch.path, cluster)
                }
            }
        }
    }

    private func run(on disk: String, _ port: Int, _ folder: String, _ cluster: TestCluster) async throws -> Seen {
        let runner = AgentRunner(
            folder: "\(disk)/agent",
            name: "small",
            pool: "Default",
            serverURL: cluster.address,
            program: AgentProgram(executable: "\(ChildProgram.buildFolder)/roost-agent"),
            grace: .zero
        )
        try await runner.configure(token: cluster.token)
        let agent = Task { try await runner.run() }
        let result: Result<Seen, any Error>
        do { result = .success(try await play(cluster, port, folder, disk)) } catch { result = .failure(error) }
        agent.cancel()
        _ = await agent.result
        return try result.get()
    }

    /// Each repository once, and then some of them much more often than others.
    private var order: [Int] {
        var random = SeededNumbers(seed: 7)
        let first = (0..<repositories).shuffled(using: &random)
        return first
            + (repositories..<jobs).map { _ in
                let place = Double.random(in: 0..<1, using: &random)
                return first[Int(place * place * Double(repositories))]
            }
    }

    private func play(_ cluster: TestCluster, _ port: Int, _ folder: String, _ disk: String) async throws -> Seen {
        var pipelines: [Pipeline] = []
        let project = try #require(cluster.plane.projects().first)
        for index in 0..<repositories {
            let repository = PipelineRepository(
                url: "git://127.0.0.1:\(port)/r\(index)",
                name: "r\(index)",
                defaultBranch: "refs/heads/main"
            )
            let pipeline = try await cluster.plane.createPipeline(
                name: "r\(index)",
                project: project.id,
                repository: repository,
                yamlPath: "azure-pipelines.yml",
                by: .system
            )
            pipelines.append(pipeline)
        }
        var seen = Seen()
        // As many at once as there are between two versions of the task, so that the agent is never idle but for a moment.
        let batch = max(1, jobs / 10)
        for begin in stride(from: 0, to: jobs, by: batch) {
            if Self.hasNode { try await installTask(begin / batch, cluster) }
            var runs: [RunID] = []
            for number in begin..<min(begin + batch, jobs) {
                // One of ten grows while it runs, by a fifth of the disk.
                let grow = number % 10 == 9 ? bytes / 5 / 5_000_000 : 0
                let run = try await cluster.queue(
                    pipelines[order[number]],
                    variables: ["grow": PipelineVariable(value: "\(grow)")]
                )
                runs.append(run.id)
            }
            for run in runs { try await look(at: run, cluster, &seen) }
        }
        let history = try await ChildProgram(
            "roost-agent",
            ["upkeep", "--root", "\(disk)/agent", "--history", "--output", "json"],
            folder: "/"
        ).finished()
        let decoder = JSONDecoder()
        seen.history = try decoder.decode([Line].self, from: Data(history.output.utf8))
        var facts = statvfs()
        #expect(statvfs(disk, &facts) == 0)
        seen.left = Int(facts.f_blocks - facts.f_bfree) * Int(facts.f_frsize)
        for name in try FileManager.default.contentsOfDirectory(atPath: "\(disk)/agent/_diag")
        where name.hasSuffix(".log") {
            let text = try String(contentsOfFile: "\(disk)/agent/_diag/\(name)", encoding: .utf8)
            #expect(!text.contains("No space left"), "\(name) tells of a full disk")
        }
        return seen
    }

    private func look(at run: RunID, _ cluster: TestCluster, _ seen: inout Seen) async throws {
        let view = try await cluster.finished(run)
        let output = try await cluster.output(of: run)
        guard view.run.state == .completed(.succeeded) else {
            throw TestFailure("run \(run) of \(jobs) is \(view.run.state):\n\(output.suffix(6000))")
        }
        let told = output.split(separator: "\n").compactMap { line -> Int? in
            guard let word = ["Z free-begin ", "Z free-end "].first(where: { line.contains($0) }) else { return nil }
            return line.range(of: word).flatMap { Int(line[$0.upperBound...]) }
        }
        #expect(told.count == 2 && told.allSatisfy { $0 > 0 }, "\(output)")
        seen.free += told
    }
}

@Suite("A small disk and many jobs", .serialized, .timeLimit(.minutes(60)))
struct DiskRunTests {
    @Test(
        "the disk never fills, no job fails, and what was removed and why is listed",
        .enabled(if: MountedDisk.obstacle == nil, "\(MountedDisk.obstacle ?? "")")
    )
    func neverFills() async throws {
        let run = DiskRun.isWhole ? DiskRun.whole : .short
        let seen = try await run.run()
        let gone = seen.history.filter { $0.what == "evicted" }
        #expect(seen.history.allSatisfy { $0.free > 0 })
        #expect(!seen.history.contains { $0.what == "failed" || $0.what == "closed" }, "\(seen.history)")
        let bytes = gone.reduce(0) { $0 + ($1.bytes ?? 0) }
        #expect(bytes + seen.left > run.bytes, "nothing had to go")
        let kinds = Set(gone.compactMap(\.kind))
        #expect(
            kinds.isSuperset(of: DiskRun.isWhole ? ["workspace", "mirror", "tool"] : ["workspace", "mirror"]),
            "\(kinds)"
        )
        if DiskRun.hasNode {
            let tasks = gone.filter { $0.kind == "task" }
            #expect(tasks.contains { $0.code == "superseded" }, "\(tasks)")
        }
        #expect(gone.contains { $0.occasion == "during-job" }, "no job met a scarce disk")
        #expect(gone.allSatisfy { !$0.reason.isEmpty && $0.code != nil && $0.name != nil })
        tell(run, seen, gone)
    }

    private func tell(_ run: DiskRun, _ seen: DiskRun.Seen, _ gone: [DiskRun.Line]) {
        print("disk: \(run.jobs) jobs of \(run.repositories) repositories on \(run.size), all succeeded")
        print(
            "disk: least free when a job looked: \(UpkeepText.size(seen.free.min() ?? 0)); when something went: \(UpkeepText.size(gone.map(\.free).min() ?? 0))"
        )
        let groups = Dictionary(grouping: gone) { "\($0.kind ?? "") \($0.code ?? "") \($0.occasion)" }
        for (name, lines) in groups.sorted(by: { $0.key < $1.key }) {
            print("disk: \(lines.count) × \(name), \(UpkeepText.size(lines.reduce(0) { $0 + ($1.bytes ?? 0) }))")
        }
        for line in gone.suffix(5) { print("disk: \(line.kind ?? "") \(line.name ?? ""): \(line.reason)") }
    }

    @Test(
        "an agent without room takes no job, says why wherever one looks, and comes back by itself",
        .enabled(if: MountedDisk.obstacle == nil, "\(MountedDisk.obstacle ?? "")")
    )
    func full() async throws {
        let repository = try ScratchRepository(["azure-pipelines.yml": "steps:\n- bash: echo done\n"])
        defer { repository.remove() }
        try await TestCluster.with { cluster in
            try await MountedDisk.with("ext4", size: "64M") { disk in
                let runner = AgentRunner(
                    folder: "\(disk)/agent",
                    name: "full",
                    pool: "Default",
                    serverURL: cluster.address,
                    program: AgentProgram(executable: "\(ChildProgram.buildFolder)/roost-agent"),
                    grace: .zero
                )
                try await runner.configure(token: cluster.token)
                // Not the agent's, and nearly everything.
                let other = "\(disk)/other"
                #expect(
                    try ShortCommand.run([
                        "sh", "-c", "fallocate -l $(($(stat -f -c '%a * %S' \(disk)) - 2000000)) \(other)",
                    ]).code == 0
                )
                let events = cluster.plane.agentEvents(pool: try cluster.defaultPool.id)
                let agent = Task { try await runner.run() }
                for await event in events {
                    if case .agent(let view) = event, view.agent.warmUp?.state == .noRoom { break }
                }
                let run = try await cluster.queue(try await cluster.pipeline(repository))
                let job = try #require(try await cluster.plane.run(run.id).jobs.first)
                let wait = try await cluster.plane.why(job: job.id, run: run.id)
                #expect(wait.code == "agent-no-room", "\(wait)")
                #expect(
                    wait.sentence.contains("are not the agent's") && wait.sentence.contains("its disk is full"),
                    "\(wait)"
                )
                let list = try await ChildProgram(
                    "roost",
                    ["agent", "list"],
                    environment: ["ROOST_URL": cluster.address, "ROOST_TOKEN": cluster.token.exposed],
                    folder: cluster.folder.path
                ).finished()
                #expect(list.output.contains("offline, disk full: the disk of"), "\(list.output)")
                try FileManager.default.removeItem(atPath: other)
                let view = try await cluster.finished(run.id)
                #expect(view.run.state == .completed(.succeeded))
                #expect(try cluster.plane.agents(in: cluster.defaultPool.id).first?.agent.warmUp == nil)
                agent.cancel()
                _ = await agent.result
            }
        }
    }
}
