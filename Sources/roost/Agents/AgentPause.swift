import ArgumentParser
import RoostClient
import RoostWire

struct AgentPause: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "pause",
        abstract: "Give agents no more jobs; those they have go on.",
        discussion: """
            What is said with --reason is shown wherever the agent is, and to who asks why a job waits.

            Example:
              roost agent pause build-1 build-2 --reason "new disks"
            """
    )

    @OptionGroup var which: AgentsArgument

    @Option(help: "Why, for others.")
    var reason: String?

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run(on server: Connection) async throws {
        let agents = try await server.set(enabled: false, PauseWire(reason: reason), of: try await server.agents(which))
        try output.print(agents.map(\.agent)) { _ in agents.told("paused") }
    }
}

struct AgentResume: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume",
        abstract: "Give agents jobs again.",
        discussion: """
            Example:
              roost agent resume 'build-*'
            """
    )

    @OptionGroup var which: AgentsArgument
    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run(on server: Connection) async throws {
        let agents = try await server.set(enabled: true, nil, of: try await server.agents(which))
        try output.print(agents.map(\.agent)) { _ in agents.told("resumed") }
    }
}

struct AgentDrain: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "drain",
        abstract: "Pause agents and wait until the jobs they have are over.",
        discussion: """
            They stay paused until 'roost agent resume'. The exit code is 4 when the time is over; they are paused then too, and their jobs go on.

            Example:
              roost agent drain build-1 --reason "new disks" --timeout 2h
            """
    )

    @OptionGroup var which: AgentsArgument

    @Option(help: "Why, for others.")
    var reason: String?

    @Option(
        help: ArgumentHelp("How long to wait, such as 30m or 2h; for ever when nothing is said.", valueName: "time")
    )
    var timeout: TimeLimit?

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run(on server: Connection) async throws {
        let found = try await server.agents(which)
        let agents = try await server.set(enabled: false, PauseWire(reason: reason, drains: true), of: found)
        let what =
            agents.count == 1
            ? "The end of the job of '\(agents[0].name)'" : "The end of the jobs of \(agents.count) agents"
        try await interruptible { [timeout] in
            try await withTimeLimit(timeout, waitingFor: what) {
                try await AgentDraining.wait(for: agents, server)
            }
        }
        try output.print(agents.map(\.agent)) { _ in agents.told("drained and paused") }
    }
}

/// The agents that a command is about.
struct AgentsArgument: ParsableArguments {
    @Argument(
        help: ArgumentHelp(
            "Names or numbers of agents; a * at an end of a name stands for anything.",
            valueName: "agent"
        )
    )
    var names: [String]

    @Option(help: "Their pool; needed when several pools have an agent of such a name.")
    var pool: String?
}

extension [Connection.FoundAgent] {
    /// A sentence for each.
    fileprivate func told(_ what: String) -> String {
        map { "Agent '\($0.name)' is \(what)." }.joined(separator: "\n")
    }
}

extension Connection.FoundAgent {
    var name: String { agent.name ?? "\(id)" }
}

extension Connection {
    /// The agents of names and patterns, each once.
    fileprivate func agents(_ which: AgentsArgument) async throws -> [FoundAgent] {
        var found: [FoundAgent] = []
        for name in which.names {
            let more =
                name.contains("*")
                ? try await agents(pool: which.pool).filter { $0.isNamed(name) }
                : [try await agent(name, pool: which.pool)]
            guard !more.isEmpty else {
                throw CommandFailure.notFound(kind: "agent", name: name, near: nil, list: "roost agent list")
            }
            found += more.filter { new in !found.contains { $0.id == new.id && $0.pool == new.pool } }
        }
        return found
    }

    fileprivate func set(enabled: Bool, _ pause: PauseWire?, of agents: [FoundAgent]) async throws -> [FoundAgent] {
        var changed: [FoundAgent] = []
        for var found in agents {
            found.agent = try await client.updateAgent(
                pool: found.pool,
                id: found.id,
                TaskAgentWire(id: found.id, enabled: enabled, pause: pause)
            )
            changed.append(found)
        }
        return changed
    }
}

extension Connection.FoundAgent {
    /// Whether a pattern with a `*` at an end means it.
    fileprivate func isNamed(_ pattern: String) -> Bool {
        let (text, name) = (pattern.lowercased().filter { $0 != "*" }, name.lowercased())
        switch (pattern.hasPrefix("*"), pattern.hasSuffix("*")) {
        case (true, true): return name.contains(text)
        case (true, false): return name.hasSuffix(text)
        default: return name.hasPrefix(text)
        }
    }
}
