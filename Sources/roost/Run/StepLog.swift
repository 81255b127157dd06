import Foundation
import RoostClient
import Synchronization

/// The log of one step on its way to the terminal.
final class StepLog: Sendable {
    let run: Int
    let log: Int
    let job: String
    let step: String
    private let cursor = Mutex(LineCursor())
    private let completion: AsyncStream<Void>
    private let completed: AsyncStream<Void>.Continuation
    private let isCompleted = Mutex(false)

    init(run: Int, log: Int, job: String, step: String) {
        self.run = run
        self.log = log
        self.job = job
        self.step = step
        (completion, completed) = AsyncStream<Void>.makeStream()
    }

    /// Lines that have been shown.
    var shownLines: Int { cursor.withLock { $0.lineCount } }

    /// Says that the step has ended: what there is now is all, or nearly so.
    func complete() {
        isCompleted.withLock { $0 = true }
        completed.finish()
    }

    /// Shows the log to its end: as lines come while the step runs, then what is left.
    func show(_ client: RoostClient, _ printer: LogPrinter) async throws {
        printer.begin(job: job, step: step)
        var attempt = 0
        while !isCompleted.withLock({ $0 }) {
            let before = cursor.withLock { $0.offset }
            try await followOnce(client, printer)
            guard !isCompleted.withLock({ $0 }) else { break }
            try Task.checkCancellation()
            // The stream ended before the step did: the server went away, or the log is closed and the news of the step is on its way.
            attempt = cursor.withLock { $0.offset } > before ? 1 : attempt + 1
            try await waitForCompletion(atMost: RetryPolicy.delay(attempt: attempt, jitter: Double.random(in: 0...1)))
        }
        try await showRest(client, printer)
    }

    /// Shows the lines that have not been shown.
    func showRest(_ client: RoostClient, _ printer: LogPrinter) async throws {
        let shown = cursor.withLock { cursor in
            cursor.rewind()
            return cursor.lineCount
        }
        let text = try await client.logText(run: run, log: log, fromLine: shown == 0 ? nil : shown + 1)
        for try await bytes in text { take(bytes, printer) }
        if let last = cursor.withLock({ $0.finish() }) { printer.lines([last], job: job) }
    }

    /// Shows lines as they come until the stream or the step ends; a failure that passes is an end too.
    private func followOnce(_ client: RoostClient, _ printer: LogPrinter) async throws {
        let offset = cursor.withLock { cursor in
            cursor.rewind()
            return cursor.offset
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { [self] in
                do {
                    let text = try await client.followLogText(run: run, log: log, from: offset)
                    for try await bytes in text { take(bytes, printer) }
                } catch let error as ClientError where error.isPassing {}
            }
            group.addTask { [completion] in for await _ in completion {} }
            try await group.next()
            group.cancelAll()
        }
    }

    private func waitForCompletion(atMost limit: Duration) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { [completion] in for await _ in completion {} }
            group.addTask { try? await Task.sleep(for: limit) }
            try await group.next()
            group.cancelAll()
        }
    }

    private func take(_ bytes: [UInt8], _ printer: LogPrinter) {
        printer.lines(cursor.withLock { $0.take(bytes) }, job: job)
    }
}
