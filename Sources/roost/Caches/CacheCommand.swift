import ArgumentParser
import Foundation
import RoostClient
import RoostModel
import RoostWire

/// `roost cache`: the group of commands about the cache.
struct CacheCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cache",
        abstract: "List and delete entries of the cache.",
        discussion: """
            Example:
              roost cache list --pipeline app
            """,
        subcommands: [CacheList.self, CacheDelete.self]
    )
}

struct CacheList: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the entries of the cache, newest first.",
        discussion: """
            Example:
              roost cache list --pipeline app
            """
    )

    @Option(help: "Only entries of this pipeline.")
    var pipeline: String?

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run(on server: Connection) async throws {
        let project = try await server.project()
        var number: Int?
        if let pipeline { number = try await server.pipeline(pipeline).id }
        let all = try await server.client.caches(project: project, pipeline: number)
        try output.print(list: all, empty: "The cache has no entries.") { _ in
            var table = Table("ID", "PIPELINE", "SCOPE", "SIZE", "USED", "KEY")
            for entry in all {
                table.add(
                    "\(entry.id)",
                    entry.pipeline?.name ?? "-",
                    entry.scope,
                    SizeText.of(entry.content.size),
                    entry.lastUsedOn?.ISO8601Format() ?? "-",
                    entry.key.description
                )
            }
            return table
        }
    }
}

struct CacheDelete: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete",
        abstract: "Delete entries of the cache.",
        discussion: """
            Example:
              roost cache delete 17
            """
    )

    @Argument(help: "Numbers of the entries.")
    var ids: [Int]

    @OptionGroup(title: "Connection") var connection: ConnectionOptions

    func run(on server: Connection) async throws {
        for id in ids {
            try await server.client.deleteCache(id)
            Terminal.print("Cache entry \(id) is deleted.")
        }
    }
}
