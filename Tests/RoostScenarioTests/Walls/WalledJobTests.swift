import Foundation
import Glibc
import RoostAgent
import RoostClient
import RoostModel
import RoostServer
import RoostTesting
import Testing

/// What works inside of walls as it does without them, and what only they do.
@Suite(
    "An isolated job",
    .serialized,
    .enabled(if: WallGround.obstacle == nil, Comment(rawValue: WallGround.obstacle ?? "")),
    .timeLimit(.minutes(5))
)
struct WalledJobTests {
    private static let files = [
        "codes.yml": """
        pool: first
        steps:
        - checkout: none
        - bash: exit 7
          continueOnError: true
        - bash: kill -SEGV $$
          continueOnError: true
        - bash: echo "##vso[task.setvariable variable=said]words of a step"
        - bash: 'echo "it said $(said)"; echo to-errors >&2; test "$(id -u)" != 0 && cat /etc/hostname >/tmp/kept'
        - bash: test -s /tmp/kept && rm "$(mktemp)" && test -w /dev/shm && ps -e | wc -l
        - bash: ls ~/hidden | wc -l; test -w ~
        """,
        "cancel.yml": """
        pool: first
        steps:
        - checkout: none
        - bash: |
            trap 'echo trapped; exit 0' INT
            setsid --fork bash -c "trap '' INT TERM; exec -a walled-survivor sleep 300" >/dev/null 2>&1
            (trap '' INT TERM; exec -a walled-survivor sleep 300) &
            echo begun >"$HOME/begun"
            wait
        """,
        "leave.yml": """
        pool: first
        steps:
        - checkout: none
        - bash: |
            mkdir -p "$(Pipeline.Workspace)/kept"; echo mine >>"$(Pipeline.Workspace)/kept/file"
            cat "$(Pipeline.Workspace)/kept/file" | wc -l
            rm -rf "$(Build.ArtifactStagingDirectory)"
            ln -s ../1/s "$(Build.ArtifactStagingDirectory)"
            ls /tmp/kept 2>&1
        """,
        "killed.yml": """
        pool: first
        steps:
        - checkout: none
        - bash: |
            setsid --fork bash -c 'exec -a walled-survivor sleep 300' >/dev/null 2>&1
            echo begun >"$HOME/begun"
            exec -a walled-survivor sleep 300
        """,
        "box.yml": """
        resources: { containers: [ { container: box, image: 'localhost/none:1' } ] }
        pool: first
        container: box
        steps:
        - checkout: none
        """,
    ]

    @Test(
        "exit codes, signals, commands and cancel work; the workspace stays with its pipeline; nothing outlives the job"
    )
    func whole() async throws {
        try await Self.with(["--isolation", "always"]) { ground, cluster, queue in
            let codes = try await cluster.finished(try await queue("codes").id)
            let output = try await cluster.output(of: codes.run.id)
            #expect(codes.run.state == .completed(.succeededWithIssues), "\(output)")
            for text in [
                "exited with code '7'", "Z 0\n", "was ended by signal 11", "it said words of a step", "to-errors",
                "This job is isolated: it sees its own processes, its own folders and a /tmp of its own.",
            ] {
                #expect(output.contains(text), "\(text) in \(output)")
            }
            let known = "\(ground.root("a"))/_work/1/s/known"
            _ = try ShortCommand.run(["sh", "-c", "echo known >'\(known)'"])
            for (number, run) in [try await queue("leave"), try await queue("leave")].enumerated() {
                #expect(try await cluster.finished(run.id).run.state == .completed(.failed))
                let output = try await cluster.output(of: run.id)
                #expect(output.contains("Z \(number + 1)\n"), "\(output)")
                #expect(output.contains("/tmp/kept': No such file"), "\(output)")
            }
            // The agent has emptied what it took for a folder of the job, and not what the link leads to.
            #expect(FileManager.default.contents(atPath: known) == Data("known\n".utf8))
            try await Self.cancel(ground, cluster, queue)
            try await Self.kill(ground, cluster, queue)
            let box = try await cluster.finished(try await queue("box").id)
            #expect(box.run.state == .completed(.failed))
            #expect(try await cluster.output(of: box.run.id).contains("it has containers, whose engine works outside"))
            let agent = try Self.agent(cluster)
            #expect(agent.systemCapabilities.dictionary["Agent.JobIsolation"] == "on")
        }
    }

