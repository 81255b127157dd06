import Foundation
import Glibc
import RoostControlGroups
import RoostModel
import RoostServer
import RoostTesting
import Testing

/// An agent's folder with several agents in it, which one program runs.
@Suite("An agent with several slots", .serialized, .timeLimit(.minutes(5)))
struct SlotTests {
    /// Whether this machine lets its user limit memory, processes and processors.
    static let canLimit = ControlGroups.ofThisProcess().missing.isEmpty

    /// Configures an agent `build` in a folder and runs a body while it listens.
    static func with(
        _ arguments: [String],
        of cluster: TestCluster,
        _ body: (AgentFolder, ChildProgram) async throws -> Void
    ) async throws {
        let folder = try AgentFolder("\(cluster.folder.path)/agent")
        let done = try await configure(folder, arguments, cluster)
        guard done.code == 0 else { throw TestFailure(done.output) }
        let events = cluster.plane.agentEvents(pool: try cluster.defaultPool.id)
        let agent = try folder.start("run.sh", ["--grace", "0", "--isolation", "off"])
        let count = arguments.firstIndex(of: "--slots").flatMap { Int(arguments[$0 + 1]) } ?? 1
        var online: Set<AgentID> = []
        for await event in events {
            if case .agent(let view) = event, view.online { online.insert(view.agent.id) }
            if online.count == count { break }
        }
        let result: Result<Void, any Error>
        do { result = .success(try await body(folder, agent)) } catch { result = .failure(error) }
        agent.send(SIGTERM)
        await agent.end()
        try result.get()
    }

    static func configure(
        _ folder: AgentFolder,
        _ arguments: [String],
        _ cluster: TestCluster
    ) async throws -> (code: Int32, output: String) {
        try await folder.configure(
            ["--unattended", "--url", cluster.address, "--auth", "pat", "--pool", "Default", "--agent", "build"]
                + arguments,
            environment: ["VSTS_AGENT_INPUT_TOKEN": cluster.token.exposed]
        )
    }

    private static func numbers(_ output: Data) -> [pid_t] {
        String(decoding: output, as: UTF8.self).split(whereSeparator: \.isNewline).compactMap { pid_t($0) }
    }

    /// Two jobs that each wait for the other.
    private static let meeting = """
        jobs:
        - job: Left
          steps:
          - checkout: none
          - bash: |
              touch $MEETING/left
              until [ -e $MEETING/right ]; do sleep 0.05; done
              echo "$AGENT_NAME works in $AGENT_WORKFOLDER"
        - job: Right
          steps:
          - checkout: none
          - bash: |
              touch $MEETING/right
              until [ -e $MEETING/left ]; do sleep 0.05; done
              echo "$AGENT_NAME works in $AGENT_WORKFOLDER"
        """

    @Test("one service registers, runs, looks after, renews and removes an agent for each slot")
    func life() async throws {
        try await TestCluster.with { cluster in
            let place = cluster.folder.path
            let repository = try ScratchRepository([
                "azure-pipelines.yml": Self.meeting.replacing("$MEETING", with: place)
            ])
            defer { repository.remove() }
            let pool = try cluster.defaultPool.id
            try await Self.with(["--slots", "2"], of: cluster) { folder, agent in
                let agents = try cluster.plane.agents(in: pool).map(\.agent)
                #expect(agents.map(\.name) == ["build-1", "build-2"])
                #expect(agents.map { $0.systemCapabilities["Agent.Slots"] } == ["2", "2"])
                #expect(agents.map { $0.systemCapabilities["Agent.Slot"] } == ["1", "2"])
                #expect(agents.allSatisfy { DiskSpace(text: $0.systemCapabilities["Agent.Disk"] ?? "") != nil })

                let pipeline = try await cluster.pipeline(repository)
                let run = try await cluster.queue(pipeline)
                #expect(try await cluster.finished(run.id).run.state == .completed(.succeeded))
                let output = try await cluster.output(of: run.id)
                for slot in 1...2 {
                    #expect(output.contains("build-\(slot) works in \(folder.path)/_slots/\(slot)/_work"), "\(output)")
                }

                // One that is killed is started again; the other goes on.
                let listeners = try ShortCommand.run(["pgrep", "-f", "run --root \(folder.path)/_slots/2"])
                let listener = try #require(Self.numbers(listeners.output).first)
                kill(listener, SIGKILL)
                try await agent.line(with: "[2] The listener has ended; it is started again in 3 s.")
                for side in ["left", "right"] { try FileManager.default.removeItem(atPath: "\(place)/\(side)") }
                let again = try await cluster.queue(pipeline)
                #expect(try await cluster.finished(again.id).run.state == .completed(.succeeded))

                let words = ["doctor", "--root", folder.path, "--output", "json"]
                let doctor = try await ChildProgram("roost-agent", words, folder: folder.path).finished()
                let report = try JSONDecoder().decode(DoctorTests.Report.self, from: Data(doctor.output.utf8))
                #expect(report.findings.count { $0.topic == "configuration" } == 2, "\(doctor.output)")
                #expect(report.findings.count { $0.topic == "listener" && $0.verdict == "fine" } == 2)
                #expect(report.findings.count { $0.topic == "git" } == 1)
                let second = try folder.start("run.sh", [])
                #expect(await second.finished().output.contains("runs already"))
            }
            let folder = "\(place)/agent"
            let key = "\(folder)/_slots/2/.credentials_rsaparams"
            let old = try Data(contentsOf: URL(filePath: key))
            let renewed = try await Self.script(folder, ["reauth", "--unattended", "--auth", "pat"], cluster)
            #expect(renewed.code == 0, "\(renewed.output)")
            #expect(try Data(contentsOf: URL(filePath: key)) != old)

            let removed = try await Self.script(folder, ["remove"])
            #expect(removed.code == 0, "\(removed.output)")
            #expect(try cluster.plane.agents(in: pool).isEmpty)
            #expect(!FileManager.default.fileExists(atPath: "\(folder)/.agent"))
            #expect(!FileManager.default.fileExists(atPath: key))
        }
    }

