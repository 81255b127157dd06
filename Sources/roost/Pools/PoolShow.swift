import RoostClient
import ArgumentParser
import RoostWire

struct PoolShow: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show a pool, its agents and what waits for them.",
        discussion: """
            Example:
              roost pool show linux
            """
    )

    @Argument(help: "Name or number of the pool.")
    var pool: String

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    /// What the command answers.
    private struct Answer: Encodable {
        var pool: TaskAgentPoolWire
        var agents: [TaskAgentWire]
        var waiting: [QueueEntryWire]
    }

    func run(on server: Connection) async throws {
        let found = try await server.pool(pool)
        let agents = try await server.agents(pool: String(found.pool.name ?? pool))
        let waiting = try await server.client.queue(pool: found.id)
        try output.print(Answer(pool: found.pool, agents: agents.map(\.agent), waiting: waiting)) { terminal in
            var facts = Facts()
            facts.add("Pool", "\(found.pool.name ?? "?") (\(found.id))")
            facts.add("Kind", found.pool.kindText)
            facts.add("State", found.pool.enabled == false ? found.pool.stateText : nil)
            facts.add("Jobs at once", found.pool.limitText)
            facts.add("Open to", found.pool.accessText)
            facts.add("Personal tokens", found.pool.patEnrollment == "refused" ? "register no agents" : nil)
            facts.add("Made", "\(TimeText.ago(found.pool.createdOn)) by \(found.pool.createdBy?.displayName ?? "?")")
            var parts = [facts.render(terminal)]
            parts.append(
                agents.isEmpty
                    ? "It has no agents." : AgentList.table(agents, terminal, showsPool: false).render(terminal)
            )
            if !waiting.isEmpty { parts.append(QueueCommand.table(waiting).render(terminal)) }
            return parts.joined(separator: "\n\n")
        }
    }
}
