import RoostClient
import ArgumentParser
import Foundation
import RoostWire

struct RunShow: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show a run: its stages, jobs and steps, how long they took, and what waits for what.",
        discussion: """
            Example:
              roost run show 12
            """
    )

    @Argument(help: ArgumentHelp("Number of the run, as 'roost run list' shows it under ID.", valueName: "run"))
    var number: Int

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    /// What the command answers.
    private struct Answer: Encodable {
        var run: BuildWire
        var records: [TimelineRecordWire]
        var waiting: [QueueEntryWire]
    }

    func run(on server: Connection) async throws {
        let build = try await server.client.build(number)
        let records = try await server.client.buildTimeline(number).records ?? []
        let waiting = build.status?.lowercased() == "completed" ? [] : try await server.waiting(run: number)
        try output.print(Answer(run: build, records: records, waiting: waiting)) { terminal in
            let waits = waiting.reduce(into: [UUID: String]()) { waits, entry in
                if let job = entry.jobId { waits[job] = entry.why?.sentence }
            }
            let tree = TimelineTree(records).render(terminal, waits: waits)
            return [heading(build, terminal), tree].filter { !$0.isEmpty }.joined(separator: "\n\n")
        }
    }

    private func heading(_ build: BuildWire, _ terminal: Terminal) -> String {
        let outcome = Outcome(status: build.status, result: build.result)
        var facts = Facts()
        facts.add(
            "Run",
            "\(build.title ?? build.buildNumber ?? "?") (\(build.id ?? 0)) of pipeline '\(build.definition?.name ?? "?")'"
        )
        let span = build.startTime == nil ? "" : ", \(TimeText.span(from: build.startTime, to: build.finishTime))"
        facts.add("State", "\(outcome.mark(terminal)) \(outcome.word(terminal))\(span)")
        facts.add("Source", "\(BranchName.short(build.sourceBranch)) at \(build.sourceVersion?.prefix(10) ?? "-")")
        let person = build.requestedFor?.displayName ?? build.requestedBy?.displayName
        facts.add("Queued", "\(TimeText.ago(build.queueTime))\(person.map { " by \($0)" } ?? "")")
        facts.add("Reason", build.reason.flatMap { $0 == "manual" ? nil : $0 })
        for (alias, repository) in (build.resources?.repositories ?? [:]).sorted(by: { $0.key < $1.key })
        where alias != "self" {
            let place = "\(repository.repository?.url ?? "?") \(BranchName.short(repository.refName))"
            facts.add("Repository", "\(alias): \(place) at \(repository.version?.prefix(10) ?? "-")")
        }
        for (alias, source) in (build.resources?.pipelines ?? [:]).sorted(by: { $0.key < $1.key }) {
            facts.add("Takes", "\(alias): run \(source.version ?? "?") of pipeline '\(source.pipeline?.name ?? "?")'")
        }
        facts.add("Files", build.files?.joined(separator: ", "))
        facts.add("Waits", build.waitReason)
        facts.add("Tags", build.tags?.joined(separator: ", "))
        for problem in build.validationResults ?? [] { facts.add("Problem", problem.message) }
        return facts.render(terminal)
    }
}
