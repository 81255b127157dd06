import RoostWire
import RoostClient
import ArgumentParser

struct PoolDelete: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete",
        abstract: "Delete a pool and its agents, or take it from a project.",
        discussion: """
            A pool whose agents work is not deleted. An elastic pool finishes its jobs; then its machines go, then their set, then the pool; the command waits for
            that. With --project only the project's queue goes, and with --with-pool the pool, too, as without --project.

            Examples:
              roost pool delete linux
              roost pool delete linux --project shop
              roost pool delete builds --project shop --with-pool
            """
    )

    @Argument(help: "Name or number of the pool.")
    var pool: String

    @Flag(help: "With --project: delete the pool itself, too.")
    var withPool = false

    @Option(
        help: ArgumentHelp(
            "How long to wait for an elastic pool, such as 5m; for ever when nothing is said.",
            valueName: "time"
        )
    )
    var timeout: TimeLimit?

    @OptionGroup(title: "Connection") var connection: ConnectionOptions

    /// The project that it is taken from; one of the environment is not meant.
    private var project: String? { connection.project }

    func validate() throws {
        if withPool, project == nil { throw ValidationError("--with-pool belongs to --project.") }
    }

    func run(on server: Connection) async throws {
        if let project { return try await run(on: server, in: project) }
        let found = try await server.pool(pool)
        let isElastic = try await server.client.elasticPools().contains { $0.poolId == found.id }
        try await server.client.deletePool(found.id)
        try await finish(found.id, found.pool.name ?? pool, isElastic: isElastic, server)
    }

    private func run(on server: Connection, in project: String) async throws {
        let queues = try await server.client.queues(project: project)
        let wanted = pool.lowercased()
        let queue =
            queues.first { $0.name?.lowercased() == wanted } ?? queues.first { $0.pool?.id.map(String.init) == pool }
        guard let queue, let id = queue.id else {
            throw CommandFailure.notFound(
                kind: "queue",
                name: pool,
                near: nil,
                list: "roost pool list"
            )
        }
        let isElastic =
            withPool ? try await server.client.elasticPools().contains { $0.poolId == queue.pool?.id } : false
        try await server.client.deleteQueue(id, project: project, withPool: withPool)
        guard withPool else {
            Terminal.print("Project '\(project)' has no queue for pool '\(pool)' any more; the pool is still there.")
            return
        }
        try await finish(queue.pool?.id ?? 0, queue.pool?.name ?? pool, isElastic: isElastic, server)
    }

    private func finish(_ id: Int, _ name: String, isElastic: Bool, _ server: Connection) async throws {
        if isElastic {
            try await interruptible {
                try await withTimeLimit(
                    timeout,
                    waitingFor: "That the machines of pool '\(name)' are gone"
                ) {
                    try await PoolEnding.wait(for: id, on: server)
                }
            }
        }
        Terminal.print("Pool '\(name)' is deleted.")
    }
}
