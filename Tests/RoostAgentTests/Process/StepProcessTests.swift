import CRoostLinux
import FoundationEssentials
import Glibc
import Testing

@testable import RoostAgent

@Suite("A step's process", .serialized)
struct StepProcessTests {
    /// Runs a shell script and gives its end and lines.
    static func run(
        _ script: String,
        environment: [String: String] = [:],
        directory: String = "/",
        control: StopControl = StopControl(),
        patience: StepProcess.Patience = .init(),
        sink: MemorySink = MemorySink(),
        mark: String? = nil
    ) async throws -> (outcome: ProcessOutcome, lines: [String]) {
        let output = StepOutput(masker: SecretMasker(), sink: sink) { _, _ in .show }
        var environment = environment
        environment["PATH"] = ExecutableSearch.defaultPath
        environment[ProcessTree.markName] = mark
        let launch = ProcessLaunch(
            executable: "/bin/bash",
            arguments: ["--noprofile", "--norc", "-c", script],
            environment: environment,
            workingDirectory: directory
        )
        let outcome = try await StepProcess.run(
            launch,
            mark: mark,
            control: control,
            patience: patience,
            output: output
        )
        output.finish()
        return (outcome, sink.lines)
    }

    @Test("both outputs keep the order in which they were written")
    func order() async throws {
        let (outcome, lines) = try await Self.run("for i in 1 2 3; do echo out$i; echo err$i >&2; done")
        #expect(outcome == ProcessOutcome(end: .exited(0)))
        #expect(lines == ["out1", "err1", "out2", "err2", "out3", "err3"])
    }

    @Test("it gets exactly its arguments, environment, folder, an empty input and no other descriptor")
    func surroundings() async throws {
        let (_, lines) = try await Self.run(
            #"echo "$A|$(pwd)|$(cat)|$(ls /proc/self/fd | tr '\n' ' ')"; env | grep -c ."#,
            environment: ["A": "a b;$(x) 'y'"],
            directory: "/usr"
        )
        #expect(lines.first?.hasPrefix("a b;$(x) 'y'|/usr||0 1 2 ") == true)
        let count = lines.last.flatMap { Int($0) } ?? 0
        #expect(count <= 6)
    }

    @Test(
        "exit codes and signals are told apart",
        arguments: [("exit 7", ProcessOutcome.End.exited(7)), ("kill -9 $$", .signaled(9))]
    )
    func ends(script: String, end: ProcessOutcome.End) async throws {
        #expect(try await Self.run(script).outcome.end == end)
    }

