import ArgumentParser
import RoostClient
import RoostWire

struct AgentUpdateCommand: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "update",
        abstract: "Let agents update themselves, whatever their pool's policy is.",
        discussion: """
            An agent fetches the package, checks it, waits for its job to end, and tries the version while the one before watches; when it \
            does not work the agent goes on as it was.

            Examples:
              roost agent update build-1
              roost agent update build-1 build-2 --version 5.0.0
            """
    )

    @Argument(help: ArgumentHelp("Names or numbers of the agents.", valueName: "agent"))
    var names: [String]

    @Option(help: "Their pool; needed when several pools have an agent of that name.")
    var pool: String?

    @Option(help: "The version; the newest of the agent's generation where it is left out.")
    var version: String?

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run(on server: Connection) async throws {
        var ordered: [AgentUpdateWire] = []
        for name in names {
            let found = try await server.agent(name, pool: pool)
            let order = try await server.client.orderUpdate(pool: found.pool, agent: found.id, version: version)
            var wire = AgentUpdateWire()
            (wire.agentId, wire.name, wire.pool, wire.target) = (
                found.id, found.agent.name, found.poolName, order.version
            )
            wire.version = found.agent.version
            ordered.append(wire)
        }
        try output.print(ordered) { _ in
            ordered.map {
                "Agent '\($0.name ?? "?")' is to be updated from \($0.version ?? "?") to \($0.target ?? "?")."
            }
            .joined(separator: "\n")
        }
    }
}

struct AgentPin: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "pin",
        abstract: "Keep an agent from versions past one, whatever its pool's policy is.",
        discussion: """
            Without --version it stays at the one it has.

            Example:
              roost agent pin build-1 --version 4.270.0
            """
    )

    @OptionGroup var which: AgentArgument

    @Option(help: "The last version that it may get.")
    var version: String?

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run(on server: Connection) async throws {
        let found = try await server.agent(which.name, pool: which.pool)
        let pin = version ?? found.agent.version ?? ""
        try await server.client.pinAgent(pool: found.pool, agent: found.id, version: pin)
        try output.print(["agent": found.agent.name ?? which.name, "pin": pin]) { _ in
            "Agent '\(found.agent.name ?? which.name)' gets no version past \(pin)."
        }
    }
}

struct AgentUnpin: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "unpin",
        abstract: "Let an agent have the versions that its pool's policy gives."
    )

    @OptionGroup var which: AgentArgument
    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run(on server: Connection) async throws {
        let found = try await server.agent(which.name, pool: which.pool)
        try await server.client.pinAgent(pool: found.pool, agent: found.id, version: nil)
        try output.print(["agent": found.agent.name ?? which.name]) { _ in
            "Agent '\(found.agent.name ?? which.name)' gets versions as its pool's policy says."
        }
    }
}
