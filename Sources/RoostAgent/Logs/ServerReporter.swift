public import FoundationEssentials
public import RoostClient
public import RoostModel
public import RoostWire
import Synchronization

/// Reports a job to its server.
///
/// Records are collected and sent together, at most twice a second but the first at once. While the server is away everything waits; it is tried again
/// until the server answers, refuses for good, or the task is cancelled because the lease has ended.
public final class ServerReporter: JobReporter {
    /// The least time between two batches of records, as Azure Pipelines' agent has it.
    static let pace = Duration.milliseconds(500)
    /// The most records of one batch.
    static let batchSize = 25

    private let client: RoostClient
    private let address: PlanAddress
    private let job: UUID
    private let request: Int
    /// The run's number at the server; nil when the job is none of a run.
    private let run: Int?
    private let pending = Mutex(PendingRecords())
    private let news = Signal()
    /// One sends at a time, so that an older state never arrives after a newer one.
    private let sending = AsyncLock()

    /// - Parameters:
    ///   - client: with the job's token.
    ///   - address: the plan and its timeline.
    ///   - job: id of the job.
    ///   - request: number of the request that the job is the answer to.
    ///   - run: number of the run, for changes of the run itself.
    public init(client: RoostClient, address: PlanAddress, job: UUID, request: Int, run: Int?) {
        self.client = client
        self.address = address
        self.job = job
        self.request = request
        self.run = run
    }

    // MARK: Records

    public func updateRecords(_ records: [TimelineRecordWire]) {
        pending.withLock { $0.add(records) }
        news.send()
    }

    /// Sends records while the job runs; ends when its task is cancelled.
    public func run() async {
        await withTaskCancellationHandler {
            while !Task.isCancelled {
                await news.wait()
                guard !Task.isCancelled else { return }
                do { try await flush() } catch { return }
                try? await Task.sleep(for: Self.pace)
            }
        } onCancel: {
            news.send()
        }
    }

    /// Sends all records that wait.
    ///
    /// - Throws: ``ReportFailure`` when the server takes none any more, `CancellationError`.
    public func flush() async throws {
        try await sending.withLock {
            while true {
                let batch = pending.withLock { $0.take(atMost: Self.batchSize) }
                if batch.isEmpty { return }
                do {
                    try await persistently { _ = try await client.updateRecords(address, batch, retries: 0) }
                } catch {
                    pending.withLock { $0.putBack(batch) }
                    throw error
                }
            }
        }
    }

    // MARK: Logs, attachments, the run

    public func createLog(path: String) async throws -> Int {
        let log = try await translating { () async throws(ClientError) in
            try await client.createLog(address, path: path)
        }
        guard let id = log.id else { throw ReportFailure.jobOver("the server gave the log no number") }
        return id
    }

    public func append(_ bytes: [UInt8], toLog id: Int, at offset: Int) async throws {
        try await translating { () async throws(ClientError) in
            try await client.appendLog(address, log: id, bytes: bytes, offset: offset)
        }
    }

    public func attach(_ bytes: [UInt8], to record: UUID, kind: String, name: String) async throws {
        try await client.attach(address, record: record, type: kind, name: name, bytes: bytes)
    }

    public func updateRun(_ change: RunChange) async throws {
        guard let run else { throw ReportFailure.jobOver("the job belongs to no run") }
        let project = address.scope.uuidString.lowercased()
        switch change {
        case .number(let number):
            _ = try await client.updateBuild(run, BuildWire(buildNumber: number), project: project)
        case .addTag(let tag): try await client.addBuildTag(run, tag: tag)
        }
    }

    // MARK: The end

    public func complete(_ result: TaskResult, outputs: [String: OutputVariable], agentShuttingDown: Bool) async throws
    {
        try await flush()
        let event = JobEventWire(
            name: "JobCompleted",
            jobId: job,
            requestId: request,
            result: result.rawValue,
            outputs: outputs.mapValues { VariableValueWire(value: $0.value, isSecret: $0.isSecret) },
            agentShuttingDown: agentShuttingDown
        )
        try await persistently { try await client.postEvent(address, event, retries: 0) }
    }

    // MARK: Failures

    /// Repeats a call until it succeeds, is refused for good, or the task is cancelled.
    private func persistently(_ call: () async throws -> Void) async throws {
        var backOff = BackOff()
        while true {
            do {
                return try await call()
            } catch {
                if let error = error as? ClientError, let final = Self.finalFailure(error) { throw final }
                try await Task.sleep(for: backOff.next())
            }
        }
    }

    private func translating<Value>(_ call: () async throws(ClientError) -> Value) async throws -> Value {
        do throws(ClientError) { return try await call() } catch {
            throw Self.finalFailure(error) ?? error
        }
    }

    /// Refusals that no later try will change: the token has ended, or the plan is gone.
    private static func finalFailure(_ error: ClientError) -> (any Error)? {
        switch error {
        case .unauthorized(_, let reason, _, _): ReportFailure.jobOver(reason)
        case .refused(let refusal) where !error.isPassing: ReportFailure.jobOver(refusal.message)
        case .refused, .unreachable, .timedOut, .tlsFailure, .proxy, .notAService, .malformedAnswer, .invalidURL, .file:
            nil
        }
    }
}
