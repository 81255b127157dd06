import ArgumentParser
import RoostClient
import RoostModel
import RoostWire

struct AgentShow: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show an agent and its capabilities.",
        discussion: """
            Example:
              roost agent show build-1
            """
    )

    @OptionGroup var which: AgentArgument
    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run(on server: Connection) async throws {
        let found = try await server.agent(which.name, pool: which.pool)
        let agent = try await server.client.agent(pool: found.pool, id: found.id)
        try output.print(agent) { terminal in
            var facts = Facts()
            facts.add("Agent", "\(agent.name ?? "?") (\(found.id)) in pool '\(found.poolName)'")
            facts.add(
                "State",
                "\(agent.stateText(terminal)), since \(TimeText.ago(agent.statusChangedOn ?? agent.createdOn))"
            )
            facts.add("Kind", agent.singleUse == true ? "does one job" : nil)
            facts.add("Enrolled by", agent.enrolledBy?.text)
            facts.add("Version", agent.version)
            facts.add("System", agent.osDescription)
            facts.add("Does", agent.workText)
            if let last = agent.lastCompletedRequest {
                let result = Outcome(state: "completed", result: last.result).word(terminal)
                facts.add("Last job", "\(last.jobName ?? "?"), \(result), \(TimeText.ago(last.finishTime))")
            }
            for finding in AgentFinding.list(agent.systemCapabilities?[AgentFinding.capability] ?? "") {
                facts.add("Finding", terminal.styled("\(finding.summary) \(finding.advice)", .yellow))
            }
            var parts = [facts.render(terminal)]
            for (title, capabilities) in [
                ("Given by people", agent.userCapabilities), ("Found by the agent", agent.systemCapabilities),
            ] {
                guard let capabilities, !capabilities.isEmpty else { continue }
                var table = Facts()
                for (name, value) in capabilities.sorted(by: { $0.key < $1.key }) {
                    table.add(name, value.isEmpty ? "(set)" : value)
                }
                parts.append("\(terminal.styled(title, .bold))\n\(table.render(terminal))")
            }
            return parts.joined(separator: "\n\n")
        }
    }
}
