import Synchronization
import RoostModel

/// Sends the logs of a job to the server while its steps run.
///
/// The first lines of a log go at once, later ones when there are many or a moment has passed. A block names its place in the log, so that a block
/// that is sent again after an unclear failure is not there twice.
public final class LogUploader: Sendable {
    /// How long lines wait for company; people see them with less than a second's delay.
    static let pace = Duration.milliseconds(250)
    /// The largest block; larger ones are not faster.
    static let blockSize = 4 << 20

    private let reporter: any JobReporter
    private let logs: AsyncStream<RecordLog>
    private let newLogs: AsyncStream<RecordLog>.Continuation
    /// Called with a record and the number of its log as soon as there is one.
    private let numbered: @Sendable (_ record: String, _ log: Int) -> Void

    public init(reporter: any JobReporter, numbered: @escaping @Sendable (_ record: String, _ log: Int) -> Void) {
        self.reporter = reporter
        self.numbered = numbered
        (logs, newLogs) = AsyncStream.makeStream(of: RecordLog.self)
    }

    /// Begins to send a log; it must be finished some time.
    public func add(_ log: RecordLog) { newLogs.yield(log) }

    /// No more logs come; ``run()`` returns when those that came are with the server.
    public func finish() { newLogs.finish() }

    /// Sends until ``finish()`` was called and all is sent, or its task is cancelled.
    public func run() async {
        await withTaskGroup { group in
            for await log in logs {
                group.addTask { await self.upload(log) }
            }
        }
    }

    private func upload(_ log: RecordLog) async {
        await withTaskCancellationHandler {
            do {
                try await send(log)
                log.removeFiles()
            } catch is ReportFailure {
                // Nobody will ever take these lines.
                log.removeFiles()
            } catch {
                // The time is over; the pages stay for who comes after.
            }
        } onCancel: {
            log.finish()
        }
    }

    private func send(_ log: RecordLog) async throws {
        var number: Int?
        while true {
            if log.pending == 0 {
                if log.isFinished { return }
                await log.waitForNews()
                try Task.checkCancellation()
                continue
            }
            let target: Int
            if let number {
                target = number
            } else {
                target = try await retrying { try await self.reporter.createLog(path: "logs\\\(log.record)") }
                number = target
                log.note(number: target)
                numbered(log.record, target)
            }
            try await sendPending(log, to: target)
            if !log.isFinished, log.pending < RecordLog.bulkSize { await log.waitForBulk(atMost: Self.pace) }
        }
    }

    /// Sends what is there; while more than a block comes in the meantime it goes on.
    private func sendPending(_ log: RecordLog, to number: Int) async throws {
        repeat {
            guard let block = log.nextBlock(limit: Self.blockSize) else { return }
            try await retrying { try await self.reporter.append(block.bytes, toLog: number, at: block.offset) }
            log.confirm(upTo: block.offset + block.bytes.count)
        } while log.pending >= RecordLog.bulkSize || (log.isFinished && log.pending > 0)
    }

    /// Repeats a call until it succeeds or the server says that the job is over.
    private func retrying<Value: Sendable>(_ call: @Sendable () async throws -> Value) async throws -> Value {
        var backOff = BackOff()
        while true {
            do {
                return try await call()
            } catch let failure as ReportFailure where failure.isFinal {
                throw failure
            } catch {
                try await Task.sleep(for: backOff.next())
            }
        }
    }
}