    @Test("an agent that does not isolate says so in each job's log and among its capabilities")
    func off() async throws {
        try await Self.with(["--isolation", "off"]) { _, cluster, queue in
            let codes = try await cluster.finished(try await queue("codes").id)
            let output = try await cluster.output(of: codes.run.id)
            #expect(output.contains("This job is not isolated: it can read what other jobs of this agent's user"))
            #expect(output.contains("because its configuration says so."))
            _ = try ShortCommand.run(["rm", "-f", "/tmp/kept"])
            let agent = try Self.agent(cluster)
            #expect(agent.systemCapabilities.dictionary["Agent.JobIsolation"] == "off (its configuration says so)")
        }
    }

    @Test("an agent of root refuses jobs when they must be isolated", .enabled(if: getuid() == 0, "needs root"))
    func root() async throws {
        let repository = try ScratchRepository(["azure-pipelines.yml": "steps:\n- bash: echo never\n"])
        defer { repository.remove() }
        try await TestCluster.with { cluster in
            try await cluster.withRealAgent(isolation: .always) {
                let run = try await cluster.finished(try await cluster.queue(try await cluster.pipeline(repository)).id)
                let output = try await cluster.output(of: run.run.id)
                #expect(run.run.state == .completed(.failed) && !output.contains("never"), "\(output)")
                #expect(output.contains("the agent runs as root, whom nothing can be hidden from"), "\(output)")
            }
        }
    }

    // MARK: Parts

    private static func agent(_ cluster: TestCluster) throws -> Agent {
        let pool = try #require(cluster.plane.pool(named: "first"))
        return try #require(try cluster.plane.agents(in: pool.id).first).agent
    }

    private static func cancel(
        _ ground: WallGround,
        _ cluster: TestCluster,
        _ queue: (String) async throws -> Run
    ) async throws {
        let run = try await queue("cancel")
        #expect(try await ground.read("begun").contains("begun"))
        #expect(try ground.processes(with: "walled-survivor") != [])
        _ = try await cluster.plane.cancelRun(run.id, by: .system)
        let view = try await cluster.finished(run.id)
        #expect(view.run.state == .completed(.canceled))
        #expect(try await cluster.output(of: run.id).contains("trapped"))
        #expect(try ground.processes(with: "walled-survivor") == [])
    }

    private static func kill(
        _ ground: WallGround,
        _ cluster: TestCluster,
        _ queue: (String) async throws -> Run
    ) async throws {
        let run = try await queue("killed")
        #expect(try await ground.read("begun").contains("begun"))
        let workers = try ground.processes(with: "\(ground.place)/roost-agent").filter { $0.line.hasSuffix(" worker") }
        for worker in workers { Glibc.kill(worker.pid, SIGKILL) }
        #expect(try await cluster.finished(run.id).run.state == .completed(.failed))
        #expect(try ground.processes(with: "walled-survivor") == [])
    }

    private static func with(
        _ options: [String],
        _ body:
            @Sendable @escaping (
                WallGround, TestCluster, @Sendable @escaping (String) async throws -> Run
            ) async throws -> Void
    ) async throws {
        let repository = try ScratchRepository(files)
        defer { repository.remove() }
        try await WallGround.with { ground in
            let cluster = ground.cluster
            _ = try await cluster.plane.createPool(name: "first", by: .system)
            try ground.makePipe("begun")
            try await GitDaemon.with(repository) { daemon in
                try await ground.program(["mkdir", "-p", "\(ground.home)/hidden/folder"]).end()
                let options = options + ["--hide", "\(ground.home)/hidden"]
                try await ground.withAgent("a", pool: "first", options) {
                    let url = daemon.url
                    try await body(ground, cluster) { name in
                        let known = cluster.plane.pipelines(in: nil).first { $0.name == name }
                        let pipeline =
                            if let known { known } else {
                                try await cluster.pipeline(repository, name: name, yamlPath: "\(name).yml", url: url)
                            }
                        return try await cluster.queue(pipeline)
                    }
                }
            }
        }
    }
}
