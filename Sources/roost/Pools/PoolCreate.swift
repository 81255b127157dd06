import RoostClient
import RoostWire
import ArgumentParser

struct PoolCreate: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Make an agent pool.",
        discussion: """
            Example:
              roost pool create linux --single-use --closed --authorize app
            """
    )

    @Argument(help: "Its name.")
    var name: String

    @OptionGroup var settings: PoolSettings
    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run(on server: Connection) async throws {
        var draft = try await settings.draft(server)
        draft.name = name
        let pool = try await server.client.createPool(draft)
        try output.print(pool) { _ in "Pool '\(pool.name ?? name)' (\(pool.id ?? 0)) is made." }
    }
}
