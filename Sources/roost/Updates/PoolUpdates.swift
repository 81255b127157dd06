import ArgumentParser
import RoostClient
import RoostWire

struct PoolUpdates: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "updates",
        abstract: "Show which versions a pool's agents have, which they get, and why not.",
        discussion: """
            Example:
              roost pool updates linux
            """
    )

    @Argument(help: "Name or number of the pool.")
    var pool: String

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run(on server: Connection) async throws {
        let found = try await server.pool(pool)
        let (policy, agents) = try await (
            server.client.updatePolicy(pool: found.id), server.client.agentUpdates(pool: found.id)
        )
        try output.print(Answer(policy: policy, agents: agents)) { terminal in
            var parts = [policy.text]
            if let rollouts = policy.rollouts, !rollouts.isEmpty {
                var table = Table("VERSION", "PLATFORM", "STATE", "TRIED BY", "REASON")
                for rollout in rollouts {
                    table.add(
                        rollout.version ?? "-",
                        rollout.platform ?? "-",
                        rollout.state ?? "-",
                        (rollout.canaries ?? []).joined(separator: ", "),
                        rollout.reason ?? ""
                    )
                }
                parts.append(table.render(terminal))
            }
            parts.append(agents.isEmpty ? "The pool has no agents." : AgentUpdateWire.table(agents).render(terminal))
            return parts.joined(separator: "\n\n")
        }
    }

    private struct Answer: Encodable {
        var policy: AgentUpdatePolicyWire
        var agents: [AgentUpdateWire]
    }
}

extension AgentUpdateWire {
    static func table(_ agents: [AgentUpdateWire], showsPool: Bool = false) -> Table {
        var table =
            showsPool
            ? Table("NAME", "POOL", "VERSION", "NEWEST", "STATE", "REASON")
            : Table("NAME", "VERSION", "NEWEST", "STATE", "REASON")
        for agent in agents {
            let newest = agent.newest ?? "unknown"
            let (name, version, state, reason) = (
                agent.name ?? "-", agent.version ?? "-", agent.state ?? "-", agent.reason ?? ""
            )
            if showsPool {
                table.add(name, agent.pool ?? "-", version, newest, state, reason)
            } else {
                table.add(name, version, newest, state, reason)
            }
        }
        return table
    }

    /// There is a newer version than it has, or nobody knows.
    var isOutdated: Bool { state != "current" && state != "trial" }
}

extension AgentUpdatePolicyWire {
    var text: String {
        var parts = ["Minor versions: \(minor ?? "-")", "new generations: \(major ?? "-")"]
        if let window { parts.append("window: \(window)") }
        if let pin { parts.append("not past \(pin)") }
        let canaries = canaries ?? 0
        parts.append(
            canaries == 0
                ? "no trial"
                : "tried by \(canaries) for \(TimeText.span(Double(gate ?? 0))) before the others"
        )
        parts.append("\(atOnce ?? 0) % at once")
        return parts.joined(separator: "; ") + "."
    }
}

struct PoolUpdatePolicy: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "update-policy",
        abstract: "Show or change when and how a pool's agents are updated; what is not given stays as it is.",
        discussion: """
            Examples:
              roost pool update-policy linux
              roost pool update-policy linux --minor window --window 'mon-fri 22:00-04:00 UTC+02:00'
              roost pool update-policy linux --pin 4.270.0
              roost pool update-policy linux --pin ''
            """
    )

    @Argument(help: "Name or number of the pool.")
    var pool: String

    @Option(help: "Versions of the same generation: automatic, window or manual.")
    var minor: String?

    @Option(help: "New generations: automatic, window or manual.")
    var major: String?

    @Option(help: "Days, times and a zone, such as 'daily 01:00-05:00' or 'sat,sun 00:00-24:00 UTC+08:00'; '' is none.")
    var window: String?

    @Option(help: "No agent is updated past this version; '' lets all go.")
    var pin: String?

    @Option(help: "How many agents try a version before the others get it; 0 is none.")
    var canaries: Int?

    @Option(help: "How long those must be online with it and lose no job, such as 10m.")
    var gate: TimeLimit?

    @Option(help: "How many of the others are updated at the same time, in percent.")
    var atOnce: Int?

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run(on server: Connection) async throws {
        let found = try await server.pool(pool)
        var wanted = AgentUpdatePolicyWire()
        (wanted.minor, wanted.major, wanted.window, wanted.pin) = (minor, major, window, pin)
        (wanted.canaries, wanted.atOnce) = (canaries, atOnce)
        wanted.gate = gate.map { Int($0.duration.components.seconds) }
        let isChange = wanted != AgentUpdatePolicyWire()
        let policy =
            isChange
            ? try await server.client.setUpdatePolicy(pool: found.id, wanted)
            : try await server.client.updatePolicy(pool: found.id)
        try output.print(policy) { _ in policy.text }
    }
}

struct PoolRetryUpdates: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "retry-updates",
        abstract: "Try versions anew that were withheld from a pool because they failed."
    )

    @Argument(help: "Name or number of the pool.")
    var pool: String

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run(on server: Connection) async throws {
        let found = try await server.pool(pool)
        try await server.client.retryUpdates(pool: found.id)
        try output.print(["pool": found.pool.name ?? pool]) { _ in
            "Versions that failed in pool '\(found.pool.name ?? pool)' are tried anew."
        }
    }
}
