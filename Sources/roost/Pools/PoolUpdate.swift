import RoostWire
import RoostClient
import ArgumentParser

struct PoolUpdate: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "update",
        abstract: "Change a pool; what is not given stays as it is.",
        discussion: """
            Example:
              roost pool update linux --concurrency 4 --authorize app
            """
    )

    @Argument(help: "Name or number of the pool.")
    var pool: String

    @Option(help: "A new name.")
    var name: String?

    @OptionGroup var settings: PoolSettings
    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        if name == nil, settings.isEmpty { throw ValidationError("Say what to change, for example --concurrency 4.") }
    }

    func run(on server: Connection) async throws {
        let found = try await server.pool(pool)
        var draft = try await settings.draft(server, known: found.pool)
        draft.name = name
        let changed = try await server.client.updatePool(found.id, draft)
        try output.print(changed) { _ in
            "Pool '\(changed.name ?? pool)': \(changed.kindText), \(changed.limitText), open to \(changed.accessText)."
        }
    }
}
