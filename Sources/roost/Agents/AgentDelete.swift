import RoostWire
import RoostClient
import ArgumentParser

struct AgentDelete: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete",
        abstract: "Remove an agent from its pool.",
        discussion: """
            Its credential is refused from then on; the agent's own folder stays on its machine.

            Example:
              roost agent delete build-1
            """
    )

    @OptionGroup var which: AgentArgument
    @OptionGroup(title: "Connection") var connection: ConnectionOptions

    func run(on server: Connection) async throws {
        let found = try await server.agent(which.name, pool: which.pool)
        try await server.client.deleteAgent(pool: found.pool, id: found.id)
        Terminal.print("Agent '\(found.agent.name ?? which.name)' is removed from pool '\(found.poolName)'.")
    }
}
