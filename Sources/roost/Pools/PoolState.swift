import ArgumentParser
import RoostClient
import RoostWire

/// A command that puts an elastic pool into a state.
protocol PoolStateCommand: ConnectedCommand {
    static var state: String { get }
    var pool: String { get }
    var output: OutputOptions { get }
}

extension PoolStateCommand {
    func run(on server: Connection) async throws {
        let found = try await server.pool(pool)
        var change = RoostElasticPoolWire()
        change.state = Self.state
        let changed = try await server.client.updateElasticPool(found.id, change)
        try output.print(changed) { _ in "Pool '\(changed.name ?? pool)' is \(changed.state ?? Self.state)." }
    }
}

struct PoolPause: PoolStateCommand {
    static let configuration = CommandConfiguration(
        commandName: "pause",
        abstract: "Let an elastic pool make no machines; those that are there go on."
    )
    static let state = "paused"

    @Argument(help: "Name or number of the pool.")
    var pool: String

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions
}

struct PoolResume: PoolStateCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume",
        abstract: "Let an elastic pool that is paused or draining go on."
    )
    static let state = "active"

    @Argument(help: "Name or number of the pool.")
    var pool: String

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions
}

struct PoolDrain: PoolStateCommand {
    static let configuration = CommandConfiguration(
        commandName: "drain",
        abstract: "Let an elastic pool finish its jobs and delete its machines."
    )
    static let state = "draining"

    @Argument(help: "Name or number of the pool.")
    var pool: String

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions
}