    private static func script(
        _ folder: String,
        _ words: [String],
        _ cluster: TestCluster? = nil
    ) async throws -> (code: Int32, output: String) {
        let token = cluster.map { ["VSTS_AGENT_INPUT_TOKEN": $0.token.exposed] } ?? [:]
        return try await ChildProgram(
            executable: "/bin/bash",
            ["\(folder)/config.sh"] + words,
            environment: token.merging(["AGENT_ALLOW_RUNASROOT": "1"]) { $1 },
            folder: folder
        ).finished()
    }

    @Test("when one slot's name is taken none of them is registered, and no file is left")
    func taken() async throws {
        try await TestCluster.with { cluster in
            let other = try AgentFolder("\(cluster.folder.path)/other")
            let name = ["--agent", "build-3", "--pool", "Default", "--auth", "pat", "--url", cluster.address]
            let first = try await other.configure(
                ["--unattended"] + name,
                environment: ["VSTS_AGENT_INPUT_TOKEN": cluster.token.exposed]
            )
            #expect(first.code == 0, "\(first.output)")
            let folder = try AgentFolder("\(cluster.folder.path)/agent")
            let done = try await Self.configure(folder, ["--slots", "3"], cluster)
            #expect(done.code == 1 && done.output.contains("already contains an agent with name 'build-3'"))
            #expect(try cluster.plane.agents(in: cluster.defaultPool.id).map(\.agent.name) == ["build-3"])
            #expect(folder.added == [], "\(folder.added)")
        }
    }

    @Test(
        "values that make no sense are refused before anything is registered",
        arguments: [
            (["--slots", "0"], "a number from 1 to 256"), (["--memory", "1M"], "a quantity from 64M on"),
            (["--cpus", "none"], "a number of processors from 0.1 on"), (["--pids", "3"], "a number from 32 on"),
        ]
    )
    func refused(_ arguments: [String], _ expected: String) async throws {
        try await TestCluster.with { cluster in
            let folder = try AgentFolder("\(cluster.folder.path)/agent")
            let done = try await Self.configure(folder, arguments, cluster)
            #expect(done.code == 1 && done.output.contains("it is \(expected)"), "\(done.output)")
            #expect(try cluster.plane.agents(in: cluster.defaultPool.id).isEmpty)
            #expect(folder.added == [])
        }
    }

    // MARK: Limits

    private static let greedy = """
        jobs:
        - job: Greedy
          steps:
          - checkout: none
          - bash: |
              cat /proc/self/cgroup
              python3 -c "x = bytearray(400 << 20); print(len(x))"
              echo "it goes on with $?"
          - bash: echo never
            displayName: after
        - job: Many
          dependsOn: Greedy
          condition: always()
          steps:
          - checkout: none
          - bash: |
              cat >many.py <<'END'
              import subprocess
              try:
                  for n in range(100): subprocess.Popen(["sleep", "100"], stdout=subprocess.DEVNULL)
              except OSError as error:
                  print("refused", error.errno)
              END
              python3 many.py
        - job: Modest
          dependsOn: Many
          condition: always()
          steps:
          - checkout: none
          - bash: python3 -c "x = bytearray(32 << 20); print('modest', len(x))"
        """

