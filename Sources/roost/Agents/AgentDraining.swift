import Foundation
import RoostClient
import RoostWire

/// Waits until agents that get no more jobs have ended those they have, and says how far that is.
enum AgentDraining {
    /// - Parameters:
    ///   - agents: paused; they may be of several pools.
    ///   - server: where they are.
    /// - Throws: `ClientError`, `CancellationError`.
    static func wait(for agents: [Connection.FoundAgent], _ server: Connection) async throws {
        let pools = Dictionary(grouping: agents, by: \.pool)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (pool, agents) in pools {
                group.addTask { try await wait(in: pool, for: Set(agents.map(\.id)), server) }
            }
            try await group.waitForAll()
        }
    }

    /// The same for agents of one pool; nil is all of them.
    static func wait(in pool: Int, for ids: Set<Int>?, _ server: Connection) async throws {
        var events = LiveEvents(url: server.url) { [client = server.client] in try await client.poolEvents(pool) }
        // Whoever listens before looking misses nothing.
        var busy: [Int: TaskAgentWire] = [:]
        for agent in try await server.client.agents(pool: pool, includeRequests: true) {
            guard let id = agent.id, ids?.contains(id) ?? true, agent.assignedRequest != nil else { continue }
            busy[id] = agent
        }
        tell(busy)
        while !busy.isEmpty {
            let event = try await events.next()
            let data = Data(event.data.utf8)
            let count = busy.count
            switch event.name {
            case "agent":
                guard let agent = try? WireJSON.decode(TaskAgentWire.self, from: data), let id = agent.id else {
                    continue
                }
                if agent.assignedRequest == nil { busy[id] = nil }
            case "agentRemoved", "removed":
                guard let removed = try? WireJSON.decode(ReferenceWire.self, from: data), let id = removed.id else {
                    continue
                }
                busy[id] = nil
            default: continue
            }
            if busy.count != count { tell(busy) }
        }
    }

    private static func tell(_ busy: [Int: TaskAgentWire]) {
        guard let (_, first) = busy.min(by: { $0.key < $1.key }) else { return }
        let others = busy.count > 1 ? ", and \(busy.count - 1) more have jobs" : ""
        Terminal.printError("Agent '\(first.name ?? "?")' still runs \(first.workText)\(others).")
    }
}