    @Test("what cannot be started says why")
    func failures() async throws {
        let output = CapturedOutput()
        await #expect(throws: ProcessFailure.directoryMissing("/nowhere")) {
            _ = try await Self.run("true", directory: "/nowhere")
        }
        await #expect(throws: ProcessFailure.programNotFound("/no/such", path: "")) {
            let launch = ProcessLaunch(executable: "/no/such", arguments: [], environment: [:], workingDirectory: "/")
            _ = try await StepProcess.run(launch, control: StopControl(), output: output)
        }
        await #expect(throws: ProcessFailure.notExecutable("/etc/passwd")) {
            let launch = ProcessLaunch(
                executable: "/etc/passwd",
                arguments: [],
                environment: [:],
                workingDirectory: "/"
            )
            _ = try await StepProcess.run(launch, control: StopControl(), output: output)
        }
    }

    @Test("a million lines arrive complete and in order")
    func manyLines() async throws {
        let sink = MemorySink()
        let (outcome, lines) = try await Self.run("seq 1 1000000", sink: sink)
        #expect(outcome.end == .exited(0))
        #expect(lines.count == 1_000_000)
        #expect(lines.first == "1" && lines.last == "1000000")
        #expect(lines.enumerated().allSatisfy { String($0.offset + 1) == $0.element })
    }

    @Test("a background process that holds the output is waited for only so long, and does not die of it")
    func heldOutput() async throws {
        let mark = "test_\(UUID().uuidString)"
        ProcessTree.becomeSubreaper()
        let (outcome, lines) = try await Self.run(
            "(while sleep 0.05; do echo tick; done) & echo $!",
            patience: .init(heldOutput: .milliseconds(300)),
            mark: mark
        )
        #expect(outcome.outputHeldOpen)
        let pid = try #require(lines.first.flatMap { pid_t($0) })
        let entry = try #require(ProcessEntry(pid: pid))
        #expect(!entry.isZombie)
        let tree = ProcessTree(mark: mark, takesAllAdopted: false)
        #expect(tree.end(grace: .zero) == 0)
        #expect(ProcessEntry(pid: pid).map(\.isZombie) ?? true)
    }

    /// Starts a script, waits for its first line `ready`, stops it, and gives what was left of its tree.
    static func stop(
        _ script: String,
        grace: StopGrace
    ) async throws -> (outcome: ProcessOutcome, lines: [String], left: [ProcessEntry]) {
        ProcessTree.becomeSubreaper()
        let mark = "test_\(UUID().uuidString)"
        let control = StopControl()
        let sink = MemorySink()
        async let running = Self.run(script, control: control, sink: sink, mark: mark)
        await sink.bytes.wait { String(decoding: $0, as: UTF8.self).contains("ready") }
        control.stop(grace)
        let (outcome, lines) = try await running
        let left = ProcessTree(mark: mark, takesAllAdopted: false).members()
        return (outcome, lines, left)
    }

    static let quick = StopGrace(afterInterrupt: .milliseconds(400), afterTerminate: .milliseconds(300))

    @Test("a cancel runs the trap of a script whose command is interrupted with it")
    func trap() async throws {
        let (outcome, lines, left) = try await Self.stop(
            "trap 'echo cleaned; exit 3' INT; bash -c 'echo ready; exec sleep 100'",
            grace: Self.quick
        )
        #expect(outcome.stopped)
        #expect(outcome.end == .exited(3))
        #expect(lines.contains("cleaned"))
        #expect(left.isEmpty)
    }

    @Test(
        "nothing of the tree survives a cancel",
        arguments: [
            "trap '' INT TERM; echo ready; while :; do sleep 1; done",
            "setsid sh -c 'trap \"\" INT TERM HUP; sleep 100 & wait' & sleep 0.3; echo ready; sleep 100",
            "( ( trap '' INT TERM; sleep 100 ) & ) ; ( setsid sleep 100 & ) ; sleep 0.2; echo ready; exit 0",
            "python3 -c 'import os,time\nif os.fork()==0:\n os.setsid()\n if os.fork()==0:\n  import signal\n  signal.signal(2,signal.SIG_IGN); signal.signal(15,signal.SIG_IGN)\n  time.sleep(100)\n os._exit(0)\nos.wait()\nprint(\"ready\",flush=True)\ntime.sleep(100)'",
        ]
    )
    func wholeTree(script: String) async throws {
        let (outcome, _, left) = try await Self.stop(script, grace: Self.quick)
        #expect(outcome.survivors == 0)
        #expect(left.isEmpty)
    }

    @Test("a tree is what descends from the root, from adopted children, or bears the mark, and nothing else")
    func membership() {
        let entry = { (pid: pid_t, parent: pid_t, ticks: UInt64, state: String) in
            var entry = ProcessEntry(
                pid: pid,
                stat: Array("\(pid) (a) b) \(state) \(parent) 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 \(ticks) 0".utf8)
            )
            entry?.name = "x"
            return entry
        }
        let table = [
            entry(10, 1, 5, "S"), entry(20, 10, 50, "S"), entry(21, 20, 51, "S"), entry(30, 10, 40, "S"),
            entry(31, 10, 60, "R"),
            entry(32, 31, 61, "Z"), entry(33, 31, 62, "S"), entry(40, 1, 70, "S"), entry(50, 1, 5, "S"),
        ].compactMap { $0 }
        #expect(table.count == 9)
        let tree = ProcessTree(root: 20, mark: "m", takesAllAdopted: true, since: 50)
        let found = tree.members(
            in: table,
            own: 10,
            isOwnChild: { $0 == 20 },
            isMarked: { $0.pid == 40 || $0.pid == 50 }
        )
        #expect(Set(found.map(\.pid)) == [20, 21, 31, 33, 40])
        // The first process of the job's own namespace adopts in the place of this one, and is no member itself.
        let walled = ProcessTree(root: 20, mark: nil, takesAllAdopted: true, since: 50, keeper: 30)
        let inside = [entry(34, 30, 63, "S"), entry(35, 34, 64, "S"), entry(36, 30, 41, "S")].compactMap { $0 }
        let both = walled.members(
            in: table + inside,
            own: 10,
            isOwnChild: { $0 == 20 || $0 == 30 },
            isMarked: { _ in false }
        )
        #expect(Set(both.map(\.pid)) == [20, 21, 31, 33, 34, 35])
    }
}
