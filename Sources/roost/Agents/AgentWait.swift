import ArgumentParser
import Foundation
import RoostClient
import RoostWire

struct AgentWait: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "wait",
        abstract: "Wait until an agent is online, or offline.",
        discussion: """
            It reacts to the server's events. The exit code is 4 when the time is over.

            Example:
              roost agent wait --online build-1 --timeout 5m
            """
    )

    @Flag(help: "Wait until it is online.")
    var online = false

    @Flag(help: "Wait until it is offline or removed.")
    var offline = false

    @OptionGroup var which: AgentArgument

    @Option(
        help: ArgumentHelp("How long to wait, such as 30s or 5m; for ever when nothing is said.", valueName: "time")
    )
    var timeout: TimeLimit?

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard online != offline else { throw ValidationError("Give one of --online and --offline.") }
    }

    func run(on server: Connection) async throws {
        let (pool, poolName) = try await pool(server)
        let (name, wantsOnline) = (which.name, online)
        let what = "That agent '\(name)' is \(online ? "online" : "offline")"
        let agent = try await interruptible {
            try await withTimeLimit(timeout, waitingFor: what) {
                try await Self.wait(for: name, pool: pool, online: wantsOnline, server)
            }
        }
        try output.print(agent) { _ in
            "Agent '\(agent.name ?? name)' of pool '\(poolName)' is \(wantsOnline ? "online" : "offline")."
        }
    }

    /// The pool that was said, the one that has the agent, or the only one: the agent may be still to come.
    private func pool(_ server: Connection) async throws -> (id: Int, name: String) {
        if let pool = which.pool {
            let found = try await server.pool(pool)
            return (found.id, found.pool.name ?? pool)
        }
        do {
            let found = try await server.agent(which.name, pool: nil)
            return (found.pool, found.poolName)
        } catch CommandFailure.notFound {
            let pools = try await server.client.pools()
            guard let only = pools.first, let id = only.id, pools.count == 1 else {
                throw CommandFailure.needsPool(agent: which.name)
            }
            return (id, only.name ?? "")
        }
    }

    private static func wait(
        for name: String,
        pool: Int,
        online: Bool,
        _ server: Connection
    ) async throws -> TaskAgentWire {
        let isWanted = { (agent: TaskAgentWire) in
            agent.name?.lowercased() == name.lowercased() || agent.id == Int(name)
        }
        var events = LiveEvents(url: server.url) { [client = server.client] in try await client.poolEvents(pool) }
        // The first event only comes when there is an agent; one that is gone sends none.
        var known = try await server.client.agents(pool: pool).first(where: isWanted)
        if let known, known.isOnline == online { return known }
        if known == nil, !online { return TaskAgentWire(name: name, status: "offline") }
        while true {
            let event = try await events.next()
            let data = Data(event.data.utf8)
            switch event.name {
            case "agent":
                guard let agent = try? WireJSON.decode(TaskAgentWire.self, from: data), isWanted(agent) else {
                    continue
                }
                known = agent
                if agent.isOnline == online { return agent }
            case "agentRemoved", "removed":
                guard !online, let removed = try? WireJSON.decode(ReferenceWire.self, from: data), var agent = known,
                    removed.id == agent.id
                else { continue }
                agent.status = "offline"
                return agent
            default: continue
            }
        }
    }
}