    @Test(
        "a job past its memory is ended and its log says so, one past its processes is warned; the agent goes on, and no group is left",
        .enabled(if: canLimit, "needs control groups")
    )
    func limits() async throws {
        let repository = try ScratchRepository(["azure-pipelines.yml": Self.greedy])
        defer { repository.remove() }
        try await TestCluster.with { cluster in
            let limits = ["--cpus", "1.5", "--memory", "160M", "--pids", "64"]
            try await Self.with(limits, of: cluster) { _, _ in
                let agent = try #require(cluster.plane.agents(in: cluster.defaultPool.id).first?.agent)
                #expect(agent.systemCapabilities["Agent.LimitMemoryMB"] == "160")
                #expect(agent.systemCapabilities["Agent.LimitProcessors"] == "1.5")
                #expect(agent.systemCapabilities["Agent.LimitProcesses"] == "64")
                let run = try await cluster.queue(try await cluster.pipeline(repository))
                let view = try await cluster.finished(run.id)
                let results = Dictionary(uniqueKeysWithValues: view.jobs.map { ($0.name, $0.state) })
                #expect(results["Greedy"] == .finished(.failed), "\(results)")
                #expect(results["Many"] == .finished(.succeeded), "\(results)")
                #expect(results["Modest"] == .finished(.succeeded), "\(results)")
                let output = try await cluster.output(of: run.id)
                #expect(output.contains("This job may use 1.5 processors, 160 MB of memory, 64 processes."))
                #expect(output.contains("/roost-job-"), "\(output)")
                #expect(
                    output.contains(
                        "The job used more than its 160 MB of memory, and one of its processes was killed."
                    ),
                    "\(output)"
                )
                #expect(!output.contains("never"))
                #expect(output.contains("refused 11"), "\(output)")
                #expect(output.contains("The job has reached its limit of 64 processes; more could not be started."))
                #expect(output.contains("modest \(32 << 20)"))
            }
            #expect(ControlGroups.ofThisProcess().names(beginning: "job-") == [])
        }
    }

    @Test(
        "a worker that is killed for memory is reported with the limit",
        .enabled(if: canLimit, "needs control groups")
    )
    func workerKilled() async throws {
        let repository = try ScratchRepository([
            "azure-pipelines.yml": """
            steps:
            - checkout: none
            - bash: |
                # The worker is what the kernel shall choose: none of those that fill the memory comes near it.
                echo 1000 >/proc/$PPID/oom_score_adj
                for number in 1 2 3 4 5 6; do python3 -c "import time; x = bytearray(40 << 20); time.sleep(60)" & done
                wait
            """
        ])
        defer { repository.remove() }
        try await TestCluster.with { cluster in
            try await Self.with(["--memory", "160M"], of: cluster) { _, _ in
                let run = try await cluster.queue(try await cluster.pipeline(repository))
                let view = try await cluster.finished(run.id)
                #expect(view.run.state == .completed(.failed))
                let issues = view.records.flatMap(\.issues).map(\.message)
                #expect(
                    issues.contains { $0.contains("was ended by signal 9") && $0.contains("160 MB of memory") },
                    "\(issues)"
                )
            }
        }
    }

    @Test(
        "what a killed listener leaves in control groups is ended and taken away at the next start",
        .enabled(if: canLimit, "needs control groups")
    )
    func leftovers() async throws {
        try await TestCluster.with { cluster in
            let repository = try ScratchRepository([
                "azure-pipelines.yml":
                    "steps:\n- checkout: none\n- bash: |\n    setsid sleep 1000 &\n    touch \(cluster.folder.path)/begun; sleep 1000\n"
            ])
            defer { repository.remove() }
            var folder: AgentFolder?
            try await Self.with(["--memory", "200M"], of: cluster) { place, agent in
                folder = place
                let run = try await cluster.queue(try await cluster.pipeline(repository))
                try await cluster.until(run.id) { _ in
                    FileManager.default.fileExists(atPath: "\(cluster.folder.path)/begun")
                }
                #expect(ControlGroups.ofThisProcess().names(beginning: "job-").count == 1)
                let workers = Self.numbers(try ShortCommand.run(["pgrep", "-P", "\(agent.pid)"]).output)
                agent.send(SIGKILL)
                for worker in workers { kill(worker, SIGKILL) }
            }
            let again = try #require(folder)
            let agent = try await again.run()
            #expect(ControlGroups.ofThisProcess().names(beginning: "job-") == [])
            agent.send(SIGTERM)
            await agent.end()
        }
    }
}
