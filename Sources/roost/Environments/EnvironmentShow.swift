import ArgumentParser
import RoostClient
import RoostWire

struct EnvironmentShow: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show an environment: its checks, its machines, and what was deployed to it.",
        discussion: """
            Example:
              roost environment show production
            """
    )

    @Argument(help: "Name or number of the environment.")
    var environment: String

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    /// What the command answers.
    private struct Answer: Encodable {
        var environment: EnvironmentWire
        var checks: [CheckConfigurationWire]
        var deployments: [EnvironmentDeploymentWire]
    }

    func run(on server: Connection) async throws {
        let found = try await server.environment(environment)
        let checks = try await server.client.checks(project: found.project, environment: found.id)
        let history = try await server.client.deployments(project: found.project, environment: found.id)
        let answer = Answer(environment: found.environment, checks: checks, deployments: history)
        try output.print(answer) { terminal in
            let parts = [
                facts(found.environment, terminal), Self.checks(checks, terminal),
                Self.machines(found.environment.resources ?? [], terminal), Self.history(history, terminal),
            ]
            return parts.joined(separator: "\n\n")
        }
    }

    private func facts(_ environment: EnvironmentWire, _ terminal: Terminal) -> String {
        var facts = Facts()
        facts.add("Environment", "\(environment.name ?? "?") (\(environment.id ?? 0))")
        facts.add("Description", environment.description)
        facts.add("Project", environment.project?.name)
        facts.add("At once", environment.limitText)
        facts.add("Made", "\(TimeText.ago(environment.createdOn)) by \(environment.createdBy?.displayName ?? "?")")
        return facts.render(terminal)
    }

    private static func checks(_ checks: [CheckConfigurationWire], _ terminal: Terminal) -> String {
        guard !checks.isEmpty else { return "It has no checks: deployments to it begin at once." }
        var table = Table("CHECK", "KIND", "ASKS FOR")
        for check in checks { table.add("\(check.id ?? 0)", check.kindText, check.text) }
        return table.render(terminal)
    }

    private static func machines(_ machines: [EnvironmentResourceWire], _ terminal: Terminal) -> String {
        guard !machines.isEmpty else { return "It has no machines." }
        var table = Table("MACHINE", "TAGS")
        for machine in machines { table.add(machine.name ?? "?", machine.tags?.joined(separator: ", ") ?? "") }
        return table.render(terminal)
    }

    private static func history(_ history: [EnvironmentDeploymentWire], _ terminal: Terminal) -> String {
        guard !history.isEmpty else { return "Nothing was deployed to it yet." }
        var table = Table("", "RUN", "PIPELINE", "STAGE", "JOB", "WHEN", "BY")
        for deployment in history {
            let outcome = Outcome(
                status: deployment.finishTime == nil ? "inProgress" : "completed",
                result: deployment.result
            )
            table.add(
                outcome.mark(terminal),
                "\(deployment.owner?.name ?? "?") (\(deployment.owner?.id ?? 0))",
                deployment.definition?.name ?? "?",
                deployment.stageName ?? "",
                deployment.jobName ?? "",
                TimeText.ago(deployment.queueTime),
                deployment.requestedBy ?? ""
            )
        }
        return table.render(terminal)
    }
}

extension CheckConfigurationWire {
    var kindText: String { settings?.displayName ?? type?.name ?? "?" }

    /// What it asks for, in one line.
    var text: String {
        if let approvers = settings?.approvers { return approval(approvers.compactMap(\.displayName)) }
        if let branches = settings?.inputs?["allowedBranches"] { return "branches \(branches)" }
        if let inputs = settings?.inputs, let start = inputs["startTime"], let end = inputs["endTime"] {
            return "\(inputs["businessDays"] ?? "") \(start)–\(end) \(inputs["timeZone"] ?? "")"
        }
        if let templates = settings?.extendsChecks {
            return templates.map { "extends \($0.templatePath ?? "?")" }.joined(separator: " or ")
        }
        return "one stage at a time"
    }

    private func approval(_ names: [String]) -> String {
        let count = settings?.minRequiredApprovers ?? 0
        let some = count > 0 && count < names.count ? "\(count) of \(names.joined(separator: ", "))" : nil
        var text = some ?? names.joined(separator: ", ")
        if settings?.executionOrder == .inSequence { text += ", in this order" }
        if settings?.requesterCannotBeApprover == true { text += "; not who asked for the run" }
        return text
    }
}
