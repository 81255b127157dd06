import FoundationEssentials
import Glibc
import Logging
import Testing

@testable import RoostAgent

@Suite("What a killed listener leaves")
struct SpoolTests {
    static let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    @Test(
        "a worker and processes of its job are ended, notes and temporary files deleted, young pages kept",
        .timeLimit(.minutes(6))
    )
    func sweep() async throws {
        try await ScratchFolder.with { folder in
            let root = AgentRoot(folder)
            let folders = AgentFolders(root: folder)
            let job = UUID().uuidString.lowercased()
            let sleeper = try #require(ExecutableSearch.find("sleep", path: nil))
            // A worker that ignores the end of its input, and a process that the job has left elsewhere.
            let worker = try PipedProcess(Self.launch(sleeper, [:])) { _ in }
            let left = try await Self.orphan(mark: "vsts_\(job)")
            let journal = JobJournal(
                job: job,
                request: 1,
                displayName: "a",
                workerPID: worker.pid,
                workerStartTicks: worker.startTicks,
                listenerPID: 1
            )
            journal.write(root)
            #expect(FileTree.make("\(folders.pages)/\(job)") == 0)
            #expect(FileTree.make("\(folders.pages)/old") == 0)
            var times = [timeval(tv_sec: 0, tv_usec: 0), timeval(tv_sec: 0, tv_usec: 0)]
            utimes("\(folders.pages)/old", &times)
            #expect(FileTree.make("\(folders.temp)/x") == 0)
            #expect(JobJournal.all(root) == [journal])
            await LeftoverSweep(root: root, folders: folders, logger: Self.quiet, patience: .milliseconds(20)).run()
            #expect(await worker.end.value == .signaled(SIGKILL))
            #expect(ProcessEntry(pid: left)?.isZombie ?? true)
            #expect(JobJournal.all(root) == [] && FileTree.names(in: folders.temp) == [])
            #expect(FileTree.names(in: folders.pages) == [job])
        }
    }

    /// A process of a job whose parent has ended; its number.
    private static func orphan(mark: String) async throws -> pid_t {
        let shell = try #require(ExecutableSearch.find("sh", path: nil))
        let output = LastOutput()
        let launch = ProcessLaunch(
            executable: shell,
            arguments: ["-c", "sleep 600 > /dev/null 2>&1 & echo $!"],
            environment: [ProcessTree.markName: mark, "PATH": "/usr/bin:/bin"],
            workingDirectory: "/"
        )
        let parent = try PipedProcess(launch, receive: output.receive)
        #expect(await parent.end.value == .exited(0))
        return try #require(pid_t(output.text.filter(\.isNumber)))
    }

    private static func launch(_ program: String, _ environment: [String: String]) -> ProcessLaunch {
        ProcessLaunch(executable: program, arguments: ["600"], environment: environment, workingDirectory: "/")
    }

    @Test("a note about a number that belongs to another process now names no worker")
    func reusedNumber() {
        let journal = JobJournal(
            job: "a",
            request: 1,
            displayName: "a",
            workerPID: getpid(),
            workerStartTicks: 1,
            listenerPID: 1
        )
        #expect(journal.worker == nil)
    }
}

@Suite("A child with pipes")
struct PipedProcessTests {
    static func cat(_ receive: @escaping @Sendable (UnsafeRawBufferPointer) -> Void) throws -> PipedProcess {
        let program = try #require(ExecutableSearch.find("cat", path: nil))
        let launch = ProcessLaunch(executable: program, arguments: [], environment: [:], workingDirectory: "/")
        return try PipedProcess(launch, receive: receive)
    }

    @Test("more than a pipe holds goes through in order, and the end is told", .timeLimit(.minutes(6)))
    func large() async throws {
        let count = Watched(0)
        let child = try Self.cat { bytes in
            let number = bytes.count
            count.change { $0 += number }
        }
        let bytes = [UInt8](repeating: 65, count: 5 << 20)
        try await child.write(bytes, patience: .seconds(20))
        child.closeInput()
        #expect(await child.end.value == .exited(0))
        #expect(count.value == bytes.count)
    }

    @Test("a child that reads nothing or is gone takes nothing", .timeLimit(.minutes(6)))
    func stuck() async throws {
        let sleeper = try #require(ExecutableSearch.find("sleep", path: nil))
        let launch = ProcessLaunch(executable: sleeper, arguments: ["600"], environment: [:], workingDirectory: "/")
        let child = try PipedProcess(launch) { _ in }
        await #expect(throws: PipeFault.full) {
            try await child.write([UInt8](repeating: 0, count: 4 << 20), patience: .milliseconds(50))
        }
        child.signal(SIGKILL)
        #expect(await child.end.value == .signaled(SIGKILL))
        signal(SIGPIPE, SIG_IGN)
        await #expect(throws: PipeFault.closed) { try await child.write([1], patience: .seconds(1)) }
    }
}
