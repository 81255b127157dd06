import RoostClient
import ArgumentParser
import Foundation
import RoostWire

extension Connection {
    /// Watches a run to its end, says how it ended, and ends with the code of its result.
    ///
    /// Ctrl-C leaves the run alone.
    ///
    /// - Parameters:
    ///   - run: its number.
    ///   - filter: which steps' logs are shown.
    ///   - showsLogs: false only waits.
    ///   - keepsTime: each line with its time.
    ///   - output: how the ended run is printed.
    /// - Throws: `ExitCode` unless the run succeeded, ``ClientError``.
    func watch(
        _ run: Int,
        filter: StepFilter = StepFilter(),
        showsLogs: Bool,
        keepsTime: Bool = false,
        output: OutputOptions
    ) async throws {
        let printer = LogPrinter(keepsTime: keepsTime)
        let follower = RunFollower(server: self, run: run, filter: filter, showsLogs: showsLogs, printer: printer)
        let build: BuildWire
        do { build = try await interruptible { try await follower.follow() } } catch is Interruption {
            Terminal.printError("Detached; the run goes on. Cancel it with 'roost run cancel \(run)'.")
            throw RoostExit.interrupted.code
        }
        let outcome = Outcome(status: build.status, result: build.result)
        let records = outcome.exit == .success ? [] : try await client.buildTimeline(run).records ?? []
        try output.print(build) { RunSummaryText(build: build, records: records).render($0) }
        if outcome.exit != .success { throw outcome.exit.code }
    }
}

/// How a run ended, in a line, and the errors that made it so.
struct RunSummaryText {
    let build: BuildWire
    let records: [TimelineRecordWire]

    func render(_ terminal: Terminal) -> String {
        let outcome = Outcome(status: build.status, result: build.result)
        let span = TimeText.span(from: build.startTime, to: build.finishTime)
        let name = "Run \(build.buildNumber ?? "?") (\(build.id ?? 0))"
        var lines = ["\(outcome.mark(terminal)) \(name) \(outcome.word(terminal)) in \(span)."]
        for problem in build.validationResults ?? [] { lines.append("  \(problem.message ?? "")") }
        for record in records.sorted(by: TimelineTree.isBefore) {
            for issue in record.issues ?? [] where issue.type?.lowercased() == "error" {
                lines.append("  \(record.name ?? "?"): \(TimelineTree.issueText(issue, terminal))")
            }
        }
        return lines.joined(separator: "\n")
    }
}
