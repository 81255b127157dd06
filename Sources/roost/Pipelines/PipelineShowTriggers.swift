import RoostClient
import ArgumentParser
import Foundation
import RoostWire

struct PipelineShowTriggers: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "triggers",
        abstract: "Show what begins runs of a pipeline, when the next schedule is due, and what came of events.",
        discussion: """
            Example:
              roost pipeline triggers app
            """
    )

    @Argument(help: "Name or number of the pipeline.")
    var pipeline: String

    @Option(help: "Most decisions to show.")
    var top = 10

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run(on server: Connection) async throws {
        let found = try await server.pipeline(pipeline)
        let triggers = try await server.client.triggers(project: found.project, pipeline: found.id)
        try output.print(triggers) { terminal in TriggerText(triggers, top: top).render(terminal) }
    }
}

/// The triggers of a pipeline as text.
struct TriggerText {
    private let triggers: PipelineTriggersWire
    private let top: Int

    init(_ triggers: PipelineTriggersWire, top: Int) {
        self.triggers = triggers
        self.top = top
    }

    func render(_ terminal: Terminal) -> String {
        [facts(terminal), schedules(terminal), waiting(terminal), decisions(terminal)].filter { !$0.isEmpty }.joined(
            separator: "\n\n"
        )
    }

    private func facts(_ terminal: Terminal) -> String {
        let settings = triggers.settings
        var facts = Facts()
        facts.add("Pipeline", "\(triggers.pipeline ?? "?") (\(triggers.pipelineId ?? 0))")
        facts.add("Pushes", shown(triggers.push, settings?.push))
        facts.add("Pull requests", shown(triggers.pullRequest, settings?.pullRequest))
        for resource in triggers.resources ?? [] {
            let text =
                "\(resource.alias ?? "?") (\(resource.category ?? "") '\(resource.source ?? "")'): \(resource.trigger ?? "")"
            facts.add("Resource", shown(text, settings?.resources))
        }
        facts.add("Forks", forks)
        facts.add("Polling", settings?.pollInterval.map { "every \($0) seconds" } ?? "off")
        facts.add("Webhooks", settings?.hasWebhookSecret == true ? "taken when signed" : "off (no secret)")
        facts.add("Problem", triggers.problem.map { terminal.styled($0, .red) })
        return facts.render(terminal)
    }

    private var forks: String {
        guard let settings = triggers.settings, settings.forks != false else { return "not built" }
        let waits =
            switch settings.requestApproval {
            case "all": "every pull request waits for approval"
            case "outsiders": "those of people outside the team wait for approval"
            case "none": "nothing waits for approval"
            default: "they wait for approval"
            }
        return "\(waits), \(settings.forkSecrets == true ? "with" : "without") secrets"
    }

    private func waiting(_ terminal: Terminal) -> String {
        guard let waiting = triggers.waiting, !waiting.isEmpty else { return "" }
        var table = Table("WAITS", "COMMIT", "BY", "FROM", "SINCE")
        for request in waiting {
            table.add(
                "#\(request.number ?? 0)",
                String((request.commit ?? "").prefix(10)),
                request.author ?? "",
                request.sourceRepository ?? "",
                TimeText.ago(request.since)
            )
        }
        return table.render(terminal)
    }

    /// What the file says, unless the settings turn it off.
    private func shown(_ text: String?, _ isOn: Bool?) -> String? {
        isOn == false ? "off by the pipeline's settings" : text
    }

    private func schedules(_ terminal: Terminal) -> String {
        guard let schedules = triggers.schedules, !schedules.isEmpty else { return "" }
        var table = Table("SCHEDULE", "BRANCH", "NEXT (UTC)", "NAME")
        for schedule in schedules {
            let isOn = triggers.settings?.schedules != false
            table.add(
                schedule.cron ?? "",
                BranchName.short(schedule.branch),
                isOn ? TimeText.moment(schedule.nextDue) : "off",
                schedule.displayName ?? ""
            )
        }
        return table.render(terminal)
    }

    private func decisions(_ terminal: Terminal) -> String {
        guard let decisions = triggers.decisions, !decisions.isEmpty else { return "Nothing has happened yet." }
        return decisions.prefix(max(0, top)).map { $0.line(terminal) }.joined(separator: "\n")
    }
}

extension TriggerDecisionWire {
    /// When, what, and on a line of its own what came of it.
    func line(_ terminal: Terminal) -> String {
        let run = runId.map { " run \($0)" } ?? ""
        let word = terminal.styled(
            "\(outcome ?? "")\(run)",
            outcome == "failed" ? .red : outcome == "queued" ? .green : .dim
        )
        return "\(TimeText.ago(at))  \(kind ?? "")  \(event ?? "")\n    \(word): \(reason ?? "")"
    }
}
