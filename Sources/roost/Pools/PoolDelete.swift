import RoostWire
import RoostClient
import ArgumentParser

struct PoolDelete: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete",
        abstract: "Delete a pool and its agents.",
        discussion: """
            A pool whose agents work is not deleted. An elastic pool finishes its jobs, deletes its machines and then goes; the command waits for that.

            Example:
              roost pool delete linux
            """
    )

    @Argument(help: "Name or number of the pool.")
    var pool: String

    @Option(
        help: ArgumentHelp(
            "How long to wait for an elastic pool, such as 5m; for ever when nothing is said.",
            valueName: "time"
        )
    )
    var timeout: TimeLimit?

    @OptionGroup(title: "Connection") var connection: ConnectionOptions

    func run(on server: Connection) async throws {
        let found = try await server.pool(pool)
        let isElastic = try await server.client.elasticPools().contains { $0.poolId == found.id }
        try await server.client.deletePool(found.id)
        if isElastic {
            try await interruptible {
                try await withTimeLimit(
                    timeout,
                    waitingFor: "That the machines of pool '\(found.pool.name ?? pool)' are gone"
                ) {
                    try await PoolEnding.wait(for: found.id, on: server)
                }
            }
        }
        Terminal.print("Pool '\(found.pool.name ?? pool)' is deleted.")
    }
}
