import ArgumentParser
import RoostClient
import RoostModel
import RoostWire

struct AgentList: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List agents and what they do.",
        discussion: """
            Example:
              roost agent list --enrolled-by pat
              roost agent list --outdated
            """
    )

    @Option(help: "Only agents of this pool.")
    var pool: String?

    @Option(help: "Only agents that came with this kind of credential, such as pat, federated or enrollment-token.")
    var enrolledBy: EnrolmentKind?

    @Flag(
        help:
            "Only agents for which there is a newer version, or for which nobody knows; with the reason why they do not have it."
    )
    var outdated = false

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run(on server: Connection) async throws {
        if outdated { return try await listOutdated(server) }
        let all = try await server.agents(pool: pool)
        let agents = all.filter { enrolledBy?.includes($0.agent) ?? true }
        let empty =
            all.isEmpty
            ? "There are no agents yet. Set one up on a machine with 'roost-agent configure'."
            : "No agent came with such a credential."
        try output.print(agents.map(\.agent)) { terminal in
            agents.isEmpty ? empty : Self.table(agents, terminal, showsPool: true).render(terminal)
        }
    }

    private func listOutdated(_ server: Connection) async throws {
        let pools = try await pool == nil ? server.client.pools().compactMap(\.id) : [server.pool(pool ?? "").id]
        var agents: [AgentUpdateWire] = []
        for pool in pools { agents += try await server.client.agentUpdates(pool: pool) }
        try output.print(list: agents.filter(\.isOutdated), empty: "No agent is outdated.") { _ in
            AgentUpdateWire.table(agents.filter(\.isOutdated), showsPool: true)
        }
    }

    static func table(_ agents: [Connection.FoundAgent], _ terminal: Terminal, showsPool: Bool) -> Table {
        var table =
            showsPool
            ? Table("ID", "NAME", "POOL", "STATE", "VERSION", "SYSTEM", "DOES")
            : Table("ID", "NAME", "STATE", "VERSION", "SYSTEM", "DOES")
        for found in agents {
            let agent = found.agent
            let (name, state) = (agent.name ?? "-", agent.stateText(terminal))
            let (version, system) = (agent.version ?? "-", agent.osDescription ?? "-")
            if showsPool {
                table.add("\(found.id)", name, found.poolName, state, version, system, agent.workText)
            } else {
                table.add("\(found.id)", name, state, version, system, agent.workText)
            }
        }
        return table
    }
}

extension PauseWire {
    /// Who did it, and why.
    var text: String { "by \(by ?? "somebody")\(reason.map { ": \($0)" } ?? "")" }
}

extension TaskAgentWire {
    var isOnline: Bool { status?.lowercased() == "online" }

    func stateText(_ terminal: Terminal) -> String {
        let status = isOnline ? terminal.styled("online", .green) : terminal.styled("offline", .red)
        if retiredOn != nil { return "\(status), had its job" }
        if let warmUp {
            let trouble = warmUp.state == AgentWarmUp.State.noRoom.rawValue ? "disk full" : "warm-up failed"
            let failed = warmUp.reason.map { "\(trouble): \($0.split(separator: "\n").first ?? "")" }
            return "\(status), \(terminal.styled(failed ?? "warming up", .yellow))"
        }
        return enabled == false ? "\(status), \(terminal.styled(pauseText, .yellow))" : status
    }

    /// Such as `paused by ada: new disks`.
    private var pauseText: String {
        guard let pause else { return "disabled" }
        return "\(pause.drains == true && assignedRequest != nil ? "draining" : "paused") \(pause.text)"
    }

    var workText: String {
        guard let work = assignedRequest else { return "idle" }
        let run = work.owner?.id.map { " (run \($0))" } ?? ""
        return "\(work.definition?.name.map { "\($0): " } ?? "")\(work.jobName ?? "a job")\(run)"
    }
}
