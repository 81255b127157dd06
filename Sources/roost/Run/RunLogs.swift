import RoostClient
import ArgumentParser
import RoostWire

struct RunLogs: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "logs",
        abstract: "Print the log of a run's steps.",
        discussion: """
            With --follow the lines of all steps are shown as they are written, until the run has ended; the exit code is then \
            that of 'roost run queue --follow'.

            Example:
              roost run logs 12 --job Linux --step 'Run tests' --follow
            """
    )

    @Argument(help: ArgumentHelp("Number of the run.", valueName: "run"))
    var number: Int

    @Option(help: "Only this job.")
    var job: String?

    @Option(help: "Only this step.")
    var step: String?

    @Flag(name: .shortAndLong, help: "Go on until the run has ended.")
    var follow = false

    @Flag(help: "Show the time of each line.")
    var timestamps = false

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    /// The log of a step, as JSON.
    private struct Answer: Encodable {
        var job: String?
        var step: String?
        var log: Int
        var lines: [String]
    }

    func validate() throws {
        if follow, output.output == .json { throw ValidationError("--follow cannot print JSON.") }
    }

    func run(on server: Connection) async throws {
        let filter = StepFilter(job: job, step: step)
        if follow {
            return try await server.watch(
                number,
                filter: filter,
                showsLogs: true,
                keepsTime: timestamps,
                output: output
            )
        }
        let steps = TimelineTree(try await server.client.buildTimeline(number).records ?? []).steps
        if let failure = filter.failure(among: steps, run: number) { throw failure }
        let wanted = steps.filter { filter.wants($0) && $0.record.log?.id != nil }
        switch output.output {
        case .table: try await printText(wanted, server)
        case .json:
            var answers: [Answer] = []
            for step in wanted {
                let lines = try await Self.lines(of: step, run: number, server)
                answers.append(
                    Answer(job: step.job?.name, step: step.record.name, log: step.record.log?.id ?? 0, lines: lines)
                )
            }
            try output.print(answers) { _ in "" }
        }
    }

    private func printText(_ steps: [TimelineTree.Step], _ server: Connection) async throws {
        let printer = LogPrinter(keepsTime: timestamps)
        for step in steps { printer.expect(job: step.job?.name ?? "") }
        for step in steps {
            guard let id = step.record.log?.id else { continue }
            let log = StepLog(run: number, log: id, job: step.job?.name ?? "", step: step.record.name ?? "")
            printer.begin(job: log.job, step: log.step)
            try await log.showRest(server.client, printer)
        }
        if steps.isEmpty { Terminal.printError("There are no lines yet.") }
    }

    private static func lines(of step: TimelineTree.Step, run: Int, _ server: Connection) async throws -> [String] {
        var cursor = LineCursor()
        var lines: [String] = []
        for try await bytes in try await server.client.logText(run: run, log: step.record.log?.id ?? 0) {
            lines += cursor.take(bytes)
        }
        if let last = cursor.finish() { lines.append(last) }
        return lines
    }
}
