import Foundation
import RoostClient
import RoostWire

/// Watches a run to its end, and shows the log of its steps as the lines come.
struct RunFollower: Sendable {
    let server: Connection
    let run: Int
    let filter: StepFilter
    let showsLogs: Bool
    let printer: LogPrinter

    /// A run that begins within this time needs no word on what it waits for.
    private static let patience = Duration.seconds(2)

    /// Watches until the run has ended.
    ///
    /// - Returns: the run as it ended.
    /// - Throws: ``ClientError`` when the server stays away or refuses, `CancellationError`.
    func follow() async throws -> BuildWire {
        try await withThrowingTaskGroup(of: Void.self) { group in
            var board = FollowBoard(run: run, filter: filter)
            var jobs: [UUID?: AsyncStream<StepLog>.Continuation] = [:]
            let (begun, hasBegun) = AsyncStream<Void>.makeStream()
            group.addTask { await explainSilence(until: begun) }
            var ended: BuildWire?
            var events = LiveEvents(url: server.url) { [client = server.client, run] in try await client.runEvents(run)
            }
            while ended == nil {
                let event = try await events.next()
                switch event.name {
                case "run":
                    let build = try Self.decode(BuildWire.self, event)
                    if build.status?.lowercased() == "completed" { ended = build }
                case "records":
                    let news = board.take(try Self.decode(TimelineWire.self, event).records ?? [])
                    for name in board.jobNames { printer.expect(job: name) }
                    if board.isAtWork { hasBegun.finish() }
                    guard showsLogs else { continue }
                    for item in news {
                        if jobs[item.jobID] == nil {
                            let (stream, continuation) = AsyncStream<StepLog>.makeStream()
                            jobs[item.jobID] = continuation
                            group.addTask { await show(stream) }
                        }
                        jobs[item.jobID]?.yield(item.log)
                    }
                default: break
                }
            }
            hasBegun.finish()
            if showsLogs { try await takeLast(&board, &jobs, &group) }
            board.completeAll()
            for job in jobs.values { job.finish() }
            try await group.waitForAll()
            if showsLogs { try await showLateLines(Array(board.logs.values)) }
            return try await server.client.build(run)
        }
    }

    /// Steps whose records came with the run's last change.
    private func takeLast(
        _ board: inout FollowBoard,
        _ jobs: inout [UUID?: AsyncStream<StepLog>.Continuation],
        _ group: inout ThrowingTaskGroup<Void, any Error>
    ) async throws {
        let records = try await server.client.buildTimeline(run).records ?? []
        for item in board.take(records) {
            if jobs[item.jobID] == nil {
                let (stream, continuation) = AsyncStream<StepLog>.makeStream()
                jobs[item.jobID] = continuation
                group.addTask { await show(stream) }
            }
            jobs[item.jobID]?.yield(item.log)
        }
    }

    /// Shows the logs of one job, one after the other.
    private func show(_ logs: AsyncStream<StepLog>) async {
        for await log in logs {
            do { try await log.show(server.client, printer) } catch {
                if Task.isCancelled { return }
                printer.note("The log of '\(log.step)' cannot be shown: \(error)")
            }
        }
    }

    /// A log may grow a moment longer than its step runs.
    private func showLateLines(_ logs: [StepLog]) async throws {
        guard !logs.isEmpty else { return }
        let counts = try await server.client.buildLogs(run).reduce(into: [Int: Int]()) { counts, log in
            if let id = log.id { counts[id] = log.lineCount ?? 0 }
        }
        for log in logs.sorted(by: { $0.log < $1.log }) where log.shownLines < counts[log.log] ?? 0 {
            try await log.showRest(server.client, printer)
        }
    }

    /// Says what the run waits for when nothing happens for a while.
    private func explainSilence(until begun: AsyncStream<Void>) async {
        let isSilent = await withTaskGroup(of: Bool.self) { group in
            group.addTask {
                for await _ in begun {}
                return false
            }
            group.addTask { (try? await Task.sleep(for: Self.patience)) != nil }
            defer { group.cancelAll() }
            return await group.next() ?? false
        }
        guard isSilent, !Task.isCancelled, let waiting = try? await server.waiting(run: run) else { return }
        for entry in waiting { printer.note("Job '\(entry.job ?? "?")' waits: \(entry.why?.sentence ?? "")") }
        if waiting.isEmpty, let reason = try? await server.client.build(run).waitReason {
            printer.note("Waits: \(reason)")
        }
    }

    private static func decode<Value: Decodable>(_ type: Value.Type, _ event: ServerEvent) throws -> Value {
        do { return try WireJSON.decode(type, from: Data(event.data.utf8)) } catch {
            throw CommandFailure.incompleteAnswer(what: "readable event '\(event.name)'")
        }
    }
}

extension Connection {
    /// The jobs of a run that wait for an agent.
    func waiting(run: Int) async throws -> [QueueEntryWire] {
        try await client.queue().filter { $0.runId == run }
    }
}
