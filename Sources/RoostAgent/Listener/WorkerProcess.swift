import Glibc
import RoostModel
import Synchronization

/// A worker: a process for one job, told through its standard input what to do.
final class WorkerProcess: Sendable {
    /// How a worker ended.
    enum End: Hashable, Sendable {
        /// It reported the job and told its result.
        case finished(TaskResult)
        /// It ended in another way; what it said last.
        case crashed(ProcessOutcome.End, output: String)
    }

    /// Time-out of the channel, as in Azure Pipelines' agent.
    private static let patience = Duration.seconds(30)

    private let process: PipedProcess
    private let output: LastOutput

    /// Starts a worker, which then waits for a job.
    ///
    /// - Parameters:
    ///   - program: the agent's executable.
    ///   - root: the agent's folder.
    ///   - environment: what steps inherit.
    ///   - hasWalls: whether it can isolate its job.
    /// - Throws: ``ProcessFailure``.
    init(
        program: AgentProgram,
        root: AgentRoot,
        environment: [String: String],
        hasWalls: Bool
    ) throws(ProcessFailure) {
        let output = LastOutput()
        self.output = output
        process = try PipedProcess(
            program.launch(
                [WorkerMain.verb] + (hasWalls ? [WorkerMain.walls] : []),
                environment: environment,
                directory: root.path
            ),
            receive: output.receive
        )
    }

    /// The same as a copy of a template, which has the environment already.
    ///
    /// - Throws: ``ProcessFailure``.
    init(copying template: WorkerTemplate) throws(ProcessFailure) {
        let output = LastOutput()
        self.output = output
        process = try template.copy(receive: output.receive)
    }

    var pid: pid_t { process.pid }
    var startTicks: UInt64 { process.startTicks }
    var isAlive: Bool { process.end.known == nil }

    /// Tells the worker something.
    ///
    /// - Throws: ``PipeFault`` when it does not take it.
    func send(_ frame: WorkerFrame) async throws {
        try await process.write(WorkerChannel.encode(frame), patience: Self.patience)
    }

    /// Waits for its end.
    var end: End {
        get async {
            let end = await process.end.value
            if case .exited(let code) = end, let result = WorkerExit.result(of: code) { return .finished(result) }
            return .crashed(end, output: output.text)
        }
    }

    /// Ends a worker that has no job: it goes when its input does.
    func dismiss() { process.closeInput() }

    /// The same, and waits until it is gone; one that does not go is killed.
    func sendHome() async {
        dismiss()
        await withTaskGroup(of: Void.self) { group in
            group.addTask { _ = await self.process.end.value }
            group.addTask {
                guard (try? await Task.sleep(for: Self.farewell)) != nil else { return }
                self.kill()
            }
            await group.next()
            group.cancelAll()
        }
    }

    /// A worker without a job has nothing to end.
    private static let farewell = Duration.seconds(2)

    func kill() { process.signal(SIGKILL) }
}

/// Keeps the last part of what a process writes.
final class LastOutput: Sendable {
    private static let limit = 8 << 10
    private let bytes = Mutex<[UInt8]>([])

    var text: String { bytes.withLock { String(decoding: $0, as: UTF8.self) } }

    @Sendable func receive(_ new: UnsafeRawBufferPointer) {
        bytes.withLock { bytes in
            bytes.append(contentsOf: new.suffix(Self.limit))
            if bytes.count > Self.limit { bytes.removeFirst(bytes.count - Self.limit) }
        }
    }
}
