import RoostClient
import ArgumentParser
import RoostWire

struct QueueCommand: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "queue",
        abstract: "List the jobs that wait for an agent, and why.",
        discussion: """
            Example:
              roost queue --pool linux
            """
    )

    @Option(help: "Only jobs for this pool.")
    var pool: String?

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run(on server: Connection) async throws {
        let id = try await pool.asyncMap { try await server.pool($0).id }
        let entries = try await server.client.queue(pool: id)
        try output.print(list: entries, empty: "No job waits for an agent.") { _ in Self.table(entries) }
    }

    static func table(_ entries: [QueueEntryWire]) -> Table {
        var table = Table("REQUEST", "JOB", "RUN", "PIPELINE", "POOL", "PRIORITY", "QUEUED", "WHY")
        for entry in entries {
            table.add(
                entry.requestId.map { String($0) } ?? "-",
                entry.job ?? "-",
                "\(entry.run ?? "-") (\(entry.runId ?? 0))",
                entry.pipeline ?? "-",
                entry.pool ?? "-",
                entry.priority ?? "-",
                TimeText.ago(entry.queuedAt),
                entry.why?.sentence ?? ""
            )
        }
        return table
    }
}
