import RoostWire
import RoostClient
import ArgumentParser

struct PoolDelete: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete",
        abstract: "Delete a pool and its agents.",
        discussion: """
            A pool whose agents work is not deleted.

            Example:
              roost pool delete linux
            """
    )

    @Argument(help: "Name or number of the pool.")
    var pool: String

    @OptionGroup(title: "Connection") var connection: ConnectionOptions

    func run(on server: Connection) async throws {
        let found = try await server.pool(pool)
        try await server.client.deletePool(found.id)
        Terminal.print("Pool '\(found.pool.name ?? pool)' is deleted.")
    }
}
