import RoostClient
import ArgumentParser
import RoostWire

struct AgentCapabilities: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "capabilities",
        abstract: "Change the capabilities that people gave an agent.",
        discussion: """
            Those the agent found itself cannot be changed; 'roost agent show' lists both.

            Example:
              roost agent capabilities set build-1 gpu=yes
            """,
        subcommands: [AgentCapabilitiesSet.self, AgentCapabilitiesUnset.self]
    )
}

struct AgentCapabilitiesSet: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "set",
        abstract: "Give an agent capabilities; the others stay.",
        discussion: """
            Example:
              roost agent capabilities set build-1 gpu=yes memory=64
            """
    )

    @OptionGroup var which: AgentArgument

    @Argument(help: ArgumentHelp("What to give it.", valueName: "name=value"))
    var capabilities: [Assignment]

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run(on server: Connection) async throws {
        let given = Assignment.dictionary(capabilities)
        let names = Set(given.keys.map { $0.lowercased() })
        let agent = try await server.changeCapabilities(which) { known in
            known.filter { !names.contains($0.key.lowercased()) }.merging(given) { $1 }
        }
        try output.print(agent) { $0.capabilitiesText(agent) }
    }
}

struct AgentCapabilitiesUnset: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "unset",
        abstract: "Take capabilities from an agent.",
        discussion: """
            Example:
              roost agent capabilities unset build-1 gpu
            """
    )

    @OptionGroup var which: AgentArgument

    @Argument(help: ArgumentHelp("What to take.", valueName: "name"))
    var names: [String]

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run(on server: Connection) async throws {
        let taken = Set(names.map { $0.lowercased() })
        let agent = try await server.changeCapabilities(which) { known in
            known.filter { !taken.contains($0.key.lowercased()) }
        }
        try output.print(agent) { $0.capabilitiesText(agent) }
    }
}

extension Connection {
    fileprivate func changeCapabilities(
        _ which: AgentArgument,
        _ change: ([String: String]) -> [String: String]
    ) async throws -> TaskAgentWire {
        let found = try await agent(which.name, pool: which.pool)
        let known = try await client.agent(pool: found.pool, id: found.id).userCapabilities ?? [:]
        return try await client.setUserCapabilities(pool: found.pool, agent: found.id, change(known))
    }
}

extension Terminal {
    fileprivate func capabilitiesText(_ agent: TaskAgentWire) -> String {
        let capabilities = (agent.userCapabilities ?? [:]).sorted { $0.key < $1.key }
        if capabilities.isEmpty { return "Agent '\(agent.name ?? "?")' has no capabilities given by people." }
        var facts = Facts()
        for (name, value) in capabilities { facts.add(name, value.isEmpty ? "(set)" : value) }
        return facts.render(self)
    }
}
