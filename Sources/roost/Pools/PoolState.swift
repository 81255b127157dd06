import ArgumentParser
import RoostClient
import RoostWire

/// Puts a pool into a state; an elastic pool has more of them than one whose agents people set up.
private struct PoolSwitch {
    let pool: String
    let server: Connection

    /// Nil when the pool is not elastic.
    func setElastic(_ state: String) async throws -> RoostElasticPoolWire? {
        let found = try await server.pool(pool)
        guard try await server.client.elasticPools().contains(where: { $0.poolId == found.id }) else { return nil }
        var change = RoostElasticPoolWire()
        change.state = state
        return try await server.client.updateElasticPool(found.id, change)
    }

    func set(enabled: Bool, _ pause: PauseWire?) async throws -> TaskAgentPoolWire {
        let found = try await server.pool(pool)
        return try await server.client.updatePool(found.id, TaskAgentPoolWire(enabled: enabled, pause: pause))
    }
}

struct PoolPause: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "pause",
        abstract: "Give a pool's agents no more jobs; an elastic pool makes no machines.",
        discussion: """
            Jobs that run go on, those that wait stay in the queue. What is said with --reason is shown to who asks why they wait.

            Example:
              roost pool pause linux --reason "the network is being changed"
            """
    )

    @Argument(help: "Name or number of the pool.")
    var pool: String

    @Option(help: "Why, for others; elastic pools keep none.")
    var reason: String?

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run(on server: Connection) async throws {
        let change = PoolSwitch(pool: pool, server: server)
        if let elastic = try await change.setElastic("paused") {
            return try output.print(elastic) { _ in "Pool '\(elastic.name ?? pool)' is paused." }
        }
        let changed = try await change.set(enabled: false, PauseWire(reason: reason))
        try output.print(changed) { _ in "Pool '\(changed.name ?? pool)' is paused." }
    }
}

struct PoolResume: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume",
        abstract: "Let a pool that is paused or drained go on.",
        discussion: """
            Example:
              roost pool resume linux
            """
    )

    @Argument(help: "Name or number of the pool.")
    var pool: String

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run(on server: Connection) async throws {
        let change = PoolSwitch(pool: pool, server: server)
        if let elastic = try await change.setElastic("active") {
            return try output.print(elastic) { _ in "Pool '\(elastic.name ?? pool)' is active." }
        }
        let changed = try await change.set(enabled: true, nil)
        try output.print(changed) { _ in "Pool '\(changed.name ?? pool)' is active." }
    }
}

struct PoolDrain: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "drain",
        abstract: "Pause a pool and wait until its jobs are over; an elastic pool deletes its machines too.",
        discussion: """
            It stays paused until 'roost pool resume'. The exit code is 4 when the time is over; it is paused then too, and its jobs go on. For an elastic
            pool the command does not wait: 'roost pool status' shows how far it is.

            Example:
              roost pool drain linux --reason "new network" --timeout 2h
            """
    )

    @Argument(help: "Name or number of the pool.")
    var pool: String

    @Option(help: "Why, for others; elastic pools keep none.")
    var reason: String?

    @Option(
        help: ArgumentHelp("How long to wait, such as 30m or 2h; for ever when nothing is said.", valueName: "time")
    )
    var timeout: TimeLimit?

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run(on server: Connection) async throws {
        let change = PoolSwitch(pool: pool, server: server)
        if let elastic = try await change.setElastic("draining") {
            return try output.print(elastic) { _ in "Pool '\(elastic.name ?? pool)' is draining." }
        }
        let changed = try await change.set(enabled: false, PauseWire(reason: reason, drains: true))
        let (id, name) = (changed.id ?? 0, changed.name ?? pool)
        try await interruptible { [timeout] in
            try await withTimeLimit(timeout, waitingFor: "The end of the jobs of pool '\(name)'") {
                try await AgentDraining.wait(in: id, for: nil, server)
            }
        }
        try output.print(changed) { _ in "Pool '\(name)' is drained and paused." }
    }
}
