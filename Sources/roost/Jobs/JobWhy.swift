import RoostClient
import ArgumentParser
import Foundation
import RoostWire

struct JobWhy: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "why",
        abstract: "Say what a job waits for, in one sentence.",
        discussion: """
            A job is named by the number of its request, which 'roost queue' shows, or by its id together with its run. With a run \
            alone, all its waiting jobs are told, and the stages that wait for checks or for other stages.

            Examples:
              roost job why 42
              roost job why --run 12
            """
    )

    @Argument(help: ArgumentHelp("Number of the job's request, or the job's id.", valueName: "id"))
    var job: String?

    @Option(help: "Number of the run.")
    var run: Int?

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard let job else {
            if run == nil { throw ValidationError("Name a job, or a run with --run.") }
            return
        }
        if Int(job) == nil, UUID(uuidString: job) == nil {
            throw ValidationError("'\(job)' is neither the number of a request nor the id of a job.")
        }
    }

    func run(on server: Connection) async throws {
        if let job { return try await tell(Self.why(job, run: run, server)) }
        guard let run else { return }
        let waiting = try await server.waiting(run: run)
        guard output.output == .table else {
            return try output.print(list: waiting, empty: "") { _ in QueueCommand.table(waiting) }
        }
        let stages = try await server.client.why(run: run).filter { $0.stage != nil }.compactMap(\.sentence)
        if waiting.isEmpty, stages.isEmpty { return try await tellRun(run, server) }
        if !waiting.isEmpty { try output.print(list: waiting, empty: "") { _ in QueueCommand.table(waiting) } }
        for sentence in stages { Terminal.print(sentence) }
    }

    private func tell(_ why: JobWhyWire) throws {
        try output.print(why) { terminal in
            var lines = [why.sentence ?? "Nothing is known of it."]
            if let demand = why.unmetDemand { lines.append("  Unmet demand: \(terminal.styled(demand, .bold))") }
            if let start = why.estimatedStart { lines.append("  Likely to start \(TimeText.ago(start))") }
            return lines.joined(separator: "\n")
        }
    }

    /// No job of the run waits for an agent: the run itself may wait, or be over.
    private func tellRun(_ run: Int, _ server: Connection) async throws {
        let build = try await server.client.build(run)
        let outcome = Outcome(status: build.status, result: build.result)
        Terminal.print(
            build.waitReason ?? "No job of run \(run) waits for an agent; the run is \(outcome.word(.standard))."
        )
    }

    private static func why(_ job: String, run: Int?, _ server: Connection) async throws -> JobWhyWire {
        if let request = Int(job) { return try await server.client.why(jobRequest: request) }
        guard let id = UUID(uuidString: job) else { throw ValidationError("'\(job)' is no id.") }
        if let run { return try await server.client.why(job: id, run: run) }
        guard let entry = try await server.client.queue().first(where: { $0.jobId == id }), let why = entry.why else {
            throw CommandFailure.notFound(kind: "waiting job", name: job, near: nil, list: "roost queue")
        }
        return why
    }
}
