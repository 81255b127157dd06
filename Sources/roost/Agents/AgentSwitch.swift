import RoostClient
import ArgumentParser
import RoostWire

struct AgentEnable: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "enable",
        abstract: "Give an agent jobs again.",
        discussion: """
            Example:
              roost agent enable build-1
            """
    )

    @OptionGroup var which: AgentArgument
    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run(on server: Connection) async throws {
        let agent = try await server.setAgent(which, enabled: true)
        try output.print(agent) { _ in "Agent '\(agent.name ?? which.name)' is enabled." }
    }
}

struct AgentDisable: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "disable",
        abstract: "Give an agent no more jobs; the one it does goes on.",
        discussion: """
            Example:
              roost agent disable build-1
            """
    )

    @OptionGroup var which: AgentArgument
    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run(on server: Connection) async throws {
        let agent = try await server.setAgent(which, enabled: false)
        try output.print(agent) { _ in "Agent '\(agent.name ?? which.name)' is disabled." }
    }
}

extension Connection {
    fileprivate func setAgent(_ which: AgentArgument, enabled: Bool) async throws -> TaskAgentWire {
        let found = try await agent(which.name, pool: which.pool)
        return try await client.updateAgent(
            pool: found.pool,
            id: found.id,
            TaskAgentWire(id: found.id, enabled: enabled)
        )
    }
}
